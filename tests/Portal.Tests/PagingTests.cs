using Portal.Tests.Support;

namespace Portal.Tests;

/// <summary>Lists in pages: nothing twice, nothing missed, whatever is added meanwhile.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class PagingTests(Db db)
{
    private const int Orders = 47;
    private PortalUnderTest portal = null!;
    private Browser ada = null!;
    private long connection;
    private DateTimeOffset start;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db);
        connection = (await portal.ConnectSilentAsync()).Id;
        start = portal.Now.AddDays(-100);
        for (var i = 0; i < Orders; i++)
        {
            // Groups of five at the same moment: the row number decides there.
            await portal.TellAsync(
                connection,
                historic: true,
                Deeds.Purchase($"p{i}", "ada@example.com", 100 + i, start.AddDays(i / 5), name: Name(i))
            );
        }

        ada = await portal.SignedInAsync("ada@example.com");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        ada.Dispose();
        await portal.DisposeAsync();
    }

    [TestCase("/orders", ".row-title")]
    [TestCase("/payments", "td a[href^='/orders/']")]
    public async Task Going_back_in_time_shows_everything_once_also_when_something_new_comes_in(string list, string names)
    {
        List<string> seen = [];
        var first = await ada.GetAsync(list);
        var page = first;
        while (true)
        {
            seen.AddRange(Names(page, names));
            await portal.TellAsync(
                connection,
                historic: true,
                Deeds.Purchase($"new-{list[1..]}-{seen.Count}", "ada@example.com", 1, portal.Now, name: "Brand new")
            );
            if (Link(page, "next") is not { } next)
            {
                break;
            }

            page = await ada.GetAsync(list + next);
        }

        seen.Where(n => n != "Brand new").Should().Equal(Enumerable.Range(0, Orders).Reverse().Select(Name));
        Link(first, "prev").Should().BeNull();
    }

    [Test]
    public async Task Going_forth_again_shows_the_same_pages()
    {
        List<List<string>> back = [];
        var page = await ada.GetAsync("/orders");
        for (var next = Link(page, "next"); next is not null; next = Link(page, "next"))
        {
            back.Add(Names(page, ".row-title"));
            page = await ada.GetAsync("/orders" + next);
        }

        back.Should().HaveCountGreaterThanOrEqualTo(2);
        for (var i = back.Count - 1; i >= 0; i--)
        {
            page = await ada.GetAsync("/orders" + Link(page, "prev"));
            Names(page, ".row-title").Should().Equal(back[i]);
        }

        Link(page, "prev").Should().BeNull();
    }

    [TestCase("garbage")]
    [TestCase("o")]
    [TestCase("o-")]
    [TestCase("o1")]
    [TestCase("o1-2-3")]
    [TestCase("o-1--2")]
    [TestCase("o99999999999999999999-1")]
    [TestCase("n9223372036854775807-1")]
    [TestCase("'; drop table orders_order; --")]
    [TestCase("")]
    public async Task A_key_that_cannot_be_read_is_the_first_page(string key)
    {
        var page = await ada.GetAsync("/orders?page=" + Uri.EscapeDataString(key));

        page.Code.Should().Be(200);
        Names(page, ".row-title").Should().Equal(Names(await ada.GetAsync("/orders"), ".row-title"));
    }

    private static string Name(int number) => $"Print number {number}";

    private static List<string> Names(Answer page, string selector) =>
        [.. page.Page.QuerySelectorAll("main " + selector).Select(e => e.TextContent.Trim())];

    private static string? Link(Answer page, string rel) => page.Page.QuerySelector($"a[rel={rel}]")?.GetAttribute("href");
}
