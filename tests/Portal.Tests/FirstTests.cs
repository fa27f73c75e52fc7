using Portal.Tests.Support;

namespace Portal.Tests;

[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class FirstTests(Db db)
{
    private PortalUnderTest portal = null!;

    [OneTimeSetUp]
    public async Task Start() => portal = await PortalUnderTest.StartAsync(db);

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [Test]
    public async Task A_buyer_signs_in_and_sees_her_order()
    {
        var connection = await portal.ConnectSilentAsync();
        await portal.TellAsync(connection.Id, Deeds.Purchase("1", "ada@example.com", 1099, portal.Now));

        using var browser = await portal.SignedInAsync("ada@example.com");
        (await browser.GetAsync("/orders")).Words.Should().Contain("Field notes").And.Contain("10.99");
        (await browser.GetAsync("/site.css")).Code.Should().Be(200);
    }
}
