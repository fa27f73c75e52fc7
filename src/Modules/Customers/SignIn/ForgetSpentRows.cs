using Microsoft.EntityFrameworkCore;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.SignIn;

/// <summary>Links and requests that are over are kept a week for questions, then deleted.</summary>
internal sealed class ForgetSpentRows(PortalDb db, TimeProvider clock) : IRecurringTask
{
    public string Name => "forget-spent-sign-ins";

    public string Cron => "0 41 3 * * ?";

    public async Task RunAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow().AddDays(-7);
        await db.Set<SignInLink>().Where(l => l.ExpiresAt < before).ExecuteDeleteAsync(ct);
        await db.Set<MailedLink>().Where(l => l.ExpiresAt < before).ExecuteDeleteAsync(ct);
        await db.Set<AddressChange>().Where(c => c.State == WorkState.Done && c.EndedAt < before).ExecuteDeleteAsync(ct);
        await db.Set<SignInRequest>().Where(r => r.State == WorkState.Done && r.EndedAt < before).ExecuteDeleteAsync(ct);
    }
}
