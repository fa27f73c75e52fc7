using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Orders.Data;
using Portal.Processors;

namespace Portal.Orders.RecordOrder;

/// <summary>Takes in an order.</summary>
internal sealed class RecordOrder(PortalDb db, ICustomers customers, IPublish<OrderPaid> paid) : IApplyRecords<OrderRecord>
{
    public async Task<Application> ApplyAsync(OrderRecord record, RecordSource source, CancellationToken ct)
    {
        var owner = await customers.ResolveAsync(source.Connection.Id, record.Customer, ct);
        if (owner is Owner.Unheard unheard)
        {
            return Application.WaitsFor(RecordKind.Customer, unheard.ProcessorCustomerId);
        }

        var connection = source.Connection.Id;
        var order = await db.AllOwners<Order>().SingleOrDefaultAsync(o => o.ConnectionId == connection && o.ProcessorId == record.Id, ct);
        if (order is null)
        {
            db.Add(order = new Order(connection, record));
        }

        if (order.IsPaidOtherwise(record))
        {
            throw new FormatException($"Order {record.Id} was told with {order.Total} and is now told as paid with {record.Total}.");
        }

        order.CustomerId ??= (owner as Owner.Known)?.Id;
        var becamePaid = order.Tell(record);
        await db.SaveChangesAsync(ct);
        await LinkPaymentsAsync(order, ct);
        if (record.MarketingConsent is { } agreed && order.CustomerId is { } customer)
        {
            await customers.ConsentAsync(customer, agreed, ConsentSource.Checkout, order.ListedAt, ct);
        }

        if (becamePaid)
        {
            await paid.PublishAsync(new OrderPaid(order.ToInfo(), source.Historic), ct);
        }

        return Application.Done;
    }

    /// <summary>Payments may be told before their order.</summary>
    private async Task LinkPaymentsAsync(Order order, CancellationToken ct)
    {
        var payments = await db.AllOwners<Payment>()
            .Where(p => p.ConnectionId == order.ConnectionId && p.OrderProcessorId == order.ProcessorId)
            .ToListAsync(ct);
        foreach (var payment in payments)
        {
            payment.OrderId = order.Id;
            payment.CustomerId ??= order.CustomerId;
            order.CustomerId ??= payment.CustomerId;
        }

        order.Refund(payments.Sum(p => p.Refunded));
        await db.SaveChangesAsync(ct);
    }
}
