using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.Data;

/// <summary>A copy of somebody's data, asked for, made, fetched, deleted.</summary>
internal sealed class DataExport : WorkItem, IOwned
{
    private DataExport() { }

    public DataExport(CustomerId customer, string language, DateTimeOffset now)
    {
        PublicId = Kernel.PublicId.New("exp");
        (CustomerId, RunningFor, Language, CreatedAt, DueAt) = (customer, customer.Value, language, now, now);
    }

    public string PublicId { get; private set; } = "";
    public CustomerId? CustomerId { get; private set; }

    /// <summary>Her row number while it is being made; unique, so that there is one at a time.</summary>
    public long? RunningFor { get; private set; }

    /// <summary>The culture she asked in.</summary>
    public string Language { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>How many pieces it will have; 0 while that is not known.</summary>
    public int Pieces { get; private set; }
    public int PiecesDone { get; private set; }

    /// <summary>Bytes of the file.</summary>
    public long Size { get; private set; }
    public DateTimeOffset? MadeAt { get; private set; }

    /// <summary>Then the file goes, and this row.</summary>
    public DateTimeOffset? KeptUntil { get; private set; }

    /// <summary>Of the mailed link's token; the token itself is only in the mail.</summary>
    public byte[]? TokenHash { get; private set; }

    /// <summary>When the mailed link stops working.</summary>
    public DateTimeOffset? LinkEndsAt { get; private set; }

    /// <summary>The file is there.</summary>
    public void Made(string token, long size, TimeSpan link, TimeSpan life, DateTimeOffset now)
    {
        (TokenHash, LinkEndsAt) = (SecretToken.Hash(token), now + link);
        (Size, MadeAt, KeptUntil, RunningFor) = (size, now, now + life, null);
        Finish(now);
    }
}

/// <summary>Somebody's wish to be erased, which the merchant carries out or refuses.</summary>
internal sealed class ErasureRequest : IOwned, IListed, IVersioned
{
    public const int ReasonLength = 1000;

    private ErasureRequest() { }

    public ErasureRequest(CustomerId customer, string language, DateTimeOffset now)
    {
        PublicId = Kernel.PublicId.New("era");
        (CustomerId, OpenFor, Language, ListedAt) = (customer, customer.Value, language, now);
    }

    public long Id { get; private set; }
    public string PublicId { get; private set; } = "";
    public CustomerId? CustomerId { get; private set; }

    /// <summary>Her row number while it is undecided; unique, so that there is one at a time.</summary>
    public long? OpenFor { get; private set; }
    public ErasureState State { get; private set; }

    /// <summary>The culture she asked in.</summary>
    public string Language { get; private set; } = "";

    /// <summary>When she asked.</summary>
    public DateTimeOffset ListedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The merchant's words for a refusal, or what stood in the way at the last attempt.</summary>
    public string? Reason { get; private set; }
    public Guid Version { get; set; }

    /// <summary>The day by which the law wants an answer: a month after asking.</summary>
    public DateTimeOffset AnswerBy => ListedAt.AddMonths(1);

    /// <summary>It is being carried out.</summary>
    public void Order() => (State, Reason) = (ErasureState.Ordered, null);

    /// <summary>Something stood in the way: it waits for the merchant again.</summary>
    public void Return(string because) => (State, Reason) = (ErasureState.Asked, because[..Math.Min(because.Length, ReasonLength)]);

    public ErasureMoved ToEvent() => new(CustomerId!.Value, PublicId, State, State == ErasureState.Refused ? Reason : null, Language);

    /// <summary>Done, refused or withdrawn.</summary>
    public void End(ErasureState state, string? reason, DateTimeOffset now) => (State, Reason, EndedAt, OpenFor) = (state, reason, now, null);
}

/// <summary>An erasure to be carried out.</summary>
internal sealed class ErasureRun : WorkItem
{
    private ErasureRun() { }

    public ErasureRun(long requestId, DateTimeOffset now) => (RequestId, DueAt) = (requestId, now);

    public long RequestId { get; private set; }
}
