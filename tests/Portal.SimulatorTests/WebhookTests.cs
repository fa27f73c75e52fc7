using Portal.Processors;

namespace Portal.SimulatorTests;

public sealed class WebhookTests
{
    private Sandbox sandbox = null!;
    private SubscriptionRecord monthly = null!;

    [SetUp]
    public async Task StartAsync()
    {
        sandbox = await Sandbox.StartAsync();
        monthly = await sandbox.MonthlyAsync();
    }

    [TearDown]
    public async Task StopAsync() => await sandbox.DisposeAsync();

    [Test]
    public async Task Refused_deliveries_come_again_in_order()
    {
        foreach (var status in new[] { 503, 500, 302 })
            sandbox.Receiver.Answers.Enqueue(status);
        await ChangeThriceAsync();
        await sandbox.SettleAsync();
        var ids = sandbox.Receiver.Verified.Select(one => ((Delivery.Verified)one.Delivery).DeliveryId).ToList();
        ids.Take(4).Distinct().Should().ContainSingle("one id is tried until it is taken");
        ids.Distinct().Should().HaveCount(3);
        sandbox.Receiver.Verified.Skip(3).Select(AsOf).Should().BeInAscendingOrder();
    }

    [Test]
    public async Task Off_holds_back_and_on_delivers()
    {
        await sandbox.WebhooksAsync(new { off = true });
        await ChangeThriceAsync();
        await Task.Delay(300);
        sandbox.Receiver.Arrivals.Should().BeEmpty();
        await sandbox.WebhooksAsync(new { });
        await sandbox.SettleAsync();
        sandbox.Receiver.Verified.Should().HaveCount(3);
    }

    [Test]
    public async Task Lost_ones_never_come()
    {
        await sandbox.WebhooksAsync(new { lose = true });
        await ChangeThriceAsync();
        await sandbox.SettleAsync();
        await sandbox.WebhooksAsync(new { });
        await sandbox.SettleAsync();
        sandbox.Receiver.Arrivals.Should().BeEmpty();
        (await sandbox.MonthlyAsync()).WillCancel.Should().BeTrue("the books know all the same");
    }

    [Test]
    public async Task Late_ones_come_late()
    {
        await sandbox.WebhooksAsync(new { delay_ms = 3000 });
        await ChangeThriceAsync();
        await Task.Delay(200);
        sandbox.Receiver.Arrivals.Should().BeEmpty();
        await sandbox.SettleAsync();
        sandbox.Receiver.Verified.Should().HaveCount(3);
    }

    [Test]
    public async Task Duplicates_have_one_id()
    {
        await sandbox.WebhooksAsync(new { duplicate = 2 });
        await ChangeThriceAsync();
        await sandbox.SettleAsync();
        sandbox
            .Receiver.Verified.GroupBy(one => ((Delivery.Verified)one.Delivery).DeliveryId)
            .Select(copies => copies.Count())
            .Should()
            .Equal(3, 3, 3);
    }

    [Test]
    public async Task Reversed_the_newest_comes_first_and_AsOf_tells()
    {
        await sandbox.WebhooksAsync(new { reverse = true });
        await ChangeThriceAsync();
        await sandbox.SettleAsync();
        sandbox.Receiver.Verified.Select(AsOf).Should().HaveCount(3).And.BeInDescendingOrder();
        var newest = sandbox.Receiver.Verified.MaxBy(AsOf)!.Records.Single();
        newest.Should().Be(await sandbox.MonthlyAsync());
    }

    [Test]
    public async Task Bad_signatures_are_refused_until_they_are_good()
    {
        await sandbox.WebhooksAsync(new { bad_signature = true });
        await ChangeThriceAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (sandbox.Receiver.Arrivals.Count < 3)
            await Task.Delay(20, patience.Token);
        sandbox.Receiver.Arrivals.Should().NotBeEmpty().And.OnlyContain(one => one.Delivery is Delivery.Rejected);
        await sandbox.WebhooksAsync(new { });
        await sandbox.SettleAsync();
        sandbox.Receiver.Verified.Should().HaveCount(3);
    }

    [Test]
    public async Task Wrong_amounts_are_signed_all_the_same()
    {
        await sandbox.WebhooksAsync(new { wrong_amount = true });
        await ChangeThriceAsync();
        await sandbox.SettleAsync();
        ((SubscriptionRecord)sandbox.Receiver.Verified[0].Records.Single()).Price.Should().Be(new Money(19000, "EUR"));
    }

    private static DateTimeOffset AsOf(Arrival arrival) => arrival.Records.Single().AsOf;

    private async Task ChangeThriceAsync()
    {
        foreach (var path in new[] { "cancel", "undo-cancel", "cancel" })
            await sandbox.PostAsync($"/v1/subscriptions/{monthly.Id}/{path}", path == "cancel" ? new { timing = "at_period_end" } : new { });
    }
}
