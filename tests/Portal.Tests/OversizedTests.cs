using System.Text;
using Portal.Tests.Support;

namespace Portal.Tests;

/// <summary>What is too big is refused early, with an answer, and costs no memory.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class OversizedTests(Db db)
{
    private PortalUnderTest portal = null!;
    private Browser ada = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db);
        await portal.TellAsync((await portal.ConnectSilentAsync()).Id, Deeds.Purchase("1", "ada@example.com", 1000, portal.Now));
        ada = await portal.SignedInAsync("ada@example.com");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        ada.Dispose();
        await portal.DisposeAsync();
    }

    [TestCase("/sign-in")]
    [TestCase("/profile/security/sign-out-everywhere")]
    public async Task A_form_of_ten_thousand_fields(string path)
    {
        var answer = await ada.PostAsync(path, Enumerable.Range(0, 10_000).Select(n => KeyValuePair.Create("f" + n, "x")));

        answer.Code.Should().Be(400, "{0}", answer);
        answer.Title.Should().NotBeEmpty();
        (await ada.GetAsync("/")).Code.Should().Be(200);
    }

    [TestCase("/sign-in")]
    [TestCase("/profile/security/sign-out-everywhere")]
    [TestCase("/admin/store")]
    public async Task A_field_of_five_megabytes(string path)
    {
        using var content = new StringContent("Email=" + new string('x', 5 * 1024 * 1024), Encoding.ASCII, "application/x-www-form-urlencoded");

        var answer = await ada.SendAsync(HttpMethod.Post, path, content);

        answer.Code.Should().BeOneOf([302, 400, 413], "{0}", answer);
        (await ada.GetAsync("/")).Code.Should().Be(200);
    }

    [Test]
    public async Task An_address_of_sixteen_kilobytes_and_a_header_of_sixty_four()
    {
        (await ada.GetAsync("/orders?page=" + new string('x', 16 * 1024))).Code.Should().Be(414);
        (await ada.GetAsync("/orders", ("X-Much", new string('x', 64 * 1024)))).Code.Should().Be(431);
    }

    [TestCase("/orders?page=2147483647")]
    [TestCase("/orders?page=o9999999999999999999-9223372036854775808")]
    [TestCase("/orders?page=n0-0")]
    [TestCase("/payments?page=%25%25%25%25")]
    [TestCase("/payments?pageSize=1000000000")]
    [TestCase("/subscriptions?page=-1")]
    public async Task A_page_nobody_has(string path) => (await ada.GetAsync(path)).Code.Should().Be(200);
}
