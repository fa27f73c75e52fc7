using Microsoft.EntityFrameworkCore;
using Portal.Kernel.Work;
using Portal.Orders.Data;
using Portal.Processors;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Rightly signed and still wrong: another account's order, another amount.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class WebhookMoneyTests(Db db)
{
    private PortalUnderTest portal = null!;
    private SandboxAccount account = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db);
        account = await SandboxAccount.StartAsync(portal);
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [TestCase(100, "EUR")]
    [TestCase(250000, "EUR")]
    [TestCase(2500, "USD")]
    [SecurityCase("W4", "an order told as paid with another total or currency stays unpaid; the delivery is parked and shows both figures")]
    public async Task An_order_is_not_paid_with_another_amount_than_it_was_told_with(long minorUnits, string currency)
    {
        var id = $"short_{minorUnits}_{currency}";
        var first = await account.SendAsync(SandboxAccount.Order(id, "pending", 2500, portal.Now.AddMinutes(-1), "short@example.com"));
        (await account.WorkedAsync(first)).State.Should().Be(WorkState.Done);

        var delivery = await account.WorkedAsync(
            await account.SendAsync(SandboxAccount.Order(id, "paid", minorUnits, portal.Now, "short@example.com", currency))
        );

        delivery.State.Should().Be(WorkState.Parked);
        var order = await OrderAsync(account, id);
        (order.State, order.Total, order.PaidAt).Should().Be((OrderState.Pending, new Money(2500, "EUR"), null));
        (await portal.MailsAsync("short@example.com")).Should().BeEmpty();
        using var merchant = await portal.SignedInMerchantAsync();
        var told = new Money(minorUnits, currency).ToString();
        (await merchant.GetAsync("/admin/deliveries")).Words.Should().Contain("25.00 EUR").And.Contain(told);
        (await merchant.GetAsync("/admin/deliveries/" + delivery.PublicId)).Words.Should().Contain("25.00 EUR").And.Contain(told);
    }

    [Test]
    [SecurityCase("W4", "what was paid keeps its figure, whatever is told later")]
    public async Task A_paid_order_keeps_its_amount()
    {
        await account.WorkedAsync(await account.SendAsync(SandboxAccount.Order("kept", "paid", 2500, portal.Now.AddMinutes(-1), "kept@example.com")));

        var delivery = await account.WorkedAsync(await account.SendAsync(SandboxAccount.Order("kept", "paid", 100, portal.Now, "kept@example.com")));

        delivery.State.Should().Be(WorkState.Parked);
        (await OrderAsync(account, "kept")).Total.Should().Be(new Money(2500, "EUR"));
    }

    [Test]
    [SecurityCase("W4", "a payment never makes an order paid, whatever it amounts to, and whoever's it is")]
    public async Task A_payment_alone_pays_no_order()
    {
        await account.WorkedAsync(
            await account.SendAsync(SandboxAccount.Order("waits", "pending", 2500, portal.Now.AddMinutes(-1), "waits@example.com"))
        );

        foreach (var (id, amount, email) in ((string, long, string)[])[("less", 1, "waits@example.com"), ("other", 2500, "thief@example.com")])
        {
            await account.WorkedAsync(await account.SendAsync(SandboxAccount.Payment(id, "waits", amount, portal.Now, email)));
        }

        var order = await OrderAsync(account, "waits");
        (order.State, order.PaidAt).Should().Be((OrderState.Pending, null));
        order.CustomerId.Should().Be((await portal.CustomerAsync("waits@example.com"))!.Id);
    }

    [Test]
    [SecurityCase("W4", "a payment in another currency than its order is parked with both figures")]
    public async Task A_payment_in_another_currency_is_parked()
    {
        await account.WorkedAsync(await account.SendAsync(SandboxAccount.Order("euro", "paid", 2500, portal.Now.AddMinutes(-1), "euro@example.com")));

        var delivery = await account.WorkedAsync(
            await account.SendAsync(SandboxAccount.Payment("yen", "euro", 2500, portal.Now, "euro@example.com", "JPY"))
        );

        delivery.State.Should().Be(WorkState.Parked);
        delivery.Reason.Should().Contain("25.00 EUR").And.Contain("2500 JPY");
        (await portal.CountAsync("orders_payment", "\"ProcessorId\" = 'yen'")).Should().Be(0);
    }

    [Test]
    [SecurityCase("W4", "another account's event touches no order of this one, also under the same id")]
    public async Task An_event_reaches_its_own_accounts_orders_only()
    {
        var other = await SandboxAccount.StartAsync(portal, "Another account");
        await account.WorkedAsync(
            await account.SendAsync(SandboxAccount.Order("same", "pending", 2500, portal.Now.AddMinutes(-1), "same@example.com"))
        );

        await other.WorkedAsync(await other.SendAsync(SandboxAccount.Order("same", "paid", 1, portal.Now, "thief@example.com")));
        await other.WorkedAsync(await other.SendAsync(SandboxAccount.Payment("theirs", "same", 1, portal.Now, "thief@example.com")));

        (await OrderAsync(account, "same")).State.Should().Be(OrderState.Pending);
        var theirs = await OrderAsync(other, "same");
        theirs.CustomerId.Should().Be((await portal.CustomerAsync("thief@example.com"))!.Id);
        (await portal.CountAsync("orders_payment", $"\"ProcessorId\" = 'theirs' and \"OrderId\" = {theirs.Id}")).Should().Be(1);
    }

    [Test]
    [SecurityCase("W4", "signed by one account, posted to another's address: refused")]
    public async Task One_accounts_signature_opens_no_others_address()
    {
        var other = new SandboxAccount(
            portal,
            await portal.ConnectAsync(
                "sandbox",
                "Own secret",
                new Dictionary<string, string> { ["apiKey"] = "key", ["webhookSecret"] = "whsec_" + Convert.ToBase64String(new byte[32]) }
            )
        );

        (await other.SendAsync(SandboxAccount.NextId(), SandboxAccount.Event(SandboxAccount.Order("x", "paid", 1, portal.Now))))
            .Code.Should()
            .Be(400);
    }

    private Task<Order> OrderAsync(SandboxAccount at, string id) =>
        portal.AskAsync(data => data.AllOwners<Order>().AsNoTracking().SingleAsync(o => o.ConnectionId == at.Connection.Id && o.ProcessorId == id));
}
