namespace Portal.Simulator.Sandbox;

/// <summary>What a change of plan costs, by whole days, so that a quote still holds when it is accepted the same day.</summary>
internal sealed record PlanChange
{
    public string Object { get; init; } = "quote";

    /// <summary>Negative for a credit.</summary>
    public required Money DueNow { get; init; }

    public required Money EachPeriod { get; init; }

    /// <summary>What is left of the period paid for.</summary>
    public required Money Unused { get; init; }

    /// <summary>What the new plan costs up to the end of the period.</summary>
    public required Money Charge { get; init; }

    /// <summary>Another cycle starts a period of its own at once.</summary>
    public required bool NewPeriod { get; init; }

    public static PlanChange Of(Subscription subscription, Product plan, int quantity, DateTimeOffset now)
    {
        var each = plan.Price with { Amount = plan.Price.Amount * quantity };
        var nothing = each with { Amount = 0 };
        var trialing = subscription.State == SubscriptionState.Trialing;
        var newPeriod = !trialing && (plan.Interval, plan.IntervalCount) != (subscription.Interval, subscription.IntervalCount);
        var days = Math.Max((subscription.CurrentPeriodEnd.UtcDateTime.Date - subscription.CurrentPeriodStart.UtcDateTime.Date).Days, 1);
        var left = Math.Clamp((subscription.CurrentPeriodEnd.UtcDateTime.Date - now.UtcDateTime.Date).Days, 0, days);
        var unused = trialing ? nothing : Share(subscription.Price, left, days);
        var charge =
            trialing ? nothing
            : newPeriod ? each
            : Share(each, left, days);
        return new PlanChange
        {
            DueNow = each with { Amount = charge.Amount - unused.Amount },
            EachPeriod = each,
            Unused = unused,
            Charge = charge,
            NewPeriod = newPeriod,
        };
    }

    private static Money Share(Money price, int part, int whole) =>
        price with
        {
            Amount = (long)decimal.Round((decimal)price.Amount * part / whole, MidpointRounding.AwayFromZero),
        };
}
