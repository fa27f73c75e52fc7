using Microsoft.EntityFrameworkCore;
using Portal.Access.Data;
using Portal.Kernel;

namespace Portal.Access.Sessions;

/// <summary>Sessions that are over are kept a week for questions, then deleted.</summary>
internal sealed class ForgetSpentSessions(PortalDb db, TimeProvider clock) : IRecurringTask
{
    public string Name => "forget-spent-sessions";

    public string Cron => "0 43 3 * * ?";

    public Task RunAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow().AddDays(-7);
        return db.Set<Session>().Where(s => s.EndsAt < before || s.EndedAt < before).ExecuteDeleteAsync(ct);
    }
}
