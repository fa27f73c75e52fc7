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
                    await import.RunAsync(account.Id, (account.SyncedUntil ?? clock.GetUtcNow().AddDays(-1)) - Overlap, null, ct);
                }
            }
            catch (ProcessorException unable)
            {
                // The others are reconciled all the same; this one has its next turn in an hour.
                NotReconciled(account.PublicId, unable.Fault, unable.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Connection} was not reconciled, {Fault}: {Message}")]
    private partial void NotReconciled(string connection, ProcessorFault fault, string message);
}
