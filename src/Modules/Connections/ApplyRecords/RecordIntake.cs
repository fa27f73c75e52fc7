using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Kernel;
using Portal.Kernel.Work;
using Portal.Processors;

namespace Portal.Connections.ApplyRecords;

/// <summary>The one way in for records: webhooks, imports, reconciliation and replies to commands.</summary>
internal sealed partial class RecordIntake(
    PortalDb db,
    RecordAppliers appliers,
    ErasedPeople erased,
    IConnections connections,
    TimeProvider clock,
    ILogger<RecordIntake> log
) : IRecordIntake
{
    // A record may wait for a payment that waits for an order that waits for a customer; no processor nests deeper.
    private const int Lookups = 5;

    public async Task<Application.Waiting?> ApplyAsync(
        long connectionId,
        IReadOnlyList<ProcessorRecord> records,
        bool historic,
        Func<Task>? alongside,
        CancellationToken ct
    )
    {
        foreach (var record in records)
        {
            RecordCheck.Demand(record);
        }

        var account = await db.Set<ConnectedAccount>().AsNoTracking().SingleAsync(a => a.Id == connectionId, ct);
        var processor = await connections.OpenAsync(connectionId, ct);
        var source = new RecordSource(processor?.Connection ?? account.ToInfo(account.Plugin), historic);
        var toApply = records.Select(Dated).ToList();
        for (var lookup = 0; ; lookup++)
        {
            try
            {
                await db.InTransactionAsync(
                    async () =>
                    {
                        await LockAsync(connectionId, ct);
                        foreach (var told in toApply)
                        {
                            if (
                                await erased.TakeOutAsync(connectionId, told, ct) is { } record
                                && await appliers.ApplyAsync(record, source, ct) is Application.Waiting wait
                            )
                            {
                                throw new MustWaitException(wait);
                            }
                        }

                        await WakeWaitingAsync(connectionId, toApply, ct);
                        if (alongside is not null)
                        {
                            await alongside();
                        }
                    },
                    ct
                );
                return null;
            }
            catch (MustWaitException must)
            {
                db.ChangeTracker.Clear();
                var missing = must.On;
                if (lookup == Lookups || await LookUpAsync(processor, missing, ct) is not { } found || toApply.Contains(Dated(found)))
                {
                    return missing;
                }

                RecordCheck.Demand(found);
                toApply.Insert(0, Dated(found));
            }
        }
    }

    /// <summary>
    /// One after the other within a connection: an order and its payment told at the same moment must find each other,
    /// and two first mentions of a customer must make one. SQLite has one writer anyway.
    /// </summary>
    private Task<int> LockAsync(long connectionId, CancellationToken ct) =>
        db.Set<ConnectedAccount>().Where(a => a.Id == connectionId).ExecuteUpdateAsync(set => set.SetProperty(a => a.Version, a => a.Version), ct);

    public Task HoldAsync(CancellationToken ct) =>
        db.Set<ConnectedAccount>().ExecuteUpdateAsync(set => set.SetProperty(a => a.Version, a => a.Version), ct);

    /// <summary>Deliveries that waited for one of these need not sit out their pause.</summary>
    private Task<int> WakeWaitingAsync(long connectionId, List<ProcessorRecord> applied, CancellationToken ct)
    {
        var keys = applied.Select(r => KeyOf(RecordAppliers.KindOf(r), r.Id)).ToList();
        var now = clock.GetUtcNow();
        return db.Set<InboxDelivery>()
            .Where(d => d.ConnectionId == connectionId && d.State == WorkState.Received && d.WaitsFor != null && keys.Contains(d.WaitsFor))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.DueAt, now).SetProperty(d => d.WaitsFor, (string?)null), ct);
    }

    /// <summary>PostgreSQL keeps microseconds: a finer moment would look newer than itself once stored.</summary>
    private static ProcessorRecord Dated(ProcessorRecord record) =>
        record with
        {
            AsOf = record.AsOf.AddTicks(-(record.AsOf.Ticks % TimeSpan.TicksPerMicrosecond)),
        };

    public static string KeyOf(RecordKind kind, string id) => $"{kind}:{id}";

    private async Task<ProcessorRecord?> LookUpAsync(ConnectedProcessor? processor, Application.Waiting missing, CancellationToken ct)
    {
        if (processor is null || !processor.Can<IListRecords>())
        {
            return null;
        }

        try
        {
            return await processor.CallAsync((IListRecords books, CancellationToken token) => books.FindAsync(missing.Kind, missing.Id, token), ct);
        }
        catch (ProcessorException refused)
        {
            // The delivery itself waits and is tried again; asking was only the shorter way.
            LookUpFailed(missing.Kind, missing.Id, refused.Fault, refused.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "Looking up {Kind} {Id} failed with {Fault}: {Message}")]
    private partial void LookUpFailed(RecordKind kind, string id, ProcessorFault fault, string message);

    private sealed class MustWaitException(Application.Waiting on) : Exception
    {
        public Application.Waiting On => on;
    }
}
