using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Contract;

namespace Portal.Subscriptions.Data;

/// <summary>What a buyer is told about a subscription.</summary>
internal enum SubscriptionStanding
{
    Trialing,
    Active,
    PastDue,
    Paused,

    /// <summary>It runs until a known day and then ends.</summary>
    Ending,

    /// <summary>Something was asked of the processor and its answer is not known yet.</summary>
    Confirming,
    Canceled,
    Expired,
}

/// <summary>A running agreement to charge, as its processor last told it.</summary>
internal sealed class Subscription : IOfAccount, IListed, IVersioned
{
    private Subscription() { }

    public Subscription(long connectionId, SubscriptionRecord record)
    {
        (ConnectionId, ProcessorId) = (connectionId, record.Id);
        PublicId = Kernel.PublicId.New("sub");
        ListedAt = record.StartedAt ?? record.CurrentPeriodStart ?? record.AsOf;
        AsOf = DateTimeOffset.MinValue;
    }

    public long Id { get; private set; }
    public string PublicId { get; private set; } = "";
    public long ConnectionId { get; private set; }
    public string ProcessorId { get; private set; } = "";
    public CustomerId? CustomerId { get; set; }
    public string? AccountId { get; private set; }
    public string? PlanId { get; private set; }
    public string? Name { get; private set; }
    public SubscriptionState State { get; private set; }
    public long? PriceMinorUnits { get; private set; }
    public string? PriceCurrency { get; private set; }
    public int Quantity { get; private set; } = 1;
    public CycleUnit? CycleUnit { get; private set; }
    public int CycleCount { get; private set; } = 1;

    /// <summary>When it began.</summary>
    public DateTimeOffset ListedAt { get; private set; }
    public DateTimeOffset? CurrentPeriodStart { get; private set; }
    public DateTimeOffset? CurrentPeriodEnd { get; private set; }
    public DateTimeOffset? TrialEnd { get; private set; }

    /// <summary>The processor has an end scheduled.</summary>
    public bool WillCancel { get; private set; }
    public DateTimeOffset? CancelAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Paid for until here although the processor ended it earlier: the portal's own period-end cancellation.</summary>
    public DateTimeOffset? AccessUntil { get; set; }
    public DateTimeOffset? PausedUntil { get; private set; }
    public string? MethodKind { get; private set; }
    public string? MethodBrand { get; private set; }
    public string? MethodLastFour { get; private set; }
    public int? MethodExpiryMonth { get; private set; }
    public int? MethodExpiryYear { get; private set; }
    public string? ManageAt { get; private set; }
    public DateTimeOffset AsOf { get; private set; }
    public Guid Version { get; set; }

    public Money? Price => PriceMinorUnits is { } minor && PriceCurrency is { } currency ? new Money(minor, currency) : null;

    public bool HasEnded => State is SubscriptionState.Canceled or SubscriptionState.Expired;

    /// <summary>The next charge, while one is planned.</summary>
    public DateTimeOffset? NextPaymentAt(SubscriptionAction? open) =>
        HasEnded || State == SubscriptionState.Paused || WillCancel || open is { Kind: ActionKind.Cancel } ? null : CurrentPeriodEnd;

    /// <summary>When it ends, while that is planned.</summary>
    public DateTimeOffset? EndsAt(SubscriptionAction? open) =>
        WillCancel ? CancelAt ?? CurrentPeriodEnd
        : open is { IsDeferred: true } ? open.EffectAt
        : null;

    public SubscriptionStanding Standing(SubscriptionAction? open) =>
        State switch
        {
            SubscriptionState.Canceled => SubscriptionStanding.Canceled,
            SubscriptionState.Expired => SubscriptionStanding.Expired,
            _ when open is { IsDeferred: false } or { SentAt: not null } => SubscriptionStanding.Confirming,
            _ when WillCancel || open is not null => SubscriptionStanding.Ending,
            SubscriptionState.Trialing => SubscriptionStanding.Trialing,
            SubscriptionState.PastDue => SubscriptionStanding.PastDue,
            SubscriptionState.Paused => SubscriptionStanding.Paused,
            _ => SubscriptionStanding.Active,
        };

    /// <summary>Takes in what a processor says. What has ended stays ended: a processor starts anew under a new id.</summary>
    public void Tell(SubscriptionRecord record)
    {
        var newer = record.AsOf > AsOf || (record.AsOf == AsOf && Rank(record.State) >= Rank(State));
        if (newer)
        {
            AsOf = record.AsOf;
            State = HasEnded && record.State is not (SubscriptionState.Canceled or SubscriptionState.Expired) ? State : record.State;
            if (record.WillCancel is { } willCancel)
            {
                (WillCancel, CancelAt) = (willCancel && !HasEnded, willCancel ? record.CancelAt : null);
            }

            PausedUntil = record.State == SubscriptionState.Paused ? record.PausedUntil ?? PausedUntil : null;
        }

        EndedAt ??= HasEnded ? record.EndedAt ?? record.AsOf : null;
        WillCancel &= !HasEnded;
        ListedAt = record.StartedAt ?? ListedAt;
        AccountId ??= record.Customer?.Id;

        // Newer facts replace older ones; older messages only fill gaps.
        PlanId = Choose(PlanId, record.PlanId, newer);
        Name = Choose(Name, record.Name, newer);
        CurrentPeriodStart = Choose(CurrentPeriodStart, record.CurrentPeriodStart, newer);
        CurrentPeriodEnd = Choose(CurrentPeriodEnd, record.CurrentPeriodEnd, newer);
        TrialEnd = Choose(TrialEnd, record.TrialEnd, newer);
        ManageAt = Choose(ManageAt, record.ManageAt?.ToString(), newer);
        if (record.Price is { } price && (newer || PriceMinorUnits is null))
        {
            (PriceMinorUnits, PriceCurrency) = (price.MinorUnits, price.Currency);
        }

        if (record.Cycle is { } cycle && (newer || CycleUnit is null))
        {
            (CycleUnit, CycleCount) = (cycle.Unit, cycle.Count);
        }

        if (record.Quantity is { } quantity && newer)
        {
            Quantity = quantity;
        }

        if (record.Method is { } method && (newer || MethodKind is null))
        {
            (MethodKind, MethodBrand, MethodLastFour) = (method.Kind, method.Brand, method.LastFour);
            (MethodExpiryMonth, MethodExpiryYear) = (method.ExpiryMonth, method.ExpiryYear);
        }
    }

    /// <summary>For showing: without a method of its own it is charged to the customer's default.</summary>
    public void PaysByDefault(StoredPaymentMethod method)
    {
        (MethodKind, MethodBrand, MethodLastFour) = (method.Kind, method.Brand, method.LastFour);
        (MethodExpiryMonth, MethodExpiryYear) = (method.ExpiryMonth, method.ExpiryYear);
    }

    /// <summary>Which of two states of one moment is the later one: processors date by the second.</summary>
    private static int Rank(SubscriptionState state) =>
        state switch
        {
            SubscriptionState.PastDue => 0,
            SubscriptionState.Trialing => 1,
            SubscriptionState.Active => 2,
            SubscriptionState.Paused => 3,
            _ => 4,
        };

    public SubscriptionInfo ToInfo() => new(PublicId, ConnectionId, ProcessorId, CustomerId, Name, Price, CurrentPeriodEnd);

    private static T? Choose<T>(T? known, T? told, bool newer) => newer ? told ?? known : known ?? told;
}
