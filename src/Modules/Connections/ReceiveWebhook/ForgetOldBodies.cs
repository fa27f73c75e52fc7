using Microsoft.EntityFrameworkCore;
using Portal.Connections.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Connections.ReceiveWebhook;

/// <summary>
/// What a delivery said is in the modules' tables once it was worked; its bytes are kept a while for questions, then let go. The row stays,
/// so that the same delivery is known however late it comes again.
/// </summary>
internal sealed class ForgetOldBodies(PortalDb db, TimeProvider clock) : IRecurringTask
{
    /// <summary>How long bytes are kept after the work was done.</summary>
    public static readonly TimeSpan After = TimeSpan.FromDays(90);

    public string Name => "forget-old-bodies";

    public string Cron => "0 47 3 * * ?";

    public Task RunAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - After;
        byte[] nothing = [];
        return db.Set<InboxDelivery>()
            .Where(d => d.State == WorkState.Done && d.EndedAt < before && d.Headers != "{}")
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(d => d.Body, nothing)
                        .SetProperty(d => d.Headers, "{}")
                        .SetProperty(d => d.Query, "")
                        .SetProperty(d => d.Sender, (string?)null),
                ct
            );
    }
}
