using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
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
    TimeProvider clock,
    ILogger<ImportHistory> log
) : IImportHistory
{
    // One transaction per batch: few enough that webhooks get their turn in between.
    private const int Batch = 50;

    public async Task<ImportProgress> RunAsync(long connectionId, DateTimeOffset since, IProgress<ImportProgress>? progress, CancellationToken ct)
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
        var done = new ImportProgress(0, 0, 0);
        var batch = new List<ProcessorRecord>(Batch);
        List<ProcessorRecord> setAside = [];
        try
        {
            await foreach (var record in processor.ListAsync(since, ct))
            {
                batch.Add(record);
                if (batch.Count == Batch)
                {
                    done = await ApplyAsync(connectionId, batch, setAside, done, ct);
                    progress?.Report(done);
                    batch.Clear();
                }
            }
        }
        catch (FormatException odd)
        {
            // An adapter tells at the end what it could not read; all the rest has been delivered.
            Unreadable(odd.Message);
        }

        done = await ApplyAsync(connectionId, batch, setAside, done, ct);

        // What waited for something later in the books finds it now.
        var waiting = 0;
        foreach (var record in setAside)
        {
            if (await intake.ApplyAsync(connectionId, [record], historic: true, null, ct) is { } still)
            {
                waiting++;
                StillWaiting(record.GetType().Name, record.Id, still.Kind, still.Id);
            }
        }

        done = done with { Applied = done.Applied + setAside.Count - waiting, Waiting = waiting };
        progress?.Report(done);
        await db.Set<ConnectedAccount>()
            .Where(a => a.Id == connectionId && (a.SyncedUntil == null || a.SyncedUntil < started))
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.SyncedUntil, started), ct);
        return done;
    }

    private async Task<ImportProgress> ApplyAsync(
        long connectionId,
        List<ProcessorRecord> batch,
        List<ProcessorRecord> setAside,
        ImportProgress done,
        CancellationToken ct
    )
    {
        if (batch.Count == 0)
        {
            return done;
        }

        var applied = 0;
        if (await TryAsync(connectionId, batch, ct))
        {
            applied = batch.Count;
        }
        else
        {
            // One of them waits or cannot be stored; alone, the others are not held up by it.
            foreach (var record in batch)
            {
                if (await TryAsync(connectionId, [record], ct))
                {
                    applied++;
                }
                else
                {
                    setAside.Add(record);
                }
            }
        }

        db.ChangeTracker.Clear();
        return new ImportProgress(done.Read + batch.Count, done.Applied + applied, setAside.Count);
    }

    private async Task<bool> TryAsync(long connectionId, IReadOnlyList<ProcessorRecord> records, CancellationToken ct)
    {
        try
        {
            return await intake.ApplyAsync(connectionId, records, historic: true, null, ct) is null;
        }
        catch (Exception failure) when (failure is DbUpdateException)
        {
            // A webhook stored the same thing at the same moment: the second look finds it.
            db.ChangeTracker.Clear();
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "Not everything in the processor's books could be read: {Message}")]
    private partial void Unreadable(string message);

    [LoggerMessage(
        LogLevel.Warning,
        "{Record} {Id} waits for {Kind} {MissingId}, which the processor's books do not show; the next reconciliation tries again"
    )]
    private partial void StillWaiting(string record, string id, RecordKind kind, string missingId);
}
