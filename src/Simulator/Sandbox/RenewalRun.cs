using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox;

/// <summary>What happens by itself when time passes: renewals, ends, ends of pauses, further tries of failed charges.</summary>
internal sealed class RenewalRun(Shop shop, Till till, SubscriptionDesk subscriptions, PaymentDesk payments)
{
    private const int MostAttempts = 4;

    public static readonly TimeSpan RetryEvery = TimeSpan.FromDays(3);

    /// <summary>Does what is due by now; answers how much that was.</summary>
    public int Tick()
    {
        var done = 0;
        while (DoEarliest(shop.Now))
            done++;
        return done;
    }

    /// <summary>Moves the clock ahead, doing everything on the way at its own moment.</summary>
    public int Advance(DateTimeOffset to)
    {
        if (to < shop.Now)
            throw Refusal.BadRequest("The clock only moves forward.");
        var done = 0;
        while (DoEarliest(to))
            done++;
        shop.Books.MoveClock(to);
        return done;
    }

    /// <summary>Charges the next period.</summary>
    public Subscription Renew(Subscription subscription, string? failure)
    {
        var customer = shop.Customers.Get(subscription.Customer);
        var first = subscription.State == SubscriptionState.Trialing;
        var start = subscription.CurrentPeriodEnd;
        var next = subscription with
        {
            State = failure is null ? SubscriptionState.Active : SubscriptionState.PastDue,
            Periods = subscription.Periods + 1,
            CurrentPeriodStart = start,
            CurrentPeriodEnd = subscription.PeriodEnd(subscription.Periods + 1),
        };
        var lines = new List<OrderLine> { subscriptions.PeriodLine(next, customer) };
        var credit = Math.Min(subscription.Credit.Amount, subscription.Price.Amount);
        if (credit > 0)
        {
            var line = Till.Line(shop.Products.Get(subscription.Plan), 1, customer, subscription.Price with { Amount = -credit });
            lines.Add(line with { Name = "Credit" });
            next = next with { Credit = subscription.Credit with { Amount = subscription.Credit.Amount - credit } };
        }
        var reason = first ? OrderReason.SubscriptionStart : OrderReason.SubscriptionRenewal;
        var (_, payment) = till.Charge(customer, reason, lines, next, shop.MethodOf(subscription), failure);
        if (payment is { State: PaymentState.Failed })
            shop.Books.Put(shop.Payments, payment with { NextAttemptAt = shop.Now + RetryEvery }, "payment.failed");
        else
            next = next with { State = SubscriptionState.Active };
        return shop.Save(next, next.State == SubscriptionState.Active ? "subscription.renewed" : "subscription.past_due");
    }

    // Looked for and done in one change: what was due a moment ago may have been canceled since.
    private bool DoEarliest(DateTimeOffset by) =>
        shop.Books.Change(() =>
        {
            if (Earliest(by) is not { } due)
                return false;
            if (due.At > shop.Now)
                shop.Books.At(due.At, () => Do(due));
            else
                Do(due);
            return true;
        });

    private Due? Earliest(DateTimeOffset by) =>
        shop
            .Subscriptions.All.SelectMany(DuesOf)
            .Concat(
                shop.Payments.All.Where(payment => payment.NextAttemptAt is not null)
                    .Select(payment => new Due(payment.NextAttemptAt!.Value, null, payment.Id))
            )
            .Where(due => due.At <= by)
            .OrderBy(due => due.At)
            .ThenBy(due => due.Subscription ?? due.Payment, StringComparer.Ordinal)
            .FirstOrDefault();

    private static IEnumerable<Due> DuesOf(Subscription subscription)
    {
        var id = subscription.Id;
        if (subscription.State == SubscriptionState.Canceled)
            yield break;
        if (subscription.State == SubscriptionState.Paused)
        {
            if (subscription.PausedUntil is { } until)
                yield return new Due(until, id, null);
            if (subscription.CancelAt is { } end)
                yield return new Due(end, id, null);
        }
        else
        {
            yield return new Due(subscription.CurrentPeriodEnd, id, null);
        }
    }

    private void Do(Due due)
    {
        if (due.Subscription is { } id)
            Advance(shop.Subscriptions.Get(id), due.At);
        else
            TryAgain(shop.Payments.Get(due.Payment!));
    }

    private void Advance(Subscription subscription, DateTimeOffset at)
    {
        if (subscription.CancelAt <= at)
            subscriptions.End(subscription, subscription.CancelAt.Value);
        else if (subscription.State == SubscriptionState.Paused)
            subscriptions.Lift(subscription);
        else if (subscription.State == SubscriptionState.PastDue)
            subscriptions.End(subscription, at);
        else
            Renew(subscription, till.RenewalVerdict(shop.MethodOf(subscription)));
    }

    private void TryAgain(Payment payment)
    {
        var subscription = payment.Subscription is { } id ? shop.Subscriptions.Get(id) : null;
        var method = subscription is null ? null : shop.MethodOf(subscription);
        var tried = payments.Attempt(payment, method, till.RenewalVerdict(method));
        if (tried.State == PaymentState.Succeeded)
            return;
        var last = tried.Attempts >= MostAttempts || subscription is null or { State: SubscriptionState.Canceled };
        shop.Books.Put(shop.Payments, tried with { NextAttemptAt = last ? null : shop.Now + RetryEvery }, "payment.failed");
        if (last && subscription is { State: not SubscriptionState.Canceled })
            subscriptions.End(subscription, shop.Now);
    }

    /// <summary>Something to be done at a moment, for a subscription or for a payment.</summary>
    private sealed record Due(DateTimeOffset At, string? Subscription, string? Payment);
}
