using System.Text.Json;
using Portal.Processors;

namespace Portal.SimulatorTests;

public sealed class SeedTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 31, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Everything_listed_belongs_together()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var all = await sandbox.ListAsync();
        var customers = all.OfType<CustomerRecord>().Select(one => one.Id).ToHashSet();
        var orders = all.OfType<OrderRecord>().ToDictionary(one => one.Id);
        var payments = all.OfType<PaymentRecord>().ToDictionary(one => one.Id);
        var subscriptions = all.OfType<SubscriptionRecord>().Select(one => one.Id).ToHashSet();

        customers.Should().HaveCount(41);
        all.Should().OnlyContain(one => customers.Contains(one.Customer!.Id!));
        all.Select(one => (one.GetType(), one.Id)).Should().OnlyHaveUniqueItems();
        payments.Values.Should().OnlyContain(one => orders[one.OrderId!].Total == one.Amount);
        orders.Values.Should().OnlyContain(one => one.SubscriptionId == null || subscriptions.Contains(one.SubscriptionId));
        orders.Values.Should().OnlyContain(one => one.Lines.Sum(line => line.Total.MinorUnits) == one.Total.MinorUnits);
        all.OfType<RefundRecord>()
            .GroupBy(one => one.PaymentId)
            .Should()
            .OnlyContain(refunds => refunds.Sum(one => one.Amount.MinorUnits) == payments[refunds.Key].Refunded!.Value.MinorUnits);
        all.Should().OnlyContain(one => one.AsOf <= TimeProvider.System.GetUtcNow());
        orders.Values.Select(one => one.Total.Currency).Distinct().Should().BeEquivalentTo(["EUR", "USD", "GBP", "JPY"]);
        orders.Values.SelectMany(one => one.Lines).Select(line => line.TaxRate).Distinct().Should().BeEquivalentTo([0m, 19m, 20m]);
        var states = all.OfType<SubscriptionRecord>().Select(one => one.State).ToHashSet();
        states.Should().Contain([SubscriptionState.PastDue, SubscriptionState.Canceled, SubscriptionState.Paused, SubscriptionState.Trialing]);
        sandbox.Receiver.Arrivals.Should().BeEmpty("seeding tells nobody");
    }

    [Test]
    public async Task The_demo_buyer_has_her_history()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var hers = (await sandbox.ListAsync()).Where(one => one.Customer!.Id == "sb_cus_000001").ToList();
        hers.OfType<CustomerRecord>().Single().Should().BeEquivalentTo(new { Email = "ada@example.com", Name = "Ada Moreau" });

        var monthly = await sandbox.MonthlyAsync();
        monthly.State.Should().Be(SubscriptionState.Active);
        monthly.Price.Should().Be(new Money(1900, "EUR"));
        (monthly.CurrentPeriodEnd!.Value - TimeProvider.System.GetUtcNow()).TotalDays.Should().BeInRange(8, 13);
        var orders = hers.OfType<OrderRecord>().ToList();
        orders.Count(one => one.Reason == OrderReason.SubscriptionRenewal).Should().BeGreaterThanOrEqualTo(8);
        orders.Should().ContainSingle(one => one.Lines.Count == 3);
        orders.Should().ContainSingle(one => one.State == OrderState.PartiallyRefunded);
        hers.OfType<RefundRecord>().Single().Amount.Should().Be(new Money(1470, "EUR"));
        hers.OfType<PaymentRecord>().Should().ContainSingle(one => one.State == PaymentState.Failed);
        hers.OfType<SubscriptionRecord>().Should().Contain(one => one.State == SubscriptionState.Trialing && one.Cycle!.Unit == CycleUnit.Year);
    }

    [Test]
    public async Task One_seed_on_one_date_makes_one_ledger()
    {
        var morning = await LedgerAsync(7, Noon.AddHours(-9));
        var evening = await LedgerAsync(7, Noon.AddHours(11));
        var other = await LedgerAsync(8, Noon);
        evening.Should().Be(morning);
        other.Should().NotBe(morning);
    }

    [Test]
    public async Task So_many_customers_and_orders_as_asked_for()
    {
        await using var sandbox = await Sandbox.StartAsync(seed: null);
        await sandbox.PostAsync(
            "/v1/seed",
            new
            {
                customers = 90,
                orders = 700,
                seed = 5,
            }
        );
        var all = await sandbox.ListAsync();
        all.OfType<CustomerRecord>().Should().HaveCount(91);
        all.OfType<OrderRecord>().Count(one => one.Customer!.Id != "sb_cus_000001").Should().Be(700);
    }

    [Test]
    public async Task Listing_since_a_moment_leaves_out_what_is_older()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var since = TimeProvider.System.GetUtcNow().AddDays(-30);
        var all = await sandbox.ListAsync();
        var recent = await sandbox.ListAsync(since);
        recent.Should().BeEquivalentTo(all.Where(one => one.AsOf >= since), options => options.RespectingRuntimeTypes());
        recent.Count.Should().BeInRange(1, all.Count - 1);
    }

    private static async Task<string> LedgerAsync(int seed, DateTimeOffset now)
    {
        await using var sandbox = await Sandbox.StartAsync(seed: seed, clock: new StandingClock(now));
        var ledger = await sandbox.LedgerAsync();
        return string.Join(
            '\n',
            ledger.EnumerateObject().Where(part => part.Value.ValueKind == JsonValueKind.Array).Select(part => part.Value.GetRawText())
        );
    }
}
