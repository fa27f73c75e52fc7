using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox;

/// <summary>Starts and ends subscriptions, pauses them, and moves them to other plans.</summary>
internal sealed class SubscriptionDesk(Shop shop, Till till)
{
    /// <summary>A charge that would fail starts nothing: whoever calls has asked the till first.</summary>
    public Subscription Start(Customer customer, Product plan, int quantity, PaymentMethod? method)
    {
        var trial = plan.TrialDays > 0;
        var anchor = trial ? shop.Now.AddDays(plan.TrialDays) : shop.Now;
        var started = new Subscription
        {
            Id = shop.Books.NextId("sub"),
            Customer = customer.Id,
            CustomerEmail = customer.Email,
            Plan = plan.Id,
            Name = plan.Name,
            State = trial ? SubscriptionState.Trialing : SubscriptionState.Active,
            Price = plan.Price with { Amount = plan.Price.Amount * quantity },
            Quantity = quantity,
            Interval = plan.Interval!.Value,
            IntervalCount = plan.IntervalCount,
            StartedAt = shop.Now,
            Anchor = anchor,
            Periods = trial ? 0 : 1,
            CurrentPeriodStart = shop.Now,
            CurrentPeriodEnd = anchor,
            TrialEnd = trial ? anchor : null,
            Credit = plan.Price with { Amount = 0 },
            PaymentMethod = method?.Id == customer.DefaultPaymentMethod ? null : method?.Id,
        };
        if (trial)
            return shop.Save(started, "subscription.created");
        started = started with { CurrentPeriodEnd = started.PeriodEnd(1) };
        till.Charge(customer, OrderReason.SubscriptionStart, [PeriodLine(started, customer)], started, method, null);
        return shop.Save(started, "subscription.created");
    }

    public Subscription Cancel(string id, bool atPeriodEnd)
    {
        var subscription = shop.Subscriptions.Get(id);
        if (subscription.State == SubscriptionState.Canceled)
            return subscription;
        if (!atPeriodEnd || subscription.CurrentPeriodEnd <= shop.Now)
            return End(subscription, shop.Now);
        return subscription.WillCancel
            ? subscription
            : shop.Save(subscription with { WillCancel = true, CancelAt = subscription.CurrentPeriodEnd }, "subscription.updated");
    }

    public Subscription End(Subscription subscription, DateTimeOffset at) =>
        shop.Save(
            subscription with
            {
                State = SubscriptionState.Canceled,
                WillCancel = false,
                CancelAt = null,
                PausedUntil = null,
                EndedAt = at,
            },
            "subscription.canceled"
        );

    public Subscription UndoCancel(string id)
    {
        var subscription = Running(id);
        return subscription.WillCancel ? shop.Save(subscription with { WillCancel = false, CancelAt = null }, "subscription.updated") : subscription;
    }

    public Subscription Pause(string id, DateTimeOffset? until)
    {
        var subscription = Running(id);
        if (subscription.State == SubscriptionState.PastDue)
            throw Refusal.Declined("payment_outstanding", "A charge is outstanding: it must be paid first.");
        if (until <= shop.Now)
            throw Refusal.BadRequest("`until` has passed already.");
        return subscription.State == SubscriptionState.Paused && subscription.PausedUntil == until
            ? subscription
            : shop.Save(subscription with { State = SubscriptionState.Paused, PausedUntil = until }, "subscription.paused");
    }

    public Subscription Resume(string id)
    {
        var subscription = Running(id);
        return subscription.State == SubscriptionState.Paused ? Lift(subscription) : subscription;
    }

    /// <summary>Ends a pause. What was paid for before still counts; when it has run out, the next tick charges a new period.</summary>
    public Subscription Lift(Subscription subscription)
    {
        var resumed = subscription with { State = SubscriptionState.Active, PausedUntil = null };
        if (resumed.CurrentPeriodEnd <= shop.Now)
            resumed = resumed with { Anchor = shop.Now, Periods = 0, CurrentPeriodEnd = shop.Now };
        else if (resumed.TrialEnd > shop.Now)
            resumed = resumed with { State = SubscriptionState.Trialing };
        return shop.Save(resumed, "subscription.resumed");
    }

    public PlanChange Quote(string id, string planId, int quantity)
    {
        var subscription = Running(id);
        var plan = shop.Plan(planId);
        if (quantity is < 1 or > 1000)
            throw Refusal.BadRequest("`quantity` is 1 to 1000.");
        if (subscription.State is SubscriptionState.PastDue or SubscriptionState.Paused)
            throw Refusal.Declined("not_active", "A subscription that is paused or has a charge outstanding cannot be changed.");
        if (plan.Price.Currency != subscription.Price.Currency)
            throw Refusal.Declined("currency_differs", "A subscription stays in its currency.");
        return PlanChange.Of(subscription, plan, quantity, shop.Now);
    }

    public Subscription Change(string id, string planId, int quantity)
    {
        var subscription = Running(id);
        if (subscription.Plan == planId && subscription.Quantity == quantity)
            return subscription;
        var quote = Quote(id, planId, quantity);
        var customer = shop.Customers.Get(subscription.Customer);
        var method = shop.MethodOf(subscription);
        var due = quote.DueNow.Amount;
        if (due > 0 && till.Verdict(method) is { } failure)
            throw Refusal.Declined(failure, "The difference could not be charged.");
        var plan = shop.Plan(planId);
        var changed = subscription with
        {
            Plan = plan.Id,
            Name = plan.Name,
            Price = quote.EachPeriod,
            Quantity = quantity,
            Interval = plan.Interval!.Value,
            IntervalCount = plan.IntervalCount,
            Credit = quote.DueNow with { Amount = subscription.Credit.Amount + Math.Max(-due, 0) },
        };
        if (quote.NewPeriod)
        {
            changed = changed with { Anchor = shop.Now, Periods = 1, CurrentPeriodStart = shop.Now };
            changed = changed with { CurrentPeriodEnd = changed.PeriodEnd(1) };
        }
        if (changed.WillCancel)
            changed = changed with { CancelAt = changed.CurrentPeriodEnd };
        if (due > 0)
        {
            var unused = Till.Line(shop.Products.Get(subscription.Plan), 1, customer, quote.Unused with { Amount = -quote.Unused.Amount });
            var rest = Till.Line(plan, quantity, customer, quote.Charge) with { PeriodStart = shop.Now, PeriodEnd = changed.CurrentPeriodEnd };
            till.Charge(
                customer,
                OrderReason.SubscriptionChange,
                unused.Total.Amount == 0 ? [rest] : [unused with { Name = $"{subscription.Name}: unused time" }, rest],
                changed,
                method,
                null
            );
        }
        return shop.Save(changed, "subscription.updated");
    }

    public OrderLine PeriodLine(Subscription subscription, Customer customer) =>
        Till.Line(shop.Products.Get(subscription.Plan), subscription.Quantity, customer, subscription.Price) with
        {
            Name = subscription.Name,
            PeriodStart = subscription.CurrentPeriodStart,
            PeriodEnd = subscription.CurrentPeriodEnd,
        };

    private Subscription Running(string id)
    {
        var subscription = shop.Subscriptions.Get(id);
        return subscription.State != SubscriptionState.Canceled
            ? subscription
            : throw Refusal.Declined("subscription_canceled", "This subscription has ended.");
    }
}
