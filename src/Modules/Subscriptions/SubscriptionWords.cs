using Microsoft.Extensions.Localization;
using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions;

/// <summary>How subscriptions are put in words.</summary>
internal static class SubscriptionWords
{
    public static string Name(Subscription subscription, IStringLocalizer<Texts> texts) => subscription.Name ?? texts["Unnamed"];

    /// <summary>"€ 19.00 a month".</summary>
    public static string Price(Subscription subscription, IStringLocalizer<Texts> texts) =>
        (subscription.Price, subscription.CycleUnit) switch
        {
            (null, _) => texts["AmountUnknown"],
            ({ } price, null) => price.ToText(),
            ({ } price, { } unit) when subscription.CycleCount == 1 => texts["PriceEach" + unit, price.ToText()],
            ({ } price, { } unit) => texts["PriceEvery" + unit, price.ToText(), subscription.CycleCount],
        };

    /// <summary>The one line that matters most in a list.</summary>
    public static string Note(Subscription subscription, SubscriptionAction? open, IStringLocalizer<Texts> texts) =>
        subscription.Standing(open) switch
        {
            SubscriptionStanding.Canceled or SubscriptionStanding.Expired => texts[
                "EndedOn",
                (subscription.AccessUntil ?? subscription.EndedAt ?? subscription.AsOf).ToDay()
            ],
            SubscriptionStanding.Ending when subscription.EndsAt(open) is { } ends => texts["EndsOn", ends.ToDay()],
            SubscriptionStanding.Paused when subscription.PausedUntil is { } until => texts["PausedUntil", until.ToDay()],
            SubscriptionStanding.Trialing when (subscription.TrialEnd ?? subscription.CurrentPeriodEnd) is { } trialEnd => texts[
                "TrialUntil",
                trialEnd.ToDay()
            ],
            _ when subscription.NextPaymentAt(open) is { } next => texts["NextPaymentOn", next.ToDay()],
            _ => Price(subscription, texts),
        };

    /// <summary>"Visa ending in 4242, expires 08/2028".</summary>
    public static string? Method(Subscription subscription, IStringLocalizer<Texts> texts)
    {
        if (subscription.MethodKind is null)
        {
            return null;
        }

        var name = subscription.MethodBrand ?? (subscription.MethodKind == "card" ? texts["MethodCard"].Value : subscription.MethodKind);
        var ending = subscription.MethodLastFour is { } four ? texts["MethodEnding", name, four].Value : name;
        return subscription is { MethodExpiryMonth: { } month, MethodExpiryYear: { } year }
            ? texts["MethodExpires", ending, month.ToString("00", null), year]
            : ending;
    }
}
