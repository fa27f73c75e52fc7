using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Orders.Data;
using Portal.Processors;

namespace Portal.Orders;

/// <summary>Orders and payments of people who were erased, also where the record names its buyer by address alone.</summary>
internal sealed class ErasedOrders(PortalDb db, ICustomers customers) : IKnowErased
{
    public async Task<bool> IsErasedAsync(long connectionId, ProcessorRecord record, CancellationToken ct) =>
        record switch
        {
            OrderRecord order => await IsErasedAsync(OrderOwner(connectionId, order.Id), ct),
            PaymentRecord payment => await IsErasedAsync(PaymentOwner(connectionId, payment.Id), ct)
                || (payment.OrderId is { } order && await IsErasedAsync(OrderOwner(connectionId, order), ct)),
            _ => false,
        };

    private async Task<bool> IsErasedAsync(IQueryable<CustomerId?> owner, CancellationToken ct) =>
        await owner.SingleOrDefaultAsync(ct) is { } customer && await customers.IsErasedAsync(customer, ct);

    private IQueryable<CustomerId?> OrderOwner(long connection, string id) =>
        db.AllOwners<Order>().Where(o => o.ConnectionId == connection && o.ProcessorId == id).Select(o => o.CustomerId);

    private IQueryable<CustomerId?> PaymentOwner(long connection, string id) =>
        db.AllOwners<Payment>().Where(p => p.ConnectionId == connection && p.ProcessorId == id).Select(p => p.CustomerId);
}
