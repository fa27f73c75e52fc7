namespace Portal.Simulator.Sandbox.Seeding;

/// <summary>Lets things have happened.</summary>
internal sealed class History(Shop shop, Desks desks, DateTimeOffset today)
{
    public DateTimeOffset Today => today;

    public Shop Shop => shop;

    public Desks Desks => desks;

    public int NextPerson() => (int)shop.Books.NextNumber("person");

    public Customer Join(Customer customer, DateTimeOffset at, params string[] cards)
    {
        var id = shop.Books.NextId("cus");
        shop.Books.At(
            at,
            () =>
            {
                shop.Save(customer with { Id = id }, "customer.created");
                foreach (var card in cards)
                    desks.Methods.Add(shop.Customers.Get(id), TestCard.Find(card)!, asDefault: false);
            }
        );
        return shop.Customers.Get(id);
    }

    public Payment Buy(Customer customer, DateTimeOffset at, string currency, string? failure, params (string Code, int Quantity)[] wares)
    {
        Payment? payment = null;
        shop.Books.At(
            at,
            () =>
            {
                var lines = wares.Select(ware => Till.Line(Ware(ware.Code, currency), ware.Quantity, customer)).ToList();
                payment = desks.Till.Charge(customer, OrderReason.Purchase, lines, null, shop.DefaultOf(customer), failure).Payment;
            }
        );
        return payment!;
    }

    /// <summary>Starts a subscription and charges it up to today; answers with it and its number of orders.</summary>
    public (Subscription Subscription, int Orders) Subscribe(Customer customer, string code, string currency, DateTimeOffset at, int quantity = 1)
    {
        Subscription? started = null;
        shop.Books.At(at, () => started = desks.Subscriptions.Start(customer, Ware(code, currency), quantity, shop.DefaultOf(customer)));
        var subscription = started!;
        var orders = subscription.State == SubscriptionState.Trialing ? 0 : 1;
        while (subscription.CurrentPeriodEnd <= today)
        {
            var now = subscription;
            shop.Books.At(now.CurrentPeriodEnd, () => subscription = desks.Renewals.Renew(now, null));
            orders++;
        }
        return (subscription, orders);
    }

    public int BuySomething(Customer customer, string currency, DateTimeOffset since, Random random)
    {
        var at = since + (today - since) * random.NextDouble();
        var wares = Enumerable
            .Range(0, random.Next(1, 4))
            .Select(_ => (People.Pick(random, Catalogue.OnceCodes), random.Next(10) == 0 ? 2 : 1))
            .DistinctBy(ware => ware.Item1)
            .ToArray();
        Buy(customer, at, currency, random.Next(25) == 0 ? "card_declined" : null, wares);
        return 1;
    }

    /// <summary>Answers how many orders that made, at most <paramref name="most"/>.</summary>
    public int PlayPart(Part part, Customer customer, string currency, DateTimeOffset since, Random random, int most)
    {
        if (most < 1)
            return 0;
        switch (part)
        {
            case Part.PastDue:
                return PastDue(customer, currency);
            case Part.Canceled:
                return Subscribed("font-club-monthly", 70, id => desks.Subscriptions.Cancel(id, atPeriodEnd: false));
            case Part.Paused:
                return Subscribed("atelier-pro-monthly", 20, id => desks.Subscriptions.Pause(id, today.AddDays(40)));
            case Part.Leaving:
                return Subscribed("cloud-archive-monthly", 15, id => desks.Subscriptions.Cancel(id, atPeriodEnd: true));
            case Part.Disputed:
                var contested = Buy(customer, today.AddDays(-33), currency, null, ("commercial", 1));
                shop.Books.At(today.AddDays(-5), () => desks.Payments.Open(contested.Id, "product_not_received"));
                return 1;
            case Part.Refunded:
                var returned = Buy(customer, today.AddDays(-50), currency, null, ("workshop", 1));
                shop.Books.At(today.AddDays(-47), () => desks.Payments.Refund(returned.Id, null));
                return 1;
            case Part.Failed:
                Buy(customer, today.AddDays(-2), currency, "card_declined", ("kiosk", 1));
                return 1;
            default:
                return random.Next(5) < 2 ? Ordinary(customer, currency, since, random, most) : BuySomething(customer, currency, since, random);
        }

        int Subscribed(string code, int days, Func<string, Subscription> then)
        {
            var (subscription, orders) = Subscribe(customer, code, currency, today.AddDays(-days));
            shop.Books.At(today.AddDays(-3), () => then(subscription.Id));
            return orders;
        }
    }

    private int Ordinary(Customer customer, string currency, DateTimeOffset since, Random random, int most)
    {
        var code = People.Pick(random, Catalogue.PlanCodes);
        // A month has 28 days at least: so many orders fit into the time.
        var start = code.EndsWith("monthly", StringComparison.Ordinal) ? Later(since, today.AddDays(-28 * (Math.Min(most, 24) - 1))) : since;
        var quantity = code.StartsWith("atelier-team", StringComparison.Ordinal) ? random.Next(2, 9) : 1;
        return Subscribe(customer, code, currency, start, quantity).Orders;
    }

    private int PastDue(Customer customer, string currency)
    {
        var (subscription, orders) = Subscribe(customer, "atelier-pro-monthly", currency, today.AddMonths(-2).AddDays(1));
        shop.Books.At(
            today.AddHours(-20),
            () =>
            {
                var due = shop.Subscriptions.Get(subscription.Id);
                // Brought forward to yesterday, whatever the lengths of the months were.
                var early = due with
                {
                    Anchor = today.AddHours(-20),
                    Periods = 0,
                    CurrentPeriodEnd = today.AddHours(-20),
                };
                desks.Renewals.Renew(early, "insufficient_funds");
            }
        );
        return orders + 1;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    public Product Ware(string code, string currency) => shop.Products.Get(Catalogue.Id(code, currency));
}
