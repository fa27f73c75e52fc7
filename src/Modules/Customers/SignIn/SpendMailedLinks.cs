using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.SignIn;

/// <summary>Whoever signs out everywhere wants nobody in: what lies in a mailbox is void as well.</summary>
internal sealed class SpendMailedLinks(PortalDb db, TimeProvider clock) : IHandle<AllSessionsEnded>
{
    public Task HandleAsync(AllSessionsEnded happened, CancellationToken ct)
    {
        var (customer, now) = (new CustomerId(happened.Subject), clock.GetUtcNow());
        return happened.Audience == Audience.Buyer
            ? db.Set<SignInLink>()
                .Where(l => l.CustomerId == customer && l.SpentAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct)
            : Task.CompletedTask;
    }
}
