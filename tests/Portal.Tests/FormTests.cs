using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Subscriptions.Data;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>A buyer's form changes what it offers, whatever else is sent along.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class FormTests(Db db)
{
    /// <summary>What a form may change besides its own: who was here, what she did, what she is told.</summary>
    // What a sign-in leaves, and how far the connection's books were last compared.
    private static readonly string[] Traces = ["access_session", "access_activity", "notifications_outbox", "connections_account"];

    private static readonly string[] Unasked =
    [
        "CustomerId",
        "customer_id",
        "Id",
        "PublicId",
        "ConnectionId",
        "IsMerchant",
        "Role",
        "Price",
        "Price.MinorUnits",
        "Amount",
        "Total",
        "Currency",
        "State",
        "Status",
        "PaidAt",
        "ExpiresAt",
        "CurrentPeriodEnd",
        "Timing",
        "At",
        "Email",
        "__proto__",
        "subscription.Id",
        "action.Kind",
    ];

    private PortalUnderTest portal = null!;
    private string adas = null!;
    private string berts = null!;

    [SetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        var connection = (await portal.ConnectSilentAsync()).Id;
        await portal.TellAsync(connection, Deeds.Subscription("ada", "ada@example.com", portal.Now));
        await portal.TellAsync(connection, Deeds.Subscription("bert", "bert@example.com", portal.Now));
        (adas, berts) = (await IdAsync("ada"), await IdAsync("bert"));
    }

    [TearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [TestCase("/cancel")]
    [TestCase("/payment-method")]
    [TestCase("/undo-cancel")]
    [SecurityCase("Z2", "two dozen fields nobody offered, another's id in form and query: her own thing is meant, nothing else changes")]
    public async Task Fields_nobody_offered_change_nothing(string form)
    {
        using var ada = await portal.SignedInAsync("ada@example.com");
        var before = await portal.DumpAsync();
        var evil = Unasked.Select(f => KeyValuePair.Create(f, "1")).Append(new("id", berts)).Append(new("Reason", "price"));

        var answer = await ada.PostAsync(
            $"/subscriptions/{adas}{form}?id={berts}&CustomerId=2&State=Expired&returnTo=//evil.test",
            [.. evil, new(Browser.TokenField, await ada.TokenAsync())]
        );

        answer.Code.Should().BeOneOf(200, 302, 303, 503);
        (answer.Location ?? "/").Should().NotContain("evil").And.NotContain(berts);
        var after = await portal.DumpAsync();
        after.Keys.Where(t => after[t] != before[t]).Should().BeSubsetOf([.. Traces, .. form == "/cancel" ? (string[])["subscriptions_action"] : []]);
        var actions = await portal.AskAsync(data => data.AllOwners<SubscriptionAction>().AsNoTracking().ToListAsync());
        actions.Should().HaveCount(form == "/cancel" ? 1 : 0);
        foreach (var action in actions)
        {
            action.CustomerId.Should().Be((await portal.CustomerAsync("ada@example.com"))!.Id);
            (action.Kind, action.LeavingReason).Should().Be((ActionKind.Cancel, "price"));
        }
    }

    [Test]
    [SecurityCase("Z2", "the sign-in form takes an address and a way back; who, when and for how long are the server's")]
    public async Task The_sign_in_form_takes_an_address_and_nothing_more()
    {
        using var browser = portal.Open();
        var token = await browser.TokenAsync();
        (string, string)[] evil =
        [
            ("Email", "ada@example.com"),
            ("email", "bert@example.com"),
            ("CustomerId", "2"),
            ("ExpiresAt", "2099-01-01"),
            ("Token", "mine"),
            ("TokenHash", "mine"),
        ];

        var answer = await browser.PostAsync(
            "/sign-in?Email=bert@example.com&ExpiresAt=2099-01-01",
            [.. evil.Select(f => KeyValuePair.Create(f.Item1, f.Item2)), new(Browser.TokenField, token)]
        );

        answer.Location.Should().Be("/sign-in/sent");
        await Poller.UntilAsync(async () => (await portal.MailsAsync("ada@example.com", "sign-in")).Count == 1, "her mail");
        (await portal.MailsAsync("bert@example.com")).Should().BeEmpty();
    }

    private async Task<string> IdAsync(string name) =>
        (string)(await portal.ScalarAsync($"""select "PublicId" from subscriptions_subscription where "ProcessorId" = 'sub-{name}'"""))!;
}
