using Microsoft.EntityFrameworkCore;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Processors;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Whose an address is: nobody's before its mailbox said so, and never lost to a stranger afterwards.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class EmailTests(Db db)
{
    private static int people;
    private PortalUnderTest portal = null!;
    private long connection;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        connection = (await portal.ConnectSilentAsync()).Id;
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [Test]
    public async Task A_confirmed_address_is_a_way_in_and_the_main_one_is_told()
    {
        var (main, further) = (await BuyerAsync(), Fresh("Further.One"));
        using var browser = await portal.SignedInAsync(main);

        (await AskAsync(browser, "add", further)).Location.Should().Contain("news=Sent");
        (await portal.CustomerAsync(further)).Should().BeNull("nobody has confirmed it");
        var done = await browser.PressAsync(await portal.MailedLinkAsync(further, "confirm-address"));

        done.Location.Should().Contain("news=Added");
        (await browser.GetAsync("/profile/emails")).Words.Should().Contain(further);
        (await portal.MailsAsync(main, "email-added")).Should().ContainSingle().Which.Text.Should().Contain(further);
        using var elsewhere = portal.Open();
        var link = await LinkForAsync(elsewhere, further.ToUpperInvariant(), further);
        (await elsewhere.SubmitAsync(await elsewhere.GetAsync(link))).Location.Should().Be("/");
        (await elsewhere.GetAsync("/profile/emails")).Words.Should().Contain(main);
    }

    [Test]
    public async Task Orders_bought_as_a_guest_are_claimed_by_confirming_their_address_and_not_before()
    {
        var (main, guest) = (await BuyerAsync(), await BuyerAsync());
        using var browser = await portal.SignedInAsync(main);

        await AskAsync(browser, "add", guest);
        (await OrdersAsync(browser)).Should().Be(1, "asking alone merges nobody");
        await browser.PressAsync(await portal.MailedLinkAsync(guest, "confirm-address"));

        (await OrdersAsync(browser)).Should().Be(2);
        (await portal.CustomerAsync(guest))!.Email.Should().Be(main);
        await portal.TellAsync(connection, Deeds.Purchase(Number("late"), guest, 900, portal.Now));
        (await OrdersAsync(browser)).Should().Be(3, "what is bought with it from now on is hers");
    }

    [Test]
    public async Task Somebody_with_further_addresses_is_somebody_and_is_not_claimed()
    {
        var (main, other, shared) = (await BuyerAsync(), await BuyerAsync(), Fresh("shared"));
        using var hers = await portal.SignedInAsync(main);
        using var others = await portal.SignedInAsync(other);
        await AskAsync(others, "add", shared);
        await others.PressAsync(await portal.MailedLinkAsync(shared, "confirm-address"));

        await AskAsync(hers, "add", shared);
        var answer = await hers.PressAsync(await portal.MailedLinkAsync(shared, "confirm-address"));

        answer.Location.Should().Contain("news=Anothers");
        (await hers.GetAsync(answer.Location!)).Words.Should().Contain("belongs to another account");
        (await OrdersAsync(hers)).Should().Be(1);
        (await others.GetAsync("/profile/emails")).Words.Should().Contain(shared);
    }

    [SecurityCase("S1", "adding an address does not tell whose it is")]
    [Test]
    public async Task The_answer_does_not_tell_whether_an_address_is_anybodys()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        var known = await AskAsync(browser, "add", await BuyerAsync());
        using var another = await portal.SignedInAsync(await BuyerAsync());
        var unknown = await AskAsync(another, "add", Fresh("unknown"));

        (known.Code, known.Location).Should().Be((unknown.Code, unknown.Location));
        known.Headers.Keys.Should().BeEquivalentTo(unknown.Headers.Keys);
        var (first, second) = (await browser.GetAsync(known.Location!), await another.GetAsync(unknown.Location!));
        first.Page.QuerySelector(".notice")!.TextContent.Should().Be(second.Page.QuerySelector(".notice")!.TextContent);
    }

    [Test]
    public async Task A_mailbox_gives_itself_to_nobody_but_who_asked()
    {
        var (attacker, victim) = (await BuyerAsync(), await BuyerAsync());
        using var evil = await portal.SignedInAsync(attacker);
        await AskAsync(evil, "add", victim);
        var link = await portal.MailedLinkAsync(victim, "confirm-address");

        using var nobody = portal.Open();
        using var her = await portal.SignedInAsync(victim);
        foreach (var browser in (Browser[])[nobody, her])
        {
            var answer = await browser.PressAsync(link);
            answer.Location.Should().EndWith("signIn=True");
            (await browser.GetAsync(answer.Location!)).Words.Should().Contain("Sign in first");
        }

        (await OrdersAsync(her)).Should().Be(1);
        (await portal.CustomerAsync(victim))!.Email.Should().Be(victim);
    }

    [SecurityCase("S9", "a look-alike claims nobody's purchases")]
    [TestCase("\u212Aarl{0}@example.com", "karl{0}@example.com")]
    [TestCase("a+t{0}@example.com", "a{0}@example.com")]
    [TestCase("a.b{0}@example.com", "ab{0}@example.com")]
    [TestCase("\u0430da{0}@example.com", "ada{0}@example.com")]
    public async Task A_look_alike_claims_nobody(string typed, string stored)
    {
        var number = Interlocked.Increment(ref people);
        (typed, stored) = (string.Format(null, typed, number), string.Format(null, stored, number));
        await portal.TellAsync(connection, Deeds.Purchase(Number("look"), stored, 1000, portal.Now));
        using var browser = await portal.SignedInAsync(await BuyerAsync());

        await AskAsync(browser, "add", typed);
        await browser.PressAsync(await portal.MailedLinkAsync(typed, "confirm-address"));

        (await portal.MailsAsync(stored)).Should().NotContain(m => m.Entry.Kind == "confirm-address");
        (await OrdersAsync(browser)).Should().Be(1);
        (await portal.CustomerAsync(stored))!.Email.Should().Be(stored);
    }

    [TestCase("no-address")]
    [TestCase("a b@example.com")]
    [TestCase("a@x.test\r\nBcc:e@evil.test")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com")]
    public async Task What_is_no_address_is_refused_on_the_same_page(string typed)
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        var links = await portal.CountAsync("customers_mailed_link");

        var answer = await AskAsync(browser, "add", typed);

        answer.Code.Should().Be(422);
        var field = answer.Page.QuerySelector("#email")!;
        field.GetAttribute("aria-invalid").Should().Be("true");
        answer.Page.GetElementById(field.GetAttribute("aria-describedby")!.Split(' ')[0])!.TextContent.Should().Contain("not an e-mail address");
        (await portal.CountAsync("customers_mailed_link")).Should().Be(links);
    }

    [Test]
    public async Task A_changed_address_signs_in_and_the_former_one_does_not_though_its_orders_stay_hers()
    {
        var (before, after) = (await BuyerAsync(), Fresh("new"));
        using var browser = await portal.SignedInAsync(before);
        using var elsewhere = await portal.SignedInAsync(before);
        using var third = portal.Open();
        var open = await portal.LinkAsync(third, before);

        await AskAsync(browser, "change", after);
        (await portal.CustomerAsync(before))!.Email.Should().Be(before, "nothing is confirmed yet");
        (await browser.PressAsync(await portal.MailedLinkAsync(after, "confirm-change"))).Location.Should().Contain("news=Changed");

        (await browser.GetAsync("/")).Code.Should().Be(200, "this browser made the change");
        (await elsewhere.GetAsync("/")).Code.Should().Be(302, "every other one is signed out");
        (await third.GetAsync(open)).Code.Should().Be(410, "open links are void");
        (await portal.CustomerAsync(after))!.Email.Should().Be(after);
        (await portal.CustomerAsync(before)).Should().BeNull("it lets nobody in");
        await portal.TellAsync(connection, Deeds.Purchase(Number("renewal"), before, 900, portal.Now));
        (await OrdersAsync(browser)).Should().Be(2);
        (await browser.GetAsync("/profile/security")).Words.Should().Contain("changed to");
    }

    [Test]
    public async Task The_former_address_undoes_the_change_and_throws_everybody_out_with_all_they_brought()
    {
        var (before, after, extra) = (await BuyerAsync(), Fresh("stranger"), Fresh("extra"));
        var guest = await BuyerAsync();
        using var stranger = await portal.SignedInAsync(before);
        foreach (
            var (verb, address, kind) in ((string, string, string)[])
                [("add", extra, "confirm-address"), ("add", guest, "confirm-address"), ("change", after, "confirm-change")]
        )
        {
            await AskAsync(stranger, verb, address);
            await stranger.PressAsync(await portal.MailedLinkAsync(address, kind));
        }

        var undo = await portal.MailedLinkAsync(before, "email-changed");
        using var her = portal.Open();
        (await her.GetAsync(undo)).Code.Should().Be(200);
        (await portal.CustomerAsync(after))!.Email.Should().Be(after, "opening the link does nothing");
        portal.Clock.Advance(TimeSpan.FromHours(71));
        (await her.PressAsync(undo)).Location.Should().Be("/link/done/Undone");

        (await stranger.GetAsync("/")).Code.Should().Be(302);
        (await portal.CustomerAsync(before))!.Email.Should().Be(before);
        (await portal.CustomerAsync(after)).Should().BeNull();
        (await portal.CustomerAsync(extra)).Should().BeNull();
        (await portal.CustomerAsync(guest))!.Email.Should().Be(guest, "whom the stranger claimed is herself again");
        (await her.GetAsync(undo)).Code.Should().Be(410, "it works once");
        using var back = await portal.SignedInAsync(before);
        (await OrdersAsync(back)).Should().Be(1);
    }

    [Test]
    public async Task After_72_hours_the_change_stands()
    {
        var (before, after) = (await BuyerAsync(), Fresh("stays"));
        using var browser = await portal.SignedInAsync(before);
        await AskAsync(browser, "change", after);
        await browser.PressAsync(await portal.MailedLinkAsync(after, "confirm-change"));

        portal.Clock.Advance(TimeSpan.FromHours(72) + TimeSpan.FromSeconds(1));

        (await browser.GetAsync(await portal.MailedLinkAsync(before, "email-changed"))).Code.Should().Be(410);
    }

    [Test]
    public async Task Changing_the_address_wants_a_fresh_sign_in_and_comes_back()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());

        portal.Clock.Advance(TimeSpan.FromMinutes(16));

        foreach (var page in (string[])["/profile/emails/change", "/profile/emails/add"])
        {
            (await browser.GetAsync(page)).Location.Should().Be("/sign-in?returnTo=" + Uri.EscapeDataString(page));
        }

        (await browser.GetAsync("/profile/emails")).Code.Should().Be(200, "looking is no change");
    }

    [Test]
    public async Task A_processor_cannot_move_an_address_that_somebody_proved()
    {
        var email = Fresh("proved");
        await portal.TellAsync(connection, Account("cus-" + email, email));
        using var browser = await portal.SignedInAsync(email);
        var after = Fresh("hers");
        await AskAsync(browser, "change", after);
        await browser.PressAsync(await portal.MailedLinkAsync(after, "confirm-change"));

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var told in (string[])[email, Fresh("elsewhere")])
        {
            await portal.TellAsync(connection, Account("cus-" + email, told));
            portal.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        (await portal.CustomerAsync(after))!.Email.Should().Be(after);
        (await portal.CustomerAsync(email)).Should().BeNull();
    }

    [Test]
    public async Task A_processor_may_correct_an_address_nobody_proved()
    {
        var (typo, right) = (Fresh("typo"), Fresh("right"));
        await portal.TellAsync(connection, Account("cus-" + typo, typo));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));

        await portal.TellAsync(connection, Account("cus-" + typo, right));

        (await portal.CustomerAsync(right))!.Email.Should().Be(right);
        (await portal.CustomerAsync(typo)).Should().BeNull();
    }

    [Test]
    public async Task A_further_address_can_be_removed_the_main_one_cannot()
    {
        var (main, further) = (await BuyerAsync(), Fresh("away"));
        using var browser = await portal.SignedInAsync(main);
        await AskAsync(browser, "add", further);
        await browser.PressAsync(await portal.MailedLinkAsync(further, "confirm-address"));
        var page = await browser.GetAsync("/profile/emails");
        page.Page.QuerySelectorAll("form[action$='/remove']").Should().ContainSingle();

        (await browser.SubmitAsync(page, "form[action$='/remove']")).Location.Should().Contain("news=Removed");

        (await portal.CustomerAsync(further)).Should().BeNull();
        var id = await portal.ScalarAsync($"""select "PublicId" from customers_email where "Canonical" = '{main}'""");
        (await browser.PostAsync($"/profile/emails/{id}/remove", [new(Browser.TokenField, await browser.TokenAsync())])).Code.Should().Be(404);
    }

    [Test]
    public async Task Three_mails_in_a_quarter_of_an_hour_and_ten_addresses_are_the_most()
    {
        var main = await BuyerAsync();
        using var browser = await portal.SignedInAsync(main);
        for (var i = 0; i < 3; i++)
        {
            (await AskAsync(browser, "add", Fresh("many"))).Code.Should().Be(302);
        }

        var fourth = await AskAsync(browser, "add", Fresh("many"));
        (fourth.Code, fourth.Words.Contains("quarter of an hour", StringComparison.Ordinal)).Should().Be((422, true));

        var customer = (await portal.CustomerAsync(main))!.Id;
        await portal.AskAsync(async data =>
        {
            data.AddRange(Enumerable.Range(0, 9).Select(_ => new CustomerEmail(customer, Fresh("tenth"), EmailOrigin.Buyer, portal.Now)));
            return await data.SaveChangesAsync();
        });
        (await AskAsync(browser, "add", Fresh("many"))).Words.Should().Contain("Ten addresses");
    }

    [SecurityCase("S6", "one mailbox gets three mails, whoever asks")]
    [Test]
    public async Task One_address_is_mailed_three_times_whoever_asks_and_nobody_learns_that()
    {
        var target = Fresh("target");
        List<Answer> answers = [];
        for (var i = 0; i < 5; i++)
        {
            using var browser = await portal.SignedInAsync(await BuyerAsync());
            answers.Add(await AskAsync(browser, "add", target));
        }

        answers.Select(a => (a.Code, a.Location)).Distinct().Should().ContainSingle();
        (await portal.MailsAsync(target, "confirm-address")).Should().HaveCount(3);
    }

    [Test]
    public async Task Links_work_once_for_a_day_and_are_kept_as_hashes()
    {
        var further = Fresh("once");
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        await AskAsync(browser, "add", further);
        var link = await portal.MailedLinkAsync(further, "confirm-address");
        string.Join('\n', (await portal.DumpAsync()).Values).Should().NotContain(link["/link/".Length..]);

        portal.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));

        using var later = portal.Open();
        var dead = await later.GetAsync(link);
        var none = await later.GetAsync("/link/" + new string('x', 43));
        dead.Code.Should().Be(410);
        dead.Masked.Should().Be(none.Masked);
        dead.Header("Referrer-Policy").Should().Be("no-referrer");
    }

    private static async Task<Answer> AskAsync(Browser browser, string verb, string address) =>
        await browser.SubmitAsync(await browser.GetAsync("/profile/emails/" + verb), null, ("Email", address));

    private async Task<string> LinkForAsync(Browser browser, string typed, string stored)
    {
        await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", typed));
        var mails = await Poller.UntilAsync(() => portal.MailsAsync(stored, "sign-in"), m => m.Count > 0, "the sign-in mail");
        return PortalUnderTest.LinkIn(mails[0]);
    }

    private static async Task<int> OrdersAsync(Browser browser) =>
        (await browser.GetAsync("/orders")).Page.QuerySelectorAll("main a.row-title").Length;

    private CustomerRecord Account(string id, string email) =>
        new()
        {
            Id = id,
            AsOf = portal.Now,
            Email = email,
        };

    private static string Number(string name) => $"{name}{Interlocked.Increment(ref people)}";

    private static string Fresh(string name) => $"{Number(name)}@example.com";

    private async Task<string> BuyerAsync()
    {
        var email = Fresh("person");
        await portal.TellAsync(connection, Deeds.Purchase(Number("p"), email, 1000, portal.Now));
        return email;
    }
}
