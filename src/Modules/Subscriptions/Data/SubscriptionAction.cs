using Portal.Kernel;
using Portal.Kernel.Work;
using Portal.Processors;

namespace Portal.Subscriptions.Data;

/// <summary>What a buyer wants of a subscription.</summary>
internal enum ActionKind
{
    Cancel,
    UndoCancel,
}

/// <summary>What came of it.</summary>
internal enum ActionEnd
{
    /// <summary>Not decided.</summary>
    Open,

    /// <summary>The processor has it so.</summary>
    Done,

    /// <summary>The processor refused.</summary>
    Refused,

    /// <summary>The buyer took it back before it was sent.</summary>
    Withdrawn,
}

/// <summary>
/// A buyer's wish on its way to the processor: saved before anything is sent, so that a lost reply, a crash or a restart
/// leaves a question to ask and never a command to repeat blindly.
/// </summary>
internal sealed class SubscriptionAction : WorkItem, IOwned
{
    public const int RefusalLength = 500;

    private SubscriptionAction() { }

    private SubscriptionAction(Subscription subscription, ActionKind kind, DateTimeOffset now)
    {
        (SubscriptionId, OpenFor, CustomerId, Kind, CreatedAt, DueAt) = (subscription.Id, subscription.Id, subscription.CustomerId, kind, now, now);
        Key = PublicId.New("act");
    }

    /// <summary>The processor does it natively, at once.</summary>
    public static SubscriptionAction Native(
        Subscription subscription,
        ActionKind kind,
        CancelTiming timing,
        DateTimeOffset? effectAt,
        DateTimeOffset now
    ) => new(subscription, kind, now) { Timing = timing, EffectAt = effectAt };

    /// <summary>The processor cannot end at the period's end: the portal ends it shortly before the renewal.</summary>
    public static SubscriptionAction Deferred(Subscription subscription, DateTimeOffset periodEnd, TimeSpan margin, DateTimeOffset now)
    {
        var runAt = periodEnd - margin;
        return new SubscriptionAction(subscription, ActionKind.Cancel, now)
        {
            Timing = CancelTiming.Immediately,
            EffectAt = periodEnd,
            IsDeferred = true,
            DueAt = runAt > now ? runAt : now,
        };
    }

    public long SubscriptionId { get; private set; }

    /// <summary>The subscription while this is open; unique, so that two wishes cannot cross.</summary>
    public long? OpenFor { get; private set; }
    public CustomerId? CustomerId { get; private set; }

    /// <summary>The idempotency key: the same for every attempt.</summary>
    public string Key { get; private set; } = "";
    public ActionKind Kind { get; private set; }
    public CancelTiming Timing { get; private set; }
    public bool IsDeferred { get; private set; }

    /// <summary>The day the buyer was told.</summary>
    public DateTimeOffset? EffectAt { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Set and committed right before the command leaves: from then on the processor's books decide.</summary>
    public DateTimeOffset? SentAt { get; private set; }
    public ActionEnd End { get; private set; }

    /// <summary>Why she leaves, if she said.</summary>
    public string? LeavingReason { get; set; }

    /// <summary>Her own words.</summary>
    public string? LeavingWords { get; set; }

    /// <summary>The processor's words for a refusal.</summary>
    public string? RefusedBecause { get; private set; }

    public void Sent(DateTimeOffset now) => SentAt = now;

    /// <summary>Certainly nothing happened.</summary>
    public void NotSent() => SentAt = null;

    public void Close(ActionEnd end, DateTimeOffset now, string? because = null)
    {
        (End, OpenFor, RefusedBecause) = (end, null, because is { Length: > RefusalLength } ? because[..RefusalLength] : because);
        Finish(now);
    }

    /// <summary>Whether the processor has it the way the buyer wants it.</summary>
    public bool IsFulfilledBy(SubscriptionState state, bool? willCancel) =>
        (Kind, Timing) switch
        {
            (ActionKind.UndoCancel, _) => willCancel == false && state is not (SubscriptionState.Canceled or SubscriptionState.Expired),
            (ActionKind.Cancel, CancelTiming.Immediately) => state is SubscriptionState.Canceled or SubscriptionState.Expired,
            _ => willCancel == true || state is SubscriptionState.Canceled or SubscriptionState.Expired,
        };
}
