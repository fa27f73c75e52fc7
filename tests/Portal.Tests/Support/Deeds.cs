using Portal.Processors;

namespace Portal.Tests.Support;

/// <summary>Records as a processor would tell them, with everything a test does not care about filled in.</summary>
internal static class Deeds
{
    /// <summary>A paid order with its payment.</summary>
    public static ProcessorRecord[] Purchase(
        string id,
        string email,
        long minorUnits,
        DateTimeOffset at,
        string currency = "EUR",
        string name = "Field notes",
        string? buyer = null
    ) => [Order(id, email, minorUnits, at, currency, name, buyer), Payment(id, email, minorUnits, at, currency)];

    public static OrderRecord Order(
        string id,
        string email,
        long minorUnits,
        DateTimeOffset at,
        string currency = "EUR",
        string name = "Field notes",
        string? buyer = null
    ) =>
        new()
        {
            Id = "ord-" + id,
            AsOf = at,
            Customer = new CustomerReference { Email = email, Name = buyer ?? "Buyer of " + id },
            Total = new Money(minorUnits, currency),
            Tax = new Money(minorUnits * 19 / 119, currency),
            State = OrderState.Paid,
            PlacedAt = at,
            PaidAt = at,
            Lines =
            [
                new OrderLine
                {
                    Name = name,
                    Total = new Money(minorUnits, currency),
                    Tax = new Money(minorUnits * 19 / 119, currency),
                    TaxRate = 19,
                },
            ],
        };

    public static PaymentRecord Payment(string id, string email, long minorUnits, DateTimeOffset at, string currency = "EUR") =>
        new()
        {
            Id = "pay-" + id,
            AsOf = at,
            Customer = new CustomerReference { Email = email },
            OrderId = "ord-" + id,
            Amount = new Money(minorUnits, currency),
            State = PaymentState.Succeeded,
            CreatedAt = at,
            Method = new PaymentMethod
            {
                Kind = "card",
                Brand = "Visa",
                LastFour = "4242",
            },
        };

    /// <summary>An active monthly subscription.</summary>
    public static SubscriptionRecord Subscription(string id, string email, DateTimeOffset now, DateTimeOffset? periodEnd = null) =>
        new()
        {
            Id = "sub-" + id,
            AsOf = now,
            Customer = new CustomerReference { Email = email },
            Name = "Atelier Pro " + id,
            State = SubscriptionState.Active,
            Price = new Money(1900, "EUR"),
            Cycle = new BillingCycle { Unit = CycleUnit.Month },
            StartedAt = now.AddDays(-40),
            CurrentPeriodStart = now.AddDays(-10),
            CurrentPeriodEnd = periodEnd ?? now.AddDays(20),
        };
}
