using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Orders.Data;

namespace Portal.Orders.ShowOrder;

/// <summary>What other modules may ask of orders.</summary>
internal sealed class OrderBook(PortalDb db) : IOrders
{
    public async Task<OrderInfo?> FindMineAsync(string publicId, CancellationToken ct) =>
        (await db.Set<Order>().AsNoTracking().SingleOrDefaultAsync(o => o.PublicId == publicId, ct))?.ToInfo();

    public async Task<OrderInfo?> FindMineAsync(long id, CancellationToken ct) =>
        (await db.Set<Order>().AsNoTracking().SingleOrDefaultAsync(o => o.Id == id, ct))?.ToInfo();

    public async Task<OrderInfo?> FindAsync(long id, CancellationToken ct) =>
        (await db.AllOwners<Order>().AsNoTracking().SingleOrDefaultAsync(o => o.Id == id, ct))?.ToInfo();

    public async Task<OrderInfo?> NewestPaidAsync(CustomerId customer, CancellationToken ct) =>
        (
            await db.AllOwners<Order>()
                .AsNoTracking()
                .Where(o => o.CustomerId == customer && o.PaidAt != null)
                .OrderByDescending(o => o.ListedAt)
                .FirstOrDefaultAsync(ct)
        )?.ToInfo();

    public async Task<IReadOnlyList<PaymentInfo>> MyPaymentsForAsync(
        long connectionId,
        string subscriptionProcessorId,
        int atMost,
        CancellationToken ct
    ) =>
        await (
            from payment in db.Set<Payment>()
            where payment.ConnectionId == connectionId && payment.SubscriptionProcessorId == subscriptionProcessorId
            join order in db.Set<Order>() on payment.OrderId equals (long?)order.Id into orders
            from order in orders.DefaultIfEmpty()
            orderby payment.ListedAt descending, payment.Id descending
            select new PaymentInfo(payment.PublicId, payment.Amount, payment.State, payment.ListedAt, order == null ? null : order.PublicId)
        )
            .Take(atMost)
            .ToListAsync(ct);
}
