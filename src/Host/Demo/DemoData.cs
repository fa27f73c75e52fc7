using System.Globalization;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Host.Demo;

/// <summary>How much of it.</summary>
internal sealed record DemoPlan(int Customers, int Orders, int Seed);

/// <summary>Load data: records as a processor would tell them, taken in batch by batch.</summary>
internal sealed class DemoData(PortalDb db, IConnections connections, IRecordIntake intake, TimeProvider clock)
{
    private const string ConnectionName = "Load data";

    // Every save looks at all that is tracked, so a larger batch costs more than the commits it spares.
    private const int Batch = 30;
    private static readonly string[] Products =
    [
        "Atelier Pro",
        "Field notes",
        "Studio workshop",
        "Color chart",
        "Cloud archive",
        "Winter light, prints",
    ];
    private static readonly string[] Currencies = ["EUR", "USD", "GBP", "JPY"];

    public static string EmailOf(int customer) => string.Create(CultureInfo.InvariantCulture, $"buyer{customer:000000}@example.com");

    public async Task FillAsync(DemoPlan plan, CancellationToken ct)
    {
        var connection = await ConnectAsync(ct);
        var random = new Random(plan.Seed);
        var now = clock.GetUtcNow();
        List<ProcessorRecord> records = [];
        for (var i = 0; i < plan.Orders; i++)
        {
            // The first customer has many: the worst case of every list.
            var customer = i % 20 == 0 ? 0 : random.Next(plan.Customers);
            var at = now.AddMinutes(-random.Next(5 * 365 * 24 * 60));
            records.AddRange(Order(plan.Seed, i, customer, random, at));
            if (records.Count >= Batch || i == plan.Orders - 1)
            {
                await intake.ApplyAsync(connection.Id, records, historic: true, null, ct);
                db.ChangeTracker.Clear();
                records.Clear();
            }
        }
    }

    private static IEnumerable<ProcessorRecord> Order(int seed, int number, int customer, Random random, DateTimeOffset at)
    {
        var currency = Currencies[customer % Currencies.Length];
        var total = new Money((random.Next(3, 300) * 100) - 1, currency);
        var tax = new Money(total.MinorUnits * 19 / 119, currency);
        var paid = random.Next(25) != 0;
        var reference = new CustomerReference { Email = EmailOf(customer), Name = string.Create(CultureInfo.InvariantCulture, $"Buyer {customer}") };
        var id = string.Create(CultureInfo.InvariantCulture, $"load{seed}-{number}");
        yield return new OrderRecord
        {
            Id = id,
            AsOf = at,
            Customer = reference,
            Total = total,
            Tax = tax,
            State = paid ? OrderState.Paid : OrderState.Failed,
            PlacedAt = at,
            PaidAt = paid ? at : null,
            Lines =
            [
                new OrderLine
                {
                    Name = Products[random.Next(Products.Length)],
                    Total = total,
                    Tax = tax,
                    TaxRate = 19,
                },
            ],
        };
        yield return new PaymentRecord
        {
            Id = id + "-p",
            AsOf = at,
            Customer = reference,
            OrderId = id,
            Amount = total,
            State = paid ? PaymentState.Succeeded : PaymentState.Failed,
            CreatedAt = at,
            Method = new PaymentMethod
            {
                Kind = "card",
                Brand = "Visa",
                LastFour = "4242",
            },
        };
    }

    private async Task<Connections.Contract.ConnectionInfo> ConnectAsync(CancellationToken ct) =>
        (await connections.ListAsync(ct)).FirstOrDefault(c => c.Name == ConnectionName)
        ?? await connections.AddAsync(
            DemoStore.Plugin,
            ConnectionName,
            new Dictionary<string, string> { ["apiKey"] = "none", ["webhookSecret"] = "none" },
            testMode: true,
            ct
        );
}
