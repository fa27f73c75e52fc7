using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Connections.Reconcile;

/// <summary>Catches up with what no webhook told: lost deliveries, and processors that do not notify at all.</summary>
internal sealed partial class ReconcileConnections(
    PortalDb db,
    IImportHistory import,
    IConnections connections,
    TimeProvider clock,
    ILogger<ReconcileConnections> log
) : IRecurringTask
{
    // Books may show a change some minutes late; what is read twice changes nothing.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(2);

    private static readonly TimeSpan News = TimeSpan.FromDays(3);

    public string Name => "reconcile-connections";

    public string Cron => "0 17 * * * ?";

    public async Task RunAsync(CancellationToken ct)
    {
        var accounts = await db.Set<ConnectedAccount>().AsNoTracking().Where(a => a.Mode != ConnectionMode.Off).ToListAsync(ct);
        foreach (var account in accounts)
        {
            try
            {
                if (await connections.OpenAsync(account.Id, ct) is { } processor && processor.Can<IListRecords>())
                {
                    // What happened since the last look is news: it gets its invoice and its mail, as by webhook.
                    var (now, until) = (clock.GetUtcNow(), account.SyncedUntil);
                    var historic = until is null || now - until > News;
                    await import.RunAsync(account.Id, (until ?? now.AddDays(-1)) - Overlap, historic, null, ct);
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The others are reconciled all the same; this one has its next turn in an hour.
                NotReconciled(account.PublicId, failure);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Connection} was not reconciled")]
    private partial void NotReconciled(string connection, Exception failure);
}
