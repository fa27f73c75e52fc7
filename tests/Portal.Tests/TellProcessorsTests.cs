using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Admin.Contract;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Processors;
using Portal.Tests.Support;

namespace Portal.Tests;

/// <summary>What a buyer changes reaches the processors that take it, whatever happens on the way, and never as an error of hers.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class TellProcessorsTests(Db db)
{
    private static readonly (string, string)[] Details =
    [
        ("Name", "Bea Brown"),
        ("Phone", "+44 20 7946 0000"),
        ("Address.Line1", "1 Mill Lane"),
        ("Address.City", "London"),
        ("Address.PostalCode", "N1 9GU"),
        ("Address.Country", "GB"),
        ("IsBusiness", "true"),
        ("BusinessName", "Brown Ltd"),
        ("TaxId", "GB 980 7806 84"),
    ];

    private PortalUnderTest portal = null!;
    private SandboxProcessor sandbox = null!;
    private int buyers;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { PublicUrl = "http://127.0.0.1" });
        sandbox = await SandboxProcessor.StartAsync(portal);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await portal.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    [TearDown]
    public Task Heal() => sandbox.HealAsync();

    [Test]
    public async Task Every_change_is_told_once_and_only_what_is_hers()
    {
        using var browser = await SubscriberAsync();

        await SaveAsync(browser, ("Phone", "+44 20 7946 0000"));
        await ToldAsync(1);
        var commands = await CommandsAsync();
        Request(commands[^1]).GetProperty("phone").GetString().Should().Be("+442079460000");
        foreach (var name in (string[])["name", "email", "address", "shipping_address", "business_name", "tax_id"])
        {
            Request(commands[^1]).GetProperty(name).ValueKind.Should().Be(JsonValueKind.Null, "{0} is not hers yet", name);
        }

        await SaveAsync(browser, Details);
        await ToldAsync(2);
        var customer = await CustomerAsync();
        (Text(customer, "name"), Text(customer, "phone"), Text(customer, "business_name"), Text(customer, "tax_id"))
            .Should()
            .Be(("Bea Brown", "+442079460000", "Brown Ltd", "GB980780684"));
        Text(customer.GetProperty("address"), "postal_code").Should().Be("N1 9GU");
        Text(customer, "email").Should().Be(Email);

        await SaveAsync(browser, Details);
        await SaveAsync(browser, ("Language", "en"));
        await SaveAsync(browser, ("TaxId", ""), ("Phone", ""));
        await ToldAsync(3);
        customer = await CustomerAsync();
        (Text(customer, "tax_id"), Text(customer, "phone"), Text(customer, "name"))
            .Should()
            .Be((null, null, "Bea Brown"), "what she took away is gone there, too");
    }

    [TestCase("error500")]
    [TestCase("html502")]
    [TestCase("drop_before")]
    [TestCase("lost_reply")]
    [TestCase("truncated")]
    [TestCase("rate_limited")]
    public async Task A_lost_reply_is_made_good_by_telling_it_again_under_the_same_key(string fault)
    {
        using var browser = await SubscriberAsync();
        await sandbox.FaultAsync("customers.update", fault, 1);

        var saved = await SaveAsync(browser, ("Name", "Once Only"));

        saved.Words.Should().Contain("Your profile is saved.");
        await ToldAsync(1);
        var commands = await CommandsAsync();
        commands.Should().ContainSingle("a command that came twice is one under its key");
        Text(await CustomerAsync(), "name").Should().Be("Once Only");
        Text(commands[0], "idempotency_key").Should().StartWith("upd_").And.HaveLength(43);
    }

    [Test]
    public async Task The_last_thing_typed_is_the_last_thing_told()
    {
        using var browser = await SubscriberAsync();
        await sandbox.FaultAsync("customers.update", "lost_reply", 2);

        foreach (var name in (string[])["First", "Second", "Third", "Fourth"])
        {
            await SaveAsync(browser, ("Name", name));
        }

        await SettledAsync();
        Text(await CustomerAsync(), "name").Should().Be("Fourth");
    }

    [Test]
    public async Task The_processors_own_news_of_it_undoes_nothing()
    {
        using var browser = await SubscriberAsync();
        await sandbox.WebhooksAsync(new { off = true });
        await SaveAsync(browser, ("Name", "First Name"));
        await ToldAsync(1);
        await SaveAsync(browser, ("Name", "Second Name"));
        await ToldAsync(2);

        // Both updates come back by webhook, the older one last.
        await sandbox.WebhooksAsync(new { reverse = true, duplicate = 1 });
        await sandbox.SettleAsync();

        Browser.Read(await browser.GetAsync("/profile")).Fields["Name"].Should().Be("Second Name");
        Text(await CustomerAsync(), "name").Should().Be("Second Name");
    }

    [Test]
    public async Task A_refusal_is_the_merchants_to_see_and_to_try_again()
    {
        using var browser = await SubscriberAsync();
        using var merchant = await portal.MerchantAsync();
        await sandbox.FaultAsync("customers.update", "decline");

        var saved = await SaveAsync(browser, ("Name", "Refused There"));

        saved.Words.Should().Contain("Your profile is saved.").And.NotContain("card_declined");
        await Poller.UntilAsync(async () => await CountAsync("Parked") == 1, "the refusal");
        var dashboard = await merchant.GetAsync("/admin");
        dashboard.Words.Should().Contain("Changes of customers a processor did not take: 1").And.ContainAll(Email, "Sandbox", "card_declined");
        await sandbox.HealAsync();
        (await merchant.SubmitAsync(dashboard, "form[action='/admin/customer-updates/try-again']")).Code.Should().Be(302);
        await SettledAsync();
        (await merchant.GetAsync("/admin")).Words.Should().NotContain("a processor did not take");
        Text(await CustomerAsync(), "name").Should().Be("Refused There");
    }

    [Test]
    public async Task A_refusal_goes_away_with_the_next_change_or_when_the_merchant_lets_it_be()
    {
        using var browser = await SubscriberAsync();
        using var merchant = await portal.MerchantAsync();
        await sandbox.FaultAsync("customers.update", "decline");
        await SaveAsync(browser, ("Name", "Refused"));
        await Poller.UntilAsync(async () => await CountAsync("Parked") == 1, "the refusal");
        await sandbox.HealAsync();
        await SaveAsync(browser, ("Name", "Taken"));
        await ToldAsync(2);
        (await CountAsync("Parked")).Should().Be(0);

        await sandbox.FaultAsync("customers.update", "decline");
        await SaveAsync(browser, ("Name", "Refused Again"));
        await Poller.UntilAsync(async () => await CountAsync("Parked") == 1, "the refusal");
        await merchant.SubmitAsync(await merchant.GetAsync("/admin"), "form[action='/admin/customer-updates/let-be']");
        (await CountAsync("Parked")).Should().Be(0);
        (await merchant.GetAsync("/admin/audit")).Words.Should().Contain("Left customers’ changes that a processor did not take as they are");
    }

    [Test]
    public async Task A_confirmed_address_is_told_as_well()
    {
        using var browser = await SubscriberAsync();
        var customer = (await portal.CustomerAsync(Email))!;
        await portal.InScopeAsync(s =>
        {
            var database = s.GetRequiredService<PortalDb>();
            return database.InTransactionAsync(
                () =>
                    s.GetRequiredService<IPublish<CustomerEmailChanged>>()
                        .PublishAsync(new CustomerEmailChanged(customer, Email, Email), CancellationToken.None),
                CancellationToken.None
            );
        });

        await ToldAsync(1);
        var request = Request((await CommandsAsync())[^1]);
        request.GetProperty("email").GetString().Should().Be(Email);
        request.GetProperty("name").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Test]
    public async Task A_customer_the_processor_has_forgotten_troubles_nobody()
    {
        var email = $"forgotten{++buyers}@example.com";
        await portal.TellAsync(
            sandbox.Connection.Id,
            new CustomerRecord
            {
                Id = "cus_forgotten_" + buyers,
                AsOf = portal.Now,
                Email = email,
                Name = "Nobody There",
            }
        );
        using var browser = await portal.SignedInAsync(email);

        await SaveAsync(browser, ("Name", "Still Herself"));

        await SettledAsync();
        (await CountAsync("Parked")).Should().Be(0);
    }

    private string Email => $"told{buyers}@example.com";

    private async Task<Browser> SubscriberAsync()
    {
        buyers++;
        await sandbox.SubscribeAsync(Email);
        await Poller.UntilAsync(async () => await portal.CustomerAsync(Email) is not null, "the customer");
        await SettledAsync();
        return await portal.SignedInAsync(Email);
    }

    private static async Task<Answer> SaveAsync(Browser browser, params (string Name, string Value)[] typed)
    {
        var saved = await browser.SubmitAsync(await browser.GetAsync("/profile"), "form[action='/profile']", typed);
        saved.Code.Should().Be(302, "{0}", saved);
        return await browser.FollowAsync(saved);
    }

    private Task SettledAsync() =>
        Poller.UntilAsync(
            async () => await portal.CountAsync("customers_update", "\"State\" in ('Received', 'Processing')") == 0,
            "everything to be told"
        );

    /// <summary>Until so many commands about her have come to the processor, and none is left to send.</summary>
    private async Task ToldAsync(int times)
    {
        await SettledAsync();
        (await CommandsAsync()).Should().HaveCount(times);
    }

    private Task<long> CountAsync(string state) => portal.CountAsync("customers_update", $"\"State\" = '{state}'");

    private async Task<JsonElement> CustomerAsync() =>
        (await sandbox.LedgerAsync("customers")).Last(c => c.GetProperty("email").GetString() == Email);

    private async Task<List<JsonElement>> CommandsAsync()
    {
        var id = Text(await CustomerAsync(), "id")!;
        return [.. (await sandbox.CommandsAsync(id)).Where(c => Text(c, "operation") == "customers.update")];
    }

    private static JsonElement Request(JsonElement command) => JsonElement.Parse(Text(command, "request")!);

    private static string? Text(JsonElement it, string name) =>
        it.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
