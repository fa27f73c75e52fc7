using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Customers.Data;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>The way in by mail: what a link is good for, what it tells, and where it leads.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class SignInTests(Db db)
{
    private static int buyers;
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

    [SecurityCase("S3", "opening, probing and prefetching use up nothing and start no session")]
    [Test]
    public async Task Opening_a_link_never_uses_it_up()
    {
        using var browser = portal.Open();
        var link = await portal.LinkAsync(browser, await BuyerAsync());
        var sessions = await portal.CountAsync("access_session");

        using var scanner = portal.Open();
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head, HttpMethod.Get, HttpMethod.Options, HttpMethod.Get])
        {
            await scanner.SendAsync(method, link, null, ("Sec-Purpose", "prefetch"));
        }

        scanner.Cookies.Should().NotContainKey(Browser.SessionCookie);
        (await portal.CountAsync("access_session")).Should().Be(sessions);
        (await browser.SubmitAsync(await browser.GetAsync(link))).Location.Should().Be("/");
        (await browser.GetAsync("/")).Code.Should().Be(200);
    }

    [SecurityCase("S5", "one of twenty presses wins")]
    [Test]
    public async Task Twenty_presses_at_once_make_one_session()
    {
        using var browser = portal.Open();
        var link = await portal.LinkAsync(browser, await BuyerAsync());
        var (action, fields) = Browser.Read(await browser.GetAsync(link));
        var before = await portal.CountAsync("access_session");

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async _ =>
                {
                    using var tab = portal.Open();
                    tab.Cookies.Add("__Host-portal-forms", browser.Cookies["__Host-portal-forms"]);
                    return await tab.PostAsync(action, fields);
                })
        );

        answers.Count(a => a.Code == 302).Should().Be(1);
        answers.Count(a => a.Code == 410).Should().Be(19);
        (await portal.CountAsync("access_session") - before).Should().Be(1);
    }

    [SecurityCase("S4", "superseded, spent, expired, disabled, wrong and overlong links: one page, one status")]
    [Test]
    public async Task All_links_that_no_longer_work_look_the_same()
    {
        using var browser = portal.Open();
        var email = await BuyerAsync();
        var superseded = await portal.LinkAsync(browser, email);
        var spent = await portal.LinkAsync(browser, email);
        (await browser.SubmitAsync(await browser.GetAsync(spent))).Code.Should().Be(302);
        var expired = await portal.LinkAsync(browser, email);
        portal.Clock.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(1));
        var other = await BuyerAsync();
        var disabled = await portal.LinkAsync(browser, other);
        await DisableAsync(other);
        var living = await portal.LinkAsync(browser, await BuyerAsync());
        string[] dead =
        [
            superseded,
            spent,
            expired,
            disabled,
            living[..^1] + (living[^1] == 'A' ? 'B' : 'A'),
            "/sign-in/" + new string('x', 43),
            "/sign-in/x",
            "/sign-in/" + new string('x', 10_000),
        ];

        List<Answer> opened = [],
            pressed = [];
        using var stranger = portal.Open();
        var token = await stranger.TokenAsync();
        foreach (var link in dead)
        {
            opened.Add(await stranger.GetAsync(link));
            pressed.Add(await stranger.PostAsync(link, [new(Browser.TokenField, token)]));
        }

        opened.Select(a => a.Code).Should().AllBeEquivalentTo(410);
        pressed.Select(a => a.Code).Should().AllBeEquivalentTo(410);
        opened.Select(WithoutItsToken).Distinct().Should().ContainSingle().Which.Should().Contain("no longer works");
        pressed.Select(WithoutItsToken).Distinct().Should().ContainSingle();
        stranger.Cookies.Should().NotContainKey(Browser.SessionCookie);
    }

    [SecurityCase("S4", "the thirtieth minute still counts")]
    [Test]
    public async Task A_dead_link_mails_a_fresh_one_to_the_same_address_at_a_press()
    {
        using var browser = portal.Open();
        var email = await BuyerAsync();
        var expired = await portal.LinkAsync(browser, email, "/orders");
        portal.Clock.Advance(TimeSpan.FromHours(20));

        using var elsewhere = portal.Open();
        var dead = await elsewhere.GetAsync(expired);
        dead.Page.QuerySelectorAll("main button").Should().ContainSingle();
        var pressed = await elsewhere.SubmitAsync(dead);

        pressed.Location.Should().Be("/sign-in/sent");
        var mails = await Poller.UntilAsync(() => portal.MailsAsync(email, "sign-in"), m => m.Count == 2, "the fresh mail");
        var page = await elsewhere.GetAsync("/sign-in/sent");
        (await elsewhere.SubmitAsync(page, null, ("Code", PortalUnderTest.CodeIn(mails[0]))))
            .Location.Should()
            .Be("/orders", "it keeps where she was going");
    }

    [Test]
    public async Task A_fresh_mail_for_a_link_nobody_was_sent_looks_the_same_and_asks_for_nothing()
    {
        using var browser = portal.Open();
        var email = await BuyerAsync();
        var spent = await portal.LinkAsync(browser, email);
        await browser.SubmitAsync(await browser.GetAsync(spent));
        var requests = await portal.CountAsync("customers_sign_in_request");
        List<string> answers = [];
        foreach (var link in (string[])[spent, "/sign-in/" + new string('x', 43), "/sign-in/x"])
        {
            using var stranger = portal.Open();
            var pressed = await stranger.SubmitAsync(await stranger.GetAsync(link));
            var sizes = string.Join(',', pressed.SetCookies.Select(c => c.Split(';')[0].Length));
            answers.Add(Describe(pressed) + sizes + Describe(await stranger.GetAsync(pressed.Location!)));
        }

        answers.Distinct().Should().ContainSingle();
        (await portal.CountAsync("customers_sign_in_request")).Should().Be(requests + 1, "only one of them was ever mailed to anybody");
    }

    [Test]
    public async Task Whoever_is_signed_in_is_sent_on_unless_she_was_sent_here()
    {
        var email = await BuyerAsync();
        using var browser = await portal.SignedInAsync(email);

        (await browser.GetAsync("/sign-in")).Location.Should().Be("/");
        (await browser.GetAsync("/sign-in?returnTo=//evil.test")).Location.Should().Be("/");
        var asked = await browser.GetAsync("/sign-in?returnTo=/profile/security");
        asked.Page.QuerySelector("#email")!.GetAttribute("value").Should().Be(email, "she need not type what the portal knows");
    }

    [Test]
    public async Task A_link_works_until_its_last_second()
    {
        using var browser = portal.Open();
        var link = await portal.LinkAsync(browser, await BuyerAsync());

        portal.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));

        (await browser.SubmitAsync(await browser.GetAsync(link))).Location.Should().Be("/");
    }

    [SecurityCase("S1", "known and unknown: same answer but for the anti-forgery value")]
    [Test]
    public async Task The_answer_does_not_tell_whether_an_address_is_known()
    {
        var disabled = await BuyerAsync();
        await DisableAsync(disabled);
        string[] addresses = [await BuyerAsync(), "nobody-knows@example.com", disabled, "merchant@shop.example.test", await BuyerOfTwoShopsAsync()];

        List<string> answers = [];
        foreach (var address in addresses)
        {
            using var browser = portal.Open();
            List<Answer> all = [await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", address))];
            all.Add(await browser.GetAsync(all[0].Location!));
            await portal.SignInsDecidedAsync();
            for (var tries = 0; tries < 7; tries++)
            {
                all.Add(await browser.SubmitAsync(all[1], "form[action='/sign-in/code']", ("Code", "no code")));
            }

            for (var again = 0; again < 4; again++)
            {
                all.Add(await browser.SubmitAsync(all[1], "form[action='/sign-in/sent']"));
                await portal.SignInsDecidedAsync();
            }

            answers.Add(string.Join('\n', all.Select(Describe)));
        }

        answers.Distinct().Should().ContainSingle().Which.Should().Contain("Check your mail");
    }

    [SecurityCase("S9", "what is no address is refused and mails nobody")]
    [TestCase("")]
    [TestCase("no-address")]
    [TestCase("a b@example.com")]
    [TestCase("a@b@example.com")]
    [TestCase("@example.com")]
    [TestCase("a@example")]
    [TestCase("a@x.test\r\nBcc:e@evil.test")]
    [TestCase("a\tb@example.com")]
    [TestCase("<a@example.com>")]
    [TestCase("a@x.test%0d%0aBcc:e@evil.test")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com")]
    [TestCase("a@eXample.\u212Aom")]
    public async Task What_is_no_address_is_refused_and_nobody_is_mailed(string typed)
    {
        using var browser = portal.Open();
        var requests = await portal.CountAsync("customers_sign_in_request");

        var answer = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", typed));

        answer.Code.Should().Be(400);
        answer.Words.Should().Contain("not an e-mail address");
        (await portal.CountAsync("customers_sign_in_request")).Should().Be(requests, "without a request there is no mail");
    }

    [Test]
    public async Task An_address_of_255_characters_is_one_too_long()
    {
        using var browser = portal.Open();
        var longest = "a@" + string.Join('.', Enumerable.Repeat(new string('b', 63), 3)) + "." + new string('c', 60);
        longest.Should().HaveLength(254);

        (await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", longest))).Code.Should().Be(302);
        (await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", "a" + longest))).Code.Should().Be(400);
    }

    [Test]
    public async Task A_form_that_holds_a_NUL_is_refused_in_words()
    {
        using var browser = portal.Open();
        var requests = await portal.CountAsync("customers_sign_in_request");

        var answer = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", "a\0@example.com"));

        answer.Code.Should().Be(400);
        answer.Title.Should().Be("This form is out of date");
        (await portal.CountAsync("customers_sign_in_request")).Should().Be(requests);
    }

    [SecurityCase("S9", "mail goes to the stored address")]
    [Test]
    public async Task The_mail_goes_to_the_stored_address_whatever_spelling_was_typed()
    {
        var stored = $"Ada.{buyers++}@Example.com";
        await portal.TellAsync(connection, Deeds.Purchase($"s{buyers++}", stored, 1000, portal.Now));
        using var browser = portal.Open();

        await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", $" {stored.ToUpperInvariant()} "));

        var mails = await Poller.UntilAsync(() => portal.MailsAsync(stored, "sign-in"), m => m.Count == 1, "the mail");
        mails[0].Entry.To.Should().Be(stored);
        mails[0].Text.Should().Contain($"{PortalUnderTest.ShopUrl}/sign-in/").And.NotContain("127.0.0.1");
        var files = await Poller.UntilAsync(
            () =>
                Task.FromResult(
                    Directory
                        .GetFiles(portal.Data.Combine("mail"), "*.eml")
                        .Select(File.ReadAllText)
                        .Where(t => t.Contains(stored, StringComparison.Ordinal))
                        .ToList()
                ),
            f => f.Count > 0,
            "the file of the mail"
        );
        files[0].Should().Contain($"To: {stored}").And.MatchRegex("(?i)message-id: <eml_");
    }

    [SecurityCase("S9", "look-alikes, plus signs and dots are others")]
    [TestCase("\u212Aarl{0}@example.com", "karl{0}@example.com")]
    [TestCase("\u017Fam{0}@example.com", "sam{0}@example.com")]
    [TestCase("a+t{0}@example.com", "a{0}@example.com")]
    [TestCase("a.b{0}@example.com", "ab{0}@example.com")]
    [TestCase("\u0430da{0}@example.com", "ada{0}@example.com")]
    public async Task A_look_alike_reaches_nobody(string typed, string stored)
    {
        var number = buyers++;
        stored = string.Format(null, stored, number);
        await portal.TellAsync(connection, Deeds.Purchase($"s{number}", stored, 1000, portal.Now));
        using var browser = portal.Open();

        await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", string.Format(null, typed, number)));

        await portal.SignInsDecidedAsync();
        (await portal.MailsAsync(stored, "sign-in")).Should().BeEmpty();
    }

    [SecurityCase("S6", "three mails a quarter of an hour, and asking more voids nothing")]
    [Test]
    public async Task One_address_gets_three_mails_in_a_quarter_of_an_hour_and_the_newest_link_stays_good()
    {
        var email = await BuyerAsync();
        using var browser = portal.Open();
        for (var i = 0; i < 5; i++)
        {
            await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", email));
            await portal.SignInsDecidedAsync();
        }

        var mails = await portal.MailsAsync(email, "sign-in");
        mails.Should().HaveCount(3);
        (await browser.GetAsync(PortalUnderTest.LinkIn(mails[0]))).Code.Should().Be(200);

        portal.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", email));
        await portal.SignInsDecidedAsync();
        (await portal.MailsAsync(email, "sign-in")).Should().HaveCount(3, "a second is missing yet");

        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await portal.LinkAsync(browser, email);
    }

    [Test]
    public async Task One_address_gets_ten_mails_a_day()
    {
        var email = await BuyerAsync();
        using var browser = portal.Open();
        for (var i = 0; i < 10; i++)
        {
            await portal.LinkAsync(browser, email);
            portal.Clock.Advance(TimeSpan.FromMinutes(16));
        }

        await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", email));
        await portal.SignInsDecidedAsync();
        (await portal.MailsAsync(email, "sign-in")).Should().HaveCount(10);

        portal.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(160));
        await portal.LinkAsync(browser, email);
    }

    [Test]
    public async Task A_mailbox_full_of_mails_somebody_else_asked_for_locks_nobody_out()
    {
        var email = await BuyerAsync();
        using var stranger = portal.Open();
        for (var i = 0; i < 10; i++)
        {
            await portal.LinkAsync(stranger, email);
            portal.Clock.Advance(TimeSpan.FromMinutes(16));
        }

        portal.Clock.Advance(TimeSpan.FromMinutes(15));
        using var browser = portal.Open();
        await portal.LinkAsync(browser, email);
    }

    [Test]
    public async Task Asking_twenty_times_at_once_sends_three_mails_too_and_one_link_works()
    {
        var email = await BuyerAsync();
        using var browser = portal.Open();
        var (action, fields) = Browser.Read(await browser.GetAsync("/sign-in"));
        fields["Email"] = email;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.PostAsync(action, fields)));
        await portal.SignInsDecidedAsync();

        var mails = await portal.MailsAsync(email, "sign-in");
        mails.Should().HaveCount(3);
        var opened = await Task.WhenAll(mails.Select(m => browser.GetAsync(PortalUnderTest.LinkIn(m))));
        opened.Count(a => a.Code == 200).Should().Be(1, "each link replaces the ones before");
    }

    [SecurityCase("S8", "the way back never leaves the portal")]
    [TestCase("/orders", "/orders")]
    [TestCase("/orders?page=n1-1", "/orders?page=n1-1")]
    [TestCase("/ok?x=//evil.test", "/ok?x=//evil.test")]
    [TestCase("//evil.test", "/")]
    [TestCase("/\\evil.test", "/")]
    [TestCase("\\\\evil.test", "/")]
    [TestCase("https:evil.test", "/")]
    [TestCase("https://evil.test/", "/")]
    [TestCase("javascript:alert(1)", "/")]
    [TestCase("/\r\nSet-Cookie:x=1", "/")]
    [TestCase("/a\tb", "/")]
    [TestCase("/\u202Eevil", "/")]
    [TestCase("orders", "/")]
    [TestCase("~/orders", "/")]
    public async Task Afterwards_a_buyer_goes_on_where_she_was_but_never_elsewhere(string returnTo, string leadsTo)
    {
        var email = await BuyerAsync();
        using var browser = portal.Open();
        var page = await browser.GetAsync("/sign-in?returnTo=" + Uri.EscapeDataString(returnTo));
        (page.Page.QuerySelector("input[name=ReturnTo]")?.GetAttribute("value") ?? "/").Should().Be(leadsTo);

        // The form's field can be anything, whatever the page put there.
        await browser.SubmitAsync(page, null, ("Email", email), ("ReturnTo", returnTo));
        var mails = await Poller.UntilAsync(() => portal.MailsAsync(email, "sign-in"), m => m.Count > 0, "the mail");
        var answer = await browser.SubmitAsync(await browser.GetAsync(PortalUnderTest.LinkIn(mails[0])));

        answer.Location.Should().Be(leadsTo);
        answer.Headers.Should().NotContainKey("x");
    }

    [SecurityCase("S8", "nor does an overlong one")]
    [Test]
    public async Task A_very_long_way_back_is_forgotten()
    {
        using var browser = portal.Open();

        var page = await browser.GetAsync("/sign-in?returnTo=/" + new string('a', 6000));

        page.Code.Should().Be(200);
        page.Page.QuerySelector("input[name=ReturnTo]").Should().BeNull();
    }

    [SecurityCase("K1", "tokens and mail texts cannot be read in the database")]
    [Test]
    public async Task Neither_tokens_nor_mails_can_be_read_in_the_database()
    {
        var email = await BuyerAsync();
        using var browser = portal.Open();
        var used = await portal.LinkAsync(browser, email);
        await browser.SubmitAsync(await browser.GetAsync(used));
        var living = await portal.LinkAsync(browser, email);
        string[] secrets = [used["/sign-in/".Length..], living["/sign-in/".Length..], browser.Cookies[Browser.SessionCookie]];
        var mail = (await portal.MailsAsync(email))[0].Text.Split("\r\n")[0];

        var dump = string.Join('\n', (await portal.DumpAsync()).Values);
        if (db == Db.Sqlite)
        {
            // The file itself too, with what its pages still hold of former rows.
            foreach (var file in Directory.GetFiles(portal.Data.Path, "portal.db*"))
            {
                await using var shared = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var bytes = new MemoryStream();
                await shared.CopyToAsync(bytes);
                dump += Encoding.Latin1.GetString(bytes.ToArray());
            }
        }

        dump.Should().Contain(email, "this is the right database");
        dump.Should().NotContain(mail);
        dump.Should().NotContain("/sign-in/");
        foreach (var secret in secrets)
        {
            secret.Should().HaveLength(43);
            dump.Should().NotContain(secret);
            dump.Should().NotContain(Convert.ToHexString(Encoding.ASCII.GetBytes(secret)));
            dump.Should().NotContain(Convert.ToHexString(Convert.FromBase64String(secret.Replace('-', '+').Replace('_', '/') + "=")));
        }
    }

    [SecurityCase("S8", "no referrer, no cache, nothing from elsewhere, a redirect without the token")]
    [Test]
    public async Task The_page_behind_a_link_tells_nobody_of_it()
    {
        using var browser = portal.Open();
        var link = await portal.LinkAsync(browser, await BuyerAsync());

        var page = await browser.GetAsync(link);

        page.Header("Referrer-Policy").Should().Be("no-referrer");
        page.Header("Cache-Control").Should().Contain("no-store");
        page.Page.QuerySelectorAll("[src], link[href], a[href]")
            .Select(e => e.GetAttribute("src") ?? e.GetAttribute("href")!)
            .Should()
            .OnlyContain(a => a.StartsWith('/') || a.StartsWith('#') || a.StartsWith('?'));
    }

    [TestCase("ada@b\u00fccher.example", "Ada@XN--BCHER-KVA.example")]
    [TestCase("bert@xn--bcher-kva.example", "bert@B\u00fccher.example")]
    public async Task A_domain_is_the_same_in_letters_and_in_punycode(string stored, string typed)
    {
        await portal.TellAsync(connection, Deeds.Purchase($"s{buyers++}", stored, 1000, portal.Now));
        using var browser = portal.Open();

        await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", typed));

        var mails = await Poller.UntilAsync(() => portal.MailsAsync(stored, "sign-in"), m => m.Count == 1, "the mail");
        mails[0].Entry.To.Should().Be(stored, "mail goes to the address as it is stored");
    }

    /// <summary>Its button needs the token of the page it stands on.</summary>
    private static string WithoutItsToken(Answer answer) => answer.Masked.Replace(answer.Path + "/fresh", "", StringComparison.Ordinal);

    private static string Describe(Answer answer) =>
        string.Join(
            '\n',
            [
                $"{answer.Code} {answer.Location}",
                .. answer
                    .Headers.Where(h => h.Key is not "Date" and not "Content-Length")
                    .OrderBy(h => h.Key, StringComparer.Ordinal)
                    .Select(h =>
                        h.Key == "Set-Cookie"
                            ? "cookies " + string.Join(',', h.Value.Select(c => c.Split('=')[0]))
                            : $"{h.Key}: {string.Join(',', h.Value)}"
                    ),
                answer.Masked,
            ]
        );

    private async Task<string> BuyerAsync()
    {
        var number = Interlocked.Increment(ref buyers);
        var email = $"buyer{number}@example.com";
        await portal.TellAsync(connection, Deeds.Purchase($"b{number}", email, 1000, portal.Now));
        return email;
    }

    private async Task<string> BuyerOfTwoShopsAsync()
    {
        var email = await BuyerAsync();
        await portal.TellAsync((await portal.ConnectSilentAsync($"Second {buyers}")).Id, Deeds.Purchase("s" + email, email, 1000, portal.Now));
        return email;
    }

    private Task<int> DisableAsync(string email) =>
        portal.AskAsync(async data =>
        {
            var now = portal.Now;
            return await data.Set<Customer>().Where(c => c.Email == email).ExecuteUpdateAsync(set => set.SetProperty(c => c.DisabledAt, now));
        });
}
