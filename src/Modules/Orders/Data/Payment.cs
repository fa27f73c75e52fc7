using Portal.Kernel;
using Portal.Processors;

namespace Portal.Orders.Data;

/// <summary>What a buyer is told about a payment.</summary>
internal enum PaymentStanding
{
    /// <summary>Not decided yet.</summary>
    Confirming,
    Paid,
    Failed,
    Canceled,
    PartlyRefunded,
    Refunded,
    Disputed,
}

/// <summary>One charge, tried or done, with what was given back of it.</summary>
internal sealed class Payment : IOfAccount, IListed, IVersioned
{
    public const int FailureCodeLength = 100;
    private readonly List<Refund> refunds = [];
    private readonly List<Dispute> disputes = [];

    private Payment() { }

    public Payment(long connectionId, PaymentRecord record)
    {
        (ConnectionId, ProcessorId) = (connectionId, record.Id);
        PublicId = Kernel.PublicId.New("pay");
        ListedAt = record.CreatedAt ?? record.AsOf;
        AsOf = DateTimeOffset.MinValue;
    }

    public long Id { get; private set; }
    public string PublicId { get; private set; } = "";
    public long ConnectionId { get; private set; }
    public string ProcessorId { get; private set; } = "";
    public CustomerId? CustomerId { get; set; }
    public string? AccountId { get; private set; }

    /// <summary>The order it pays, once both are known.</summary>
    public long? OrderId { get; set; }
    public string? OrderProcessorId { get; private set; }
    public string? SubscriptionProcessorId { get; private set; }
    public string? InvoiceProcessorId { get; private set; }
    public Money Amount { get; private set; }

    /// <summary>Given back so far, in minor units of <see cref="Amount"/>.</summary>
    public long Refunded { get; private set; }
    public PaymentState State { get; private set; }
    public string? MethodKind { get; private set; }
    public string? MethodBrand { get; private set; }
    public string? MethodLastFour { get; private set; }
    public string? FailureCode { get; private set; }
    public DateTimeOffset? NextAttemptAt { get; private set; }

    /// <summary>Where the buyer can pay it herself.</summary>
    public string? PayAt { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset ListedAt { get; private set; }
    public DateTimeOffset AsOf { get; private set; }
    public Guid Version { get; set; }
    public IReadOnlyList<Refund> Refunds => refunds;
    public IReadOnlyList<Dispute> Disputes => disputes;

    /// <summary>Something is owed for it. A declined try at a checkout is not: she may simply have paid otherwise, or not at all.</summary>
    public bool IsOwed => SubscriptionProcessorId is not null || InvoiceProcessorId is not null;

    public PaymentStanding Standing =>
        (State, Refunded, disputes.Any(d => d.State != DisputeState.Won)) switch
        {
            (PaymentState.Succeeded, _, true) => PaymentStanding.Disputed,
            (PaymentState.Succeeded, > 0, _) when Refunded >= Amount.MinorUnits => PaymentStanding.Refunded,
            (PaymentState.Succeeded, > 0, _) => PaymentStanding.PartlyRefunded,
            (PaymentState.Succeeded, _, _) => PaymentStanding.Paid,
            (PaymentState.Failed, _, _) => PaymentStanding.Failed,
            (PaymentState.Canceled, _, _) => PaymentStanding.Canceled,
            _ => PaymentStanding.Confirming,
        };

    /// <summary>Takes in what a processor says.</summary>
    public void Tell(PaymentRecord record)
    {
        var newer = record.AsOf > AsOf || (record.AsOf == AsOf && Rank(record.State) >= Rank(State));
        if (newer)
        {
            AsOf = record.AsOf;
            (Amount, State) = (record.Amount, record.State);
            FailureCode = record.State == PaymentState.Failed ? Short(record.FailureCode) ?? FailureCode : null;
            NextAttemptAt = record.State == PaymentState.Failed ? record.NextAttemptAt ?? NextAttemptAt : null;
            PayAt = record.State == PaymentState.Failed ? record.PayAt?.ToString() ?? PayAt : null;
        }

        // A processor may take a refund back, so a newer figure counts, larger or not; the refunds themselves are the floor.
        // Nothing may also mean that nobody has told yet: then an older figure fills the gap.
        var told = newer || Refunded == 0 ? record.Refunded?.MinorUnits ?? Refunded : Refunded;
        Refunded = Math.Max(told, RefundedByEntries());
        AccountId ??= record.Customer?.Id;
        OrderProcessorId ??= record.OrderId;
        SubscriptionProcessorId ??= record.SubscriptionId;
        InvoiceProcessorId ??= record.InvoiceId;
        ListedAt = record.CreatedAt ?? ListedAt;
        if (record.Method is { } method)
        {
            (MethodKind, MethodBrand, MethodLastFour) = (method.Kind, method.Brand ?? MethodBrand, method.LastFour ?? MethodLastFour);
        }
    }

    /// <summary>It goes by its processor's final id from now on.</summary>
    public void Rename(string processorId) => ProcessorId = processorId;

    public void Tell(RefundRecord record)
    {
        var refund = refunds.Find(r => r.ProcessorId == record.Id);
        if (refund is null)
        {
            refunds.Add(refund = new Refund(record.Id));
        }

        var before = RefundedByEntries();
        refund.Tell(record);

        // One that came back is taken off again; what the payment itself told beyond its entries stays.
        Refunded = Math.Max(Refunded - Math.Max(0, before - RefundedByEntries()), RefundedByEntries());
    }

    public void Tell(DisputeRecord record)
    {
        var dispute = disputes.Find(d => d.ProcessorId == record.Id);
        if (dispute is null)
        {
            disputes.Add(dispute = new Dispute(record.Id));
        }

        dispute.Tell(record);
    }

    private static int Rank(PaymentState state) =>
        state switch
        {
            PaymentState.Pending => 0,
            PaymentState.Succeeded => 2,
            _ => 1,
        };

    private static string? Short(string? code) => code is { Length: > FailureCodeLength } ? code[..FailureCodeLength] : code;

    private long RefundedByEntries() => refunds.Where(r => r.State == RefundState.Succeeded).Sum(r => r.MinorUnits);
}

/// <summary>Money given back, in the payment's currency.</summary>
internal sealed class Refund
{
    private Refund() { }

    public Refund(string processorId) => ProcessorId = processorId;

    public long Id { get; private set; }
    public string ProcessorId { get; private set; } = "";
    public long MinorUnits { get; private set; }
    public RefundState State { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset AsOf { get; private set; }

    public void Tell(RefundRecord record)
    {
        if (record.AsOf >= AsOf)
        {
            (MinorUnits, State, AsOf) = (record.Amount.MinorUnits, record.State, record.AsOf);
            CreatedAt = record.CreatedAt ?? (CreatedAt == default ? record.AsOf : CreatedAt);
        }
    }
}

/// <summary>A payment the buyer's bank contests.</summary>
internal sealed class Dispute
{
    private Dispute() { }

    public Dispute(string processorId) => ProcessorId = processorId;

    public long Id { get; private set; }
    public string ProcessorId { get; private set; } = "";
    public long MinorUnits { get; private set; }
    public DisputeState State { get; private set; }
    public string? Reason { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset AsOf { get; private set; }

    public void Tell(DisputeRecord record)
    {
        if (record.AsOf >= AsOf)
        {
            (MinorUnits, State, AsOf) = (record.Amount.MinorUnits, record.State, record.AsOf);
            Reason = record.Reason ?? Reason;
            CreatedAt = record.CreatedAt ?? (CreatedAt == default ? record.AsOf : CreatedAt);
        }
    }
}
