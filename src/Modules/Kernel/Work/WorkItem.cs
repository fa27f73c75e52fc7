namespace Portal.Kernel.Work;

/// <summary>Where a piece of durable work stands.</summary>
public enum WorkState
{
    /// <summary>Waits for its time.</summary>
    Received,

    /// <summary>Somebody holds the lease.</summary>
    Processing,

    /// <summary>Nothing is left to do.</summary>
    Done,

    /// <summary>Given up on, with a reason; a merchant may try again.</summary>
    Parked,
}

/// <summary>A row that stands for work: a stored webhook, a mail to send, a command to a processor.</summary>
/// <remarks>
/// Correctness rests on the row alone: it is claimed in the database with a lease, and every save is fenced by
/// <see cref="LeaseHolder"/>. Bells and schedules only make it quicker.
/// </remarks>
public abstract class WorkItem
{
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(10),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(6),
        TimeSpan.FromHours(24),
    ];

    internal const int LeaseHolderLength = 64;
    internal const int ReasonLength = 500;

    /// <summary>The row number.</summary>
    public long Id { get; private set; }

    /// <summary>Where it stands.</summary>
    public WorkState State { get; private set; }

    /// <summary>Not before.</summary>
    public DateTimeOffset DueAt { get; protected set; }

    /// <summary>How often it was claimed.</summary>
    public int Attempts { get; private set; }

    /// <summary>Who works on it: node and claim.</summary>
    public string? LeaseHolder { get; private set; }

    /// <summary>When others may take it over.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Why it waits or was parked.</summary>
    public string? Reason { get; private set; }

    /// <summary>When it was finished or parked.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>How long to wait before the next attempt; grows with the attempts so far.</summary>
    public TimeSpan Pause => Pauses[Math.Clamp(Attempts - 1, 0, Pauses.Length - 1)];

    /// <summary>Whoever creates the item works it at once; workers take over only should that fail. Call it before the first save.</summary>
    public void Take(DateTimeOffset now, TimeSpan lease) =>
        (State, LeaseHolder, LeaseUntil, Attempts) = (WorkState.Processing, "maker/" + Guid.NewGuid().ToString("N"), now + lease, 1);

    /// <summary>Nothing is left to do. Save it in the transaction that did the work.</summary>
    public void Finish(DateTimeOffset now) => (State, EndedAt, LeaseHolder, LeaseUntil, Reason) = (WorkState.Done, now, null, null, null);

    /// <summary>Not now.</summary>
    public void Postpone(DateTimeOffset until, string? reason) =>
        (State, DueAt, LeaseHolder, LeaseUntil, Reason) = (WorkState.Received, until, null, null, Short(reason));

    /// <summary>A person must look at it.</summary>
    public void Park(DateTimeOffset now, string reason) =>
        (State, EndedAt, LeaseHolder, LeaseUntil, Reason) = (WorkState.Parked, now, null, null, Short(reason));

    /// <summary>A person looked at it: try again, from the start.</summary>
    public void TryAgain(DateTimeOffset now) => (State, DueAt, EndedAt, Attempts) = (WorkState.Received, now, null, 0);

    private static string? Short(string? reason) => reason is { Length: > ReasonLength } ? reason[..ReasonLength] : reason;
}

/// <summary>Does one kind of work.</summary>
public interface IWorkOn<in TItem>
    where TItem : WorkItem
{
    /// <summary>After so many claims the item is parked.</summary>
    int MaxAttempts => 10;

    /// <summary>How many are worked at once on a node: several where the work waits for others, one where it is all the database's.</summary>
    int AtOnce => 4;

    /// <summary>How long one claim may take before others may take over; longer than every time-out within.</summary>
    TimeSpan Lease => TimeSpan.FromMinutes(2);

    /// <summary>
    /// Works one claimed item and leaves it finished, postponed or parked, saved. An exception counts as a failed attempt
    /// and is tried again with growing pauses.
    /// </summary>
    Task WorkAsync(TItem item, CancellationToken ct);
}
