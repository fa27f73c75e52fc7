using Microsoft.EntityFrameworkCore;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.MyData;

/// <summary>A copy of everything about somebody does not lie around: after its week the file goes, with its row, and so does what has no row or was given up on.</summary>
internal sealed class ForgetOldExports(PortalDb db, ExportFolder folder, TimeProvider clock) : IRecurringTask
{
    public string Name => "forget-old-exports";

    public string Cron => "0 7 * * * ?";

    public async Task RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();

        // Looked at before the rows: one begun meanwhile has its row first and its file afterwards.
        var files = folder.Ids().ToList();
        await db.AllOwners<DataExport>().Where(e => e.KeptUntil < now).ExecuteDeleteAsync(ct);
        foreach (var id in files)
        {
            if (!await db.AllOwners<DataExport>().AnyAsync(e => e.PublicId == id && e.State != WorkState.Parked, ct))
            {
                folder.Delete(id);
            }
        }
    }
}
