using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Orders.Data;
using Portal.Processors;

namespace Portal.Orders.RecordPayment;

/// <summary>Takes in a payment and what happens to it afterwards.</summary>
internal sealed class RecordPayment(PortalDb db, ICustomers customers, IPublish<PaymentFailed> failed)
    : IApplyRecords<PaymentRecord>,
        IApplyRecords<RefundRecord>,
        IApplyRecords<DisputeRecord>
{
    public async Task<Application> ApplyAsync(PaymentRecord record, RecordSource source, CancellationToken ct)
    {
        var owner = await customers.ResolveAsync(source.Connection.Id, record.Customer, ct);
        if (owner is Owner.Unheard unheard)
        {
            return Application.WaitsFor(RecordKind.Customer, unheard.ProcessorCustomerId);
        }

        var connection = source.Connection.Id;
        var payment = await FindAsync(connection, record.Id, ct) ?? await FindByInvoiceAsync(connection, record, ct);
        payment = await FoldFormerAsync(connection, record, payment, ct);
        if (payment is null)
        {
            db.Add(payment = new Payment(connection, record));
        }

        var failedBefore = payment.State == PaymentState.Failed;
        payment.CustomerId ??= (owner as Owner.Known)?.Id;
        payment.Tell(record);
        var order = payment.OrderProcessorId is null
            ? null
            : await db.AllOwners<Order>().SingleOrDefaultAsync(o => o.ConnectionId == connection && o.ProcessorId == payment.OrderProcessorId, ct);
        if (order is not null)
        {
            Demand(
                order.Total.Currency == payment.Amount.Currency,
                $"Payment {record.Id} of {payment.Amount} belongs to order {order.ProcessorId} of {order.Total}."
            );
            payment.OrderId = order.Id;
            payment.CustomerId ??= order.CustomerId;
            order.CustomerId ??= payment.CustomerId;
        }

        await db.SaveChangesAsync(ct);
        await RefundOrderAsync(payment, ct);
        if (payment is { State: PaymentState.Failed, IsOwed: true } && !failedBefore)
        {
            var name = order?.Lines.Count > 0 ? order.Lines[0].Name : null;
            await failed.PublishAsync(new PaymentFailed(payment.PublicId, payment.CustomerId, payment.Amount, name, source.Historic), ct);
        }

        return Application.Done;
    }

    public async Task<Application> ApplyAsync(RefundRecord record, RecordSource source, CancellationToken ct)
    {
        if (await FindAsync(source.Connection.Id, record.PaymentId, ct) is not { } payment)
        {
            return Application.WaitsFor(RecordKind.Payment, record.PaymentId);
        }

        Demand(payment.Amount.Currency == record.Amount.Currency, "A refund in another currency than its payment.");
        payment.Tell(record);
        await db.SaveChangesAsync(ct);
        await RefundOrderAsync(payment, ct);
        return Application.Done;
    }

    public async Task<Application> ApplyAsync(DisputeRecord record, RecordSource source, CancellationToken ct)
    {
        if (await FindAsync(source.Connection.Id, record.PaymentId, ct) is not { } payment)
        {
            return Application.WaitsFor(RecordKind.Payment, record.PaymentId);
        }

        payment.Tell(record);
        await db.SaveChangesAsync(ct);
        return Application.Done;
    }

    private Task<Payment?> FindAsync(long connection, string processorId, CancellationToken ct) =>
        db.AllOwners<Payment>().SingleOrDefaultAsync(p => p.ConnectionId == connection && p.ProcessorId == processorId, ct);

    /// <summary>What goes by its invoice's id for want of its own is the payment whose own id came earlier.</summary>
    private async Task<Payment?> FindByInvoiceAsync(long connection, PaymentRecord record, CancellationToken ct) =>
        record.InvoiceId == record.Id
            ? await db.AllOwners<Payment>()
                .Where(p => p.ConnectionId == connection && p.InvoiceProcessorId == record.Id)
                .OrderByDescending(p => p.AsOf)
                .FirstOrDefaultAsync(ct)
            : null;

    /// <summary>One charge told under two ids is one row.</summary>
    private async Task<Payment?> FoldFormerAsync(long connection, PaymentRecord record, Payment? payment, CancellationToken ct)
    {
        if (record.FormerId is not { } formerId || formerId == record.Id || await FindAsync(connection, formerId, ct) is not { } former)
        {
            return payment;
        }

        if (payment is null)
        {
            former.Rename(record.Id);
            return former;
        }

        // The former row says nothing the processor will not say again under the final id.
        db.Remove(former);
        await db.SaveChangesAsync(ct);
        return payment;
    }

    private async Task RefundOrderAsync(Payment payment, CancellationToken ct)
    {
        if (payment.OrderId is not { } orderId)
        {
            return;
        }

        var order = await db.AllOwners<Order>().SingleAsync(o => o.Id == orderId, ct);
        var refunded = await db.AllOwners<Payment>().Where(p => p.OrderId == orderId).SumAsync(p => p.Refunded, ct);
        order.Refund(refunded);
        await db.SaveChangesAsync(ct);
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FormatException(otherwise);
        }
    }
}
