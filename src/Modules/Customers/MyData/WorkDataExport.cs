using Microsoft.EntityFrameworkCore;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.MyData;

/// <summary>Makes the copy somebody asked for, in the background, and mails her when it is there.</summary>
internal sealed class WorkDataExport(
    PortalDb db,
    PersonalData data,
    ExportArchive archive,
    ExportFolder folder,
    IPublish<DataExportReady> ready,
    TimeProvider clock
) : IWorkOn<DataExport>
{
    private static readonly TimeSpan LinkLife = TimeSpan.FromHours(24);
    private static readonly TimeSpan FileLife = TimeSpan.FromDays(7);

    public int MaxAttempts => 3;

    /// <summary>Renewed with every piece.</summary>
    public TimeSpan Lease => TimeSpan.FromMinutes(5);

    public async Task WorkAsync(DataExport item, CancellationToken ct)
    {
        data.Of(item.CustomerId!.Value);
        using (new InCulture(item.Language))
        await using (var file = folder.Begin(item.PublicId))
        {
            await archive.WriteAsync(file, (done, pieces) => ToldAsync(item, done, pieces, ct), ct);
        }

        var (token, size, now) = (SecretToken.New(), folder.Finish(item.PublicId), clock.GetUtcNow());
        await db.InTransactionAsync(
            async () =>
            {
                item.Made(token, size, LinkLife, FileLife, now);
                await db.SaveChangesAsync(ct);
                await ready.PublishAsync(
                    new DataExportReady(item.CustomerId.Value, item.PublicId, token, item.LinkEndsAt!.Value, item.KeptUntil!.Value, item.Language),
                    ct
                );
            },
            ct
        );
    }

    private async Task ToldAsync(DataExport item, int done, int pieces, CancellationToken ct)
    {
        var until = clock.GetUtcNow() + Lease;
        var isMine =
            await db.Set<DataExport>()
                .Where(e => e.Id == item.Id && e.LeaseHolder == item.LeaseHolder)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(e => e.PiecesDone, done).SetProperty(e => e.Pieces, pieces).SetProperty(e => e.LeaseUntil, until),
                    ct
                ) == 1;
        if (!isMine)
        {
            throw new InvalidOperationException("The export is being made by another worker, or its customer was erased.");
        }
    }
}
