using Portal.Processors;

namespace Portal.Connections.Contract;

/// <summary>Where a record comes from.</summary>
/// <param name="Connection">The merchant account that told it.</param>
/// <param name="Historic">True for back-fill: rows are written, but nobody is mailed about what happened long ago.</param>
public sealed record RecordSource(ConnectionInfo Connection, bool Historic);

/// <summary>What came of applying a record.</summary>
public abstract record Application
{
    private Application() { }

    /// <summary>Stored, or nothing new.</summary>
    public static Application Done { get; } = new Stored();

    /// <summary>It belongs to something the portal has not heard of yet: it is set aside until that is known.</summary>
    public static Application WaitsFor(RecordKind kind, string id) => new Waiting(kind, id);

    /// <summary>See <see cref="Done"/>.</summary>
    public sealed record Stored : Application;

    /// <summary>See <see cref="WaitsFor"/>.</summary>
    public sealed record Waiting(RecordKind Kind, string Id) : Application;
}

/// <summary>Takes one kind of record into a module's own tables, within the transaction of the whole delivery.</summary>
/// <remarks>
/// Webhooks, imports, reconciliation and the replies to commands all come this way. Applying the same record twice changes nothing;
/// an older one than is stored changes nothing but what was unknown.
/// </remarks>
public interface IApplyRecords<in TRecord>
    where TRecord : ProcessorRecord
{
    /// <summary>Writes and saves rows, tells others by events.</summary>
    Task<Application> ApplyAsync(TRecord record, RecordSource source, CancellationToken ct);
}

/// <summary>Applies what a processor answered to a command, on the same path as its webhooks.</summary>
public interface IRecordIntake
{
    /// <summary>In one transaction; whatever waits for another record is looked up at the processor first.</summary>
    /// <returns>What it waits for, or null when all is applied.</returns>
    Task<Application.Waiting?> ApplyAsync(
        long connectionId,
        IReadOnlyList<ProcessorRecord> records,
        bool historic,
        Func<Task>? alongside,
        CancellationToken ct
    );

    /// <summary>From here to the end of the caller's transaction no record is taken in.</summary>
    Task HoldAsync(CancellationToken ct);
}

/// <summary>
/// Knows, from its module's own rows, whether a record is about somebody who was erased. What processors tell of her later is stored
/// without her name, addresses and card, whatever the record says.
/// </summary>
public interface IKnowErased
{
    /// <summary>Whether it is.</summary>
    Task<bool> IsErasedAsync(long connectionId, ProcessorRecord record, CancellationToken ct);
}
