using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Admin.Data;

/// <summary>What is over is kept a week for questions, then deleted.</summary>
internal sealed class ForgetSpentMerchantRows(PortalDb db, TimeProvider clock) : IRecurringTask
{
    public string Name => "forget-spent-merchant-rows";

    public string Cron => "0 47 3 * * ?";

    public async Task RunAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow().AddDays(-7);
        await db.Set<SignInStep>().Where(s => s.ExpiresAt < before).ExecuteDeleteAsync(ct);
        await db.Set<MerchantLink>().Where(l => l.ExpiresAt < before).ExecuteDeleteAsync(ct);
        await db.Set<PasswordResetRequest>().Where(r => r.State == WorkState.Done && r.EndedAt < before).ExecuteDeleteAsync(ct);
        await db.Set<FailedTries>().Where(t => t.LastAt < before).ExecuteDeleteAsync(ct);
    }
}
