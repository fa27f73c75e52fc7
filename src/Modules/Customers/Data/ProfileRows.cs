using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.Data;

/// <summary>One word on marketing mails; the newest counts, the rest is the proof.</summary>
internal sealed class Consent : IOwned
{
    private Consent() { }

    public Consent(CustomerId customerId, bool given, ConsentSource source, DateTimeOffset at) =>
        (CustomerId, Given, Source, At) = (customerId, given, source, at);

    public long Id { get; private set; }
    public CustomerId? CustomerId { get; private set; }

    /// <summary>False for withdrawn.</summary>
    public bool Given { get; private set; }
    public ConsentSource Source { get; private set; }
    public DateTimeOffset At { get; private set; }
}

/// <summary>What the register of its country says of a tax id.</summary>
internal enum TaxIdVerdict
{
    /// <summary>Not asked, or no answer yet.</summary>
    Unverified,
    Valid,
    Invalid,
}

/// <summary>A tax id the register is asked about, until it answers. Rows stay as the proof of what was known when.</summary>
internal sealed class TaxIdInquiry : WorkItem, IOwned
{
    public const int ReferenceLength = 60;

    private TaxIdInquiry() { }

    public TaxIdInquiry(CustomerId customerId, string taxId, DateTimeOffset now) => (CustomerId, TaxId, DueAt) = (customerId, taxId, now);

    public CustomerId? CustomerId { get; private set; }
    public string TaxId { get; private set; } = "";
    public TaxIdVerdict Verdict { get; private set; }

    /// <summary>When the register answered.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }

    /// <summary>The register's own number for the answer, where it gave one.</summary>
    public string? Reference { get; private set; }

    public void Answer(bool valid, string? reference, DateTimeOffset now)
    {
        (Verdict, Reference, AnsweredAt) = (valid ? TaxIdVerdict.Valid : TaxIdVerdict.Invalid, reference, now);
        Finish(now);
    }
}

/// <summary>
/// A processor is to be told of a buyer's change. It names no field: what is sent is how things stand when it is sent, so that the last one
/// sent is always the last one typed.
/// </summary>
internal sealed class CustomerUpdate : WorkItem
{
    private CustomerUpdate() { }

    public CustomerUpdate(long connectionId, string processorId, DateTimeOffset now)
    {
        (ConnectionId, ProcessorId, DueAt) = (connectionId, processorId, now);
        Key = PublicId.New("upd");
    }

    public long ConnectionId { get; private set; }

    /// <summary>The processor's id of the customer.</summary>
    public string ProcessorId { get; private set; } = "";

    /// <summary>The beginning of the idempotency key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>A person must look at it. Under the same key a processor would only say once more what it said.</summary>
    public void GiveUp(DateTimeOffset now, string reason)
    {
        Key = PublicId.New("upd");
        Park(now, reason);
    }
}
