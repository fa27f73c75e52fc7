using Microsoft.EntityFrameworkCore;
using Portal.Access.Data;
using Portal.Kernel;

namespace Portal.Access.Sessions;

/// <summary>Sessions that are over are kept a week for questions, then deleted; forms nobody came back to, with the next night.</summary>
internal sealed class ForgetSpentSessions(PortalDb db, TimeProvider clock) : IRecurringTask
{
    public string Name => "forget-spent-sessions";

    public string Cron => "0 43 3 * * ?";

    public async Task RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var before = now.AddDays(-7);
        await db.Set<Session>().Where(s => s.EndsAt < before || s.EndedAt < before).ExecuteDeleteAsync(ct);
        await db.Set<KeptForm>().Where(f => f.ExpiresAt < now).ExecuteDeleteAsync(ct);
    }
}
