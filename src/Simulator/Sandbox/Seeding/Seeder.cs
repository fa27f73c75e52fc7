using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox.Seeding;

internal sealed record SeedBody
{
    /// <summary>Beside the demo buyer.</summary>
    public int Customers { get; init; } = 40;

    /// <summary>Beside the demo buyer's.</summary>
    public int Orders { get; init; } = 160;

    public int Seed { get; init; } = 1;

    public string BuyerEmail { get; init; } = "ada@example.com";

    /// <summary>Whether the changes are told by webhook.</summary>
    public bool Webhooks { get; init; }
}

/// <summary>
/// Demo data: the shop's history is played through the same desks that serve the API, so it obeys the same rules.
/// It depends on the seed and on the date, on nothing else.
/// </summary>
internal sealed class Seeder(Shop shop, Desks desks)
{
    private const int LongestHistory = 700;

    public object Seed(SeedBody wanted)
    {
        if (wanted.Customers is < 0 or > 200_000 || wanted.Orders is < 0 or > 2_000_000 || wanted is { Customers: 0, Orders: > 0 })
            throw Refusal.BadRequest("At most 200,000 customers and 2,000,000 orders, and no orders without customers.");
        var today = new DateTimeOffset(shop.Now.UtcDateTime.Date, TimeSpan.Zero);
        foreach (var product in Catalogue.Products().Where(product => shop.Products.Find(product.Id) is null))
            shop.Books.At(today.AddDays(-LongestHistory - 60), () => shop.Books.Put(shop.Products, product, null));
        var history = new History(shop, desks, today);
        var buyer = shop.Customers.All.FirstOrDefault(one => one.Email == wanted.BuyerEmail) ?? DemoBuyer.Create(history, wanted.BuyerEmail);
        var before = shop.Orders.All.Count();
        Fill(history, new Random(wanted.Seed), wanted, today);
        return new
        {
            buyer = buyer.Id,
            customers = wanted.Customers,
            orders = shop.Orders.All.Count() - before,
        };
    }

    private static void Fill(History history, Random random, SeedBody wanted, DateTimeOffset today)
    {
        var people = new List<(Customer Customer, string Currency, DateTimeOffset Since)>();
        var left = wanted.Orders;
        for (var number = 1; number <= wanted.Customers; number++)
        {
            var part = (Part)number;
            var (person, currency) = People.Somebody(random, history.NextPerson(), part == Part.Yen ? "JP" : null);
            var since = today.AddDays(-random.Next(60, LongestHistory)).AddMinutes(random.Next(1440));
            var card = part == Part.PastDue ? "visa-funds" : People.Pick(random, ["visa", "visa", "mastercard-3ds", "paypal", "sepa"]);
            var customer = history.Join(person, since, card);
            people.Add((customer, currency, since));
            var most = left - (wanted.Customers - number);
            left -= history.PlayPart(part, customer, currency, since, random, Math.Min(most, wanted.Orders / 4 + 1));
        }
        for (var next = 0; left > 0; next++)
        {
            var (customer, currency, since) = people[next % people.Count];
            left -= history.BuySomething(customer, currency, since, random);
        }
    }
}

/// <summary>The first customers each show something; the others are ordinary.</summary>
internal enum Part
{
    PastDue = 1,
    Canceled,
    Paused,
    Leaving,
    Yen,
    Disputed,
    Refunded,
    Failed,
}
