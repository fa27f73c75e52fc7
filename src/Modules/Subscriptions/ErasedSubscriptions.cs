using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions;

/// <summary>Subscriptions of people who were erased, with the orders and payments that name them.</summary>
internal sealed class ErasedSubscriptions(PortalDb db, ICustomers customers) : IKnowErased
{
    public async Task<bool> IsErasedAsync(long connectionId, ProcessorRecord record, CancellationToken ct)
    {
        var id = record switch
        {
            SubscriptionRecord subscription => subscription.Id,
            OrderRecord order => order.SubscriptionId,
            PaymentRecord payment => payment.SubscriptionId,
            _ => null,
        };
        return id is not null
            && await db.AllOwners<Subscription>()
                .Where(s => s.ConnectionId == connectionId && s.ProcessorId == id)
                .Select(s => s.CustomerId)
                .SingleOrDefaultAsync(ct)
                is { } customer
            && await customers.IsErasedAsync(customer, ct);
    }
}
