using Portal.Connections.Contract;
using Portal.Processors;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions;

/// <summary>How a wish is met for one subscription.</summary>
internal enum Way
{
    /// <summary>Not offered.</summary>
    None,

    /// <summary>The processor does it.</summary>
    Native,

    /// <summary>The portal does it, at its time.</summary>
    Portal,

    /// <summary>On a page of the processor.</summary>
    Hosted,

    /// <summary>The merchant does it.</summary>
    Ask,
}

/// <summary>What the buyer can do now, from what the plugin declares and what is under way. Never a dead button.</summary>
internal sealed record SubscriptionWays(Way Cancel, bool CanUndo, Way PaymentMethod)
{
    public static SubscriptionWays Of(Subscription subscription, SubscriptionAction? open, ConnectedProcessor? processor)
    {
        var standing = subscription.Standing(open);
        var runs =
            standing is SubscriptionStanding.Trialing or SubscriptionStanding.Active or SubscriptionStanding.PastDue or SubscriptionStanding.Paused;
        var lives = runs || standing == SubscriptionStanding.Ending;
        return new SubscriptionWays(
            runs ? CancelWay(subscription, processor) : Way.None,
            standing == SubscriptionStanding.Ending
                && (open is { IsDeferred: true } || (open is null && processor?.Can<IUndoCancellations>() == true)),
            !lives ? Way.None
                : processor?.Can<IHostPaymentMethods>() == true ? Way.Hosted
                : Way.Ask
        );
    }

    private static Way CancelWay(Subscription subscription, ConnectedProcessor? processor) =>
        (processor?.Cancels?.Timings, subscription.CurrentPeriodEnd, subscription.ManageAt) switch
        {
            ({ } timings, _, _) when timings.HasFlag(CancelTiming.AtPeriodEnd) => Way.Native,
            ({ } timings, not null, _) when timings.HasFlag(CancelTiming.Immediately) => Way.Portal,
            (_, _, not null) => Way.Hosted,
            _ => Way.Ask,
        };
}
