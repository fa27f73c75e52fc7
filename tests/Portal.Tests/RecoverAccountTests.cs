using Microsoft.Extensions.DependencyInjection;
using Portal.Processors;
using Portal.Store.Contract;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Finding a forgotten address by a purchase: what proves it, and how little it tells.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class RecoverAccountTests(Db db)
{
    private static int buyers;
    private PortalUnderTest portal = null!;
    private long connection;
    private long other;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        connection = (await portal.ConnectSilentAsync()).Id;
        other = (await portal.ConnectSilentAsync("Other")).Id;
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [TestCase("LF-{0}", "ord-{0}")]
    [TestCase("LF-{0}", "pay-{0}")]
    [TestCase(" # lf-{0}\t", " PAY-{0} ")]
    public async Task A_number_and_its_reference_mail_the_address_on_file(string number, string reference)
    {
        var (id, email) = await SellAsync();
        using var browser = portal.Open();

        var answer = await ProveAsync(browser, string.Format(null, number, id), string.Format(null, reference, id), "/orders");

        answer.Location.Should().Be("/sign-in/sent");
        var page = await browser.GetAsync(answer.Location!);
        page.Words.Should().Contain("b••@example.com");
        page.Body.Should().NotContain(email);
        var mails = await Poller.UntilAsync(() => portal.MailsAsync(email, "sign-in"), m => m.Count == 1, "the mail");
        (await browser.SubmitAsync(page, null, ("Code", PortalUnderTest.CodeIn(mails[0])))).Location.Should().Be("/orders");
    }

    [SecurityCase("S1", "a wrong order number or reference is one sentence and no mail")]
    [Test]
    public async Task What_does_not_belong_together_is_one_sentence_and_no_mail()
    {
        var (id, email) = await SellAsync();
        var (another, _) = await SellAsync();
        var (disabled, disabledEmail) = await SellAsync();
        await portal.ExecuteAsync($"""update customers_customer set "DisabledAt" = "CreatedAt" where "Email" = '{disabledEmail}'""");
        await portal.TellAsync(connection, Order("nobodys") with { Customer = null });
        await portal.TellAsync(
            connection,
            new CustomerRecord { Id = "cus-mute", AsOf = portal.Now },
            Order("mute") with
            {
                Customer = new CustomerReference { Id = "cus-mute" },
            }
        );
        await portal.TellAsync(connection, Order("twice") with { Customer = new CustomerReference { Email = "one@example.com" } });
        await portal.TellAsync(other, Order("twice") with { Customer = new CustomerReference { Email = "two@example.com" } });
        var requests = await portal.CountAsync("customers_sign_in_request");
        using var browser = portal.Open();

        List<string> answers = [];
        foreach (
            var (number, reference) in ((string, string)[])
                [
                    ($"LF-{id}", $"pay-{another}"),
                    ($"LF-{another}", $"ord-{id}"),
                    ($"LF-{id}", $"LF-{id}"),
                    ($"LF-{id}", ""),
                    ("", $"pay-{id}"),
                    ($"LF-{id}", "%"),
                    ("LF-", $"pay-{id}"),
                    ($"LF-{id}", new string('x', 5000)),
                    ($"LF-{disabled}", $"pay-{disabled}"),
                    ("LF-nobodys", "ord-nobodys"),
                    ("LF-mute", "ord-mute"),
                    ("LF-twice", "ord-twice"),
                ]
        )
        {
            var answer = await ProveAsync(browser, number, reference);
            answer.Code.Should().Be(422, "{0} {1}", number, reference);
            foreach (var field in answer.Page.QuerySelectorAll("#number, #reference"))
            {
                field.GetAttribute("aria-describedby").Should().Contain("proof-error");
                field.RemoveAttribute("value");
            }

            answer.Page.QuerySelector("input[name=__RequestVerificationToken]")!.Remove();
            answers.Add(answer.Page.QuerySelector("main")!.InnerHtml);
        }

        answers.Distinct().Should().ContainSingle().Which.Should().Contain("do not belong together");
        (await portal.CountAsync("customers_sign_in_request")).Should().Be(requests, "without a request there is no mail");
        (await portal.MailsAsync(email)).Where(m => m.Entry.Kind == "sign-in").Should().BeEmpty();
    }

    [Test]
    public async Task It_counts_with_the_other_mails_to_the_address()
    {
        var (id, email) = await SellAsync();
        using var browser = portal.Open();
        for (var i = 0; i < 5; i++)
        {
            (await ProveAsync(browser, $"LF-{id}", $"pay-{id}")).Location.Should().Be("/sign-in/sent");
            await portal.SignInsDecidedAsync();
        }

        (await portal.MailsAsync(email, "sign-in")).Should().HaveCount(3);
    }

    [Test]
    public async Task Whoever_has_no_use_of_the_address_is_told_where_to_write()
    {
        using var browser = portal.Open();
        (await browser.GetAsync("/sign-in")).Page.QuerySelector("main a[href='/sign-in/help']").Should().NotBeNull();
        (await browser.GetAsync("/sign-in/sent")).Page.QuerySelector("main a[href='/sign-in/help']").Should().NotBeNull();
        await portal.InScopeAsync(s =>
            s.GetRequiredService<IStore>()
                .DescribeAsync(new StoreDescription("Shop", "Shop Ltd", "Street 1", "DE", "", "help@shop.example.test"), CancellationToken.None)
        );

        (await browser.GetAsync("/sign-in/help")).Page.QuerySelector("main a[href='mailto:help@shop.example.test']").Should().NotBeNull();
    }

    private static async Task<Answer> ProveAsync(Browser browser, string number, string reference, string? returnTo = null) =>
        await browser.SubmitAsync(
            await browser.GetAsync("/sign-in/help" + (returnTo is null ? "" : "?returnTo=" + Uri.EscapeDataString(returnTo))),
            null,
            ("Number", number),
            ("Reference", reference)
        );

    private OrderRecord Order(string id) => Deeds.Order(id, "unused@example.com", 1000, portal.Now) with { Reference = "LF-" + id };

    private async Task<(string Id, string Email)> SellAsync()
    {
        var id = $"{++buyers}x";
        var email = $"buyer{id}@example.com";
        await portal.TellAsync(
            connection,
            Order(id) with
            {
                Customer = new CustomerReference { Email = email },
            },
            Deeds.Payment(id, email, 1000, portal.Now)
        );
        return (id, email);
    }
}
