using Microsoft.EntityFrameworkCore;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Orders.Data;

namespace Portal.Orders.RecordOrder;

/// <summary>Orders and payments follow their customer when two turn out to be one.</summary>
internal sealed class FollowMergedCustomers(PortalDb db) : IHandle<CustomersMerged>
{
    public async Task HandleAsync(CustomersMerged happened, CancellationToken ct)
    {
        await db.AllOwners<Order>()
            .Where(o => o.CustomerId == happened.From)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.CustomerId, happened.Into), ct);
        await db.AllOwners<Payment>()
            .Where(p => p.CustomerId == happened.From)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.CustomerId, happened.Into), ct);
    }
}
