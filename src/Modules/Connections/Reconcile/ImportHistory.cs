using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Access.Contract;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Connections.Reconcile;

/// <summary>Reads a processor's books from a moment on. Records are states, so repeating it, wholly or in part, changes nothing.</summary>
internal sealed partial class ImportHistory(
    PortalDb db,
    IRecordIntake intake,
    IConnections connections,
    IActivityLog log,
    TimeProvider clock,
    ILogger<ImportHistory> logger
) : IImportHistory
{
    // One transaction per batch: few enough that webhooks get their turn in between.
    private const int Batch = 50;
    private static readonly TimeSpan News = TimeSpan.FromDays(7);

    public async Task<ImportProgress> RunAsync(
        long connectionId,
        DateTimeOffset since,
        bool historic,
        IProgress<ImportProgress>? progress,
        CancellationToken ct
    )
    {
        var processor = await connections.OpenAsync(connectionId, ct);
        if (processor is null || !processor.Can<IListRecords>())
        {
            throw new ProcessorException(
                ProcessorFault.NotSent,
                "The connection is off, its plugin is not active, or its processor has no books to read."
            );
        }

        var started = clock.GetUtcNow();

        var name = await db.Set<ConnectedAccount>().Where(a => a.Id == connectionId).Select(a => a.Name).SingleAsync(ct);
        await log.RecordAsync(ConnectionsActivity.Imported, null, [name, since.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)], ct);

        // From now on its rows are somebody's purchases; and what an interruption leaves out, the next reconciliation reads.
        await db.Set<ConnectedAccount>()
            .Where(a => a.Id == connectionId && a.SyncedUntil == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.SyncedUntil, since), ct);
        var run = new Run(connectionId, historic);
        var batch = new List<ProcessorRecord>(Batch);
        try
        {
            await foreach (var record in processor.ListAsync(since, ct))
            {
                batch.Add(record);
                if (batch.Count == Batch)
                {
                    await ApplyAsync(run, batch, ct);
                    progress?.Report(run.Progress);
                    batch.Clear();
                }
            }
        }
        catch (FormatException odd)
        {
            // An adapter tells at the end what it could not read; all the rest has been delivered.
            Unreadable(odd.Message);
        }

        await ApplyAsync(run, batch, ct);

        // What waited for something later in the books finds it now.
        foreach (var record in run.SetAside)
        {
            if (await TryAsync(run, [record], ct) != Fate.Applied)
            {
                run.LeftOut++;
                LeftOut(record.GetType().Name, record.Id);
            }
        }

        progress?.Report(run.Progress);
        await db.Set<ConnectedAccount>()
            .Where(a => a.Id == connectionId && a.SyncedUntil < started)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.SyncedUntil, started), ct);
        return run.Progress;
    }

    private async Task ApplyAsync(Run run, List<ProcessorRecord> batch, CancellationToken ct)
    {
        run.Read += batch.Count;
        await ApplyAlikeAsync(run, [.. batch.Where(r => !IsOld(r))], ct);
        await ApplyAlikeAsync(run, [.. batch.Where(IsOld)], ct);
        db.ChangeTracker.Clear();
    }

    private async Task ApplyAlikeAsync(Run run, List<ProcessorRecord> batch, CancellationToken ct)
    {
        if (batch.Count > 0 && await TryAsync(run, batch, ct) != Fate.Applied)
        {
            // One of them waits or cannot be stored; alone, the others are not held up by it.
            foreach (var record in batch)
            {
                switch (await TryAsync(run, [record], ct))
                {
                    case Fate.SetAside:
                        run.SetAside.Add(record);
                        break;
                    case Fate.Unreadable:
                        run.LeftOut++;
                        break;
                    default:
                        break;
                }
            }
        }
    }

    /// <summary>An order paid long ago is in the books again for something else, its refund say; nobody is to be thanked for it now.</summary>
    private bool IsOld(ProcessorRecord record) => record is OrderRecord order && order.PaidAt < clock.GetUtcNow() - News;

    private async Task<Fate> TryAsync(Run run, IReadOnlyList<ProcessorRecord> records, CancellationToken ct)
    {
        try
        {
            return await intake.ApplyAsync(run.ConnectionId, records, run.Historic || records.Any(IsOld), null, ct) is null
                ? Fate.Applied
                : Fate.SetAside;
        }
        catch (FormatException implausible)
        {
            db.ChangeTracker.Clear();
            if (records is [var only])
            {
                Implausible(only.GetType().Name, only.Id, implausible.Message);
            }

            return Fate.Unreadable;
        }
        catch (DbUpdateException)
        {
            // A webhook stored the same thing at the same moment: the second look finds it.
            db.ChangeTracker.Clear();
            return Fate.SetAside;
        }
    }

    [LoggerMessage(LogLevel.Error, "Not everything in the processor's books could be read: {Message}")]
    private partial void Unreadable(string message);

    [LoggerMessage(LogLevel.Error, "{Record} {Id} is not plausible and left out: {Message}")]
    private partial void Implausible(string record, string id, string message);

    [LoggerMessage(
        LogLevel.Warning,
        "{Record} {Id} is left out: what it belongs to is not in the processor's books. An import from an earlier day may find it"
    )]
    private partial void LeftOut(string record, string id);

    private enum Fate
    {
        Applied,
        SetAside,
        Unreadable,
    }

    /// <summary>How far it is.</summary>
    private sealed class Run(long connectionId, bool historic)
    {
        public long ConnectionId => connectionId;
        public bool Historic => historic;
        public List<ProcessorRecord> SetAside { get; } = [];
        public long Read { get; set; }
        public long LeftOut { get; set; }
        public ImportProgress Progress => new(Read, Read - Math.Max(SetAside.Count, LeftOut), LeftOut);
    }
}
