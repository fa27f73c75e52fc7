using Microsoft.EntityFrameworkCore;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions.RecordSubscription;

/// <summary>Subscriptions follow their customer when two turn out to be one.</summary>
internal sealed class FollowMergedCustomers(PortalDb db) : IHandle<CustomersMerged>
{
    public async Task HandleAsync(CustomersMerged happened, CancellationToken ct)
    {
        await db.AllOwners<Subscription>()
            .Where(s => s.CustomerId == happened.From)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.CustomerId, happened.Into), ct);
        await db.AllOwners<StoredPaymentMethod>()
            .Where(m => m.CustomerId == happened.From)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.CustomerId, happened.Into), ct);
        await db.AllOwners<SubscriptionAction>()
            .Where(a => a.CustomerId == happened.From)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.CustomerId, happened.Into), ct);
    }
}
