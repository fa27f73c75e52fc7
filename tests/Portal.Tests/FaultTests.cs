using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>When the portal itself cannot go on.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class FaultTests(Db db)
{
    private PortalUnderTest portal = null!;
    private Browser ada = null!;
    private string webhook = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db);
        var connection = await portal.ConnectSilentAsync();
        webhook = $"/webhooks/sandbox/{connection.PublicId}";
        await portal.TellAsync(connection.Id, Deeds.Purchase("1", "ada@example.com", 1099, portal.Now));
        ada = await portal.SignedInAsync("ada@example.com");
        await portal.ExecuteAsync("alter table orders_order rename to orders_gone");
        await portal.ExecuteAsync("alter table connections_inbox rename to connections_gone");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        ada.Dispose();
        await portal.DisposeAsync();
    }

    [SecurityCase("K2", "an error page tells no table, exception or path")]
    [Test]
    public async Task A_page_without_its_database_asks_for_patience_and_tells_no_secrets()
    {
        var page = await ada.GetAsync("/orders");

        page.Code.Should().Be(503);
        page.Header("Retry-After").Should().Be("30");
        page.Title.Should().NotBeEmpty();
        page.Body.Should().NotContain("orders_order").And.NotContain("Exception").And.NotContain(" at Portal.");
    }

    [Test]
    public async Task A_delivery_that_cannot_be_stored_is_to_come_again()
    {
        using var processor = portal.Open();
        var body = """{"type":"order.paid"}"""u8.ToArray();
        using var content = new ByteArrayContent(body);

        var answer = await processor.SendAsync(HttpMethod.Post, webhook, content, Signatures.Sandbox("msg_1", body, portal.Now));

        answer.Code.Should().Be(503);
        answer.Header("Retry-After").Should().NotBeNull();
    }
}
