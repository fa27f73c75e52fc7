using Microsoft.EntityFrameworkCore;
using Portal.Customers.Data;
using Portal.Notifications.Contract;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>The code beside the link: what it opens, how often it may be guessed at, and that both are one way in.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class SignInCodeTests(Db db)
{
    private const string CodeFormOf = "form[action='/sign-in/code']";
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

    [Test]
    public async Task On_the_browser_that_asked_the_code_alone_signs_in()
    {
        var email = await BuyerAsync();
        using var browser = portal.Open();
        var mail = await portal.SignInMailAsync(browser, email, "/orders");
        var page = await browser.GetAsync("/sign-in/sent");
        var field = page.Page.QuerySelector("input.code")!;
        field.GetAttribute("inputmode").Should().Be("numeric");
        field.GetAttribute("autocomplete").Should().Be("one-time-code");
        page.Page.QuerySelector("#email").Should().BeNull();

        var answer = await browser.SubmitAsync(page, CodeFormOf, ("Code", PortalUnderTest.CodeIn(mail)));

        answer.Location.Should().Be("/orders");
        (await browser.GetAsync("/orders")).Code.Should().Be(200);
        browser
            .Cookies.Should()
            .ContainSingle(
                c => c.Key.StartsWith("__Host-portal", StringComparison.Ordinal) && c.Key != "__Host-portal-forms",
                "what was asked is forgotten"
            );
        (await browser.GetAsync("/profile/security")).Words.Should().Contain("Signed in by the code in a mail");
    }

    [Test]
    public async Task On_another_device_address_and_code_sign_in()
    {
        var email = await BuyerAsync();
        using var browser = portal.Open();
        var mail = await portal.SignInMailAsync(browser, email, "/payments");
        using var phone = portal.Open();
        var page = await phone.GetAsync("/sign-in/code");

        var answer = await phone.SubmitAsync(page, CodeFormOf, ("Email", $" {email.ToUpperInvariant()} "), ("Code", PortalUnderTest.CodeIn(mail)));

        answer.Location.Should().Be("/payments", "the way back was asked for with the mail");
        (await phone.GetAsync("/")).Code.Should().Be(200);
    }

    [TestCase(" {0} {1} ")]
    [TestCase("{0}\u00a0{1}")]
    [TestCase("arabic")]
    public async Task A_code_may_be_typed_as_people_and_keyboards_do(string spelling)
    {
        using var browser = portal.Open();
        var code = PortalUnderTest.CodeIn(await portal.SignInMailAsync(browser, await BuyerAsync()));
        var typed =
            spelling == "arabic" ? string.Concat(code.Select(c => (char)(c - '0' + '\u0660'))) : string.Format(null, spelling, code[..3], code[3..]);

        (await browser.SubmitAsync(await browser.GetAsync("/sign-in/sent"), CodeFormOf, ("Code", typed))).Location.Should().Be("/");
    }

    [Test]
    public async Task The_mail_holds_link_and_code_and_its_subject_neither()
    {
        using var browser = portal.Open();

        var mail = await portal.SignInMailAsync(browser, await BuyerAsync());

        mail.Html.Should().Contain(PortalUnderTest.CodeIn(mail)).And.Contain(PortalUnderTest.LinkIn(mail));
        mail.Entry.Subject.Should().NotMatchRegex("[0-9]");
    }

    [SecurityCase("S4", "wrong, spent, superseded and expired codes: one page, one status")]
    [Test]
    public async Task All_codes_that_do_not_work_look_the_same()
    {
        using var asking = portal.Open();
        var email = await BuyerAsync();
        List<(string Email, string Code)> dead = [];
        var superseded = PortalUnderTest.CodeIn(await portal.SignInMailAsync(asking, email));
        var spent = await DifferentFromAsync(superseded, asking, email);
        dead.Add((email, superseded));
        await TryAsync(email, superseded);
        (await TryAsync(email, PortalUnderTest.CodeIn(spent))).Code.Should().Be(302);
        dead.Add((email, PortalUnderTest.CodeIn(spent)));

        var linked = await BuyerAsync();
        var byLink = await portal.SignInMailAsync(asking, linked);
        await asking.SubmitAsync(await asking.GetAsync(PortalUnderTest.LinkIn(byLink)));
        dead.Add((linked, PortalUnderTest.CodeIn(byLink)));

        var late = await BuyerAsync();
        dead.Add((late, PortalUnderTest.CodeIn(await portal.SignInMailAsync(asking, late))));
        portal.Clock.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(1));

        var disabled = await BuyerAsync();
        dead.Add((disabled, PortalUnderTest.CodeIn(await portal.SignInMailAsync(asking, disabled))));
        await portal.ExecuteAsync($"""update customers_customer set "DisabledAt" = "CreatedAt" where "Email" = '{disabled}'""");

        var living = await BuyerAsync();
        var right = PortalUnderTest.CodeIn(await portal.SignInMailAsync(asking, living));
        dead.Add((living, Other(right)));
        dead.Add((living, ""));
        dead.Add((living, right + "0"));
        dead.Add((living, new string('1', 10_000)));
        dead.Add((await AskedUnknownAsync(), "123456"));
        dead.Add(("never-asked@example.com", "123456"));
        dead.Add(("no address", "123456"));

        List<string> answers = [];
        foreach (var (typed, code) in dead)
        {
            var answer = await TryAsync(typed, code);
            answer.Code.Should().Be(422, "{0} {1}", typed, code);
            var field = answer.Page.QuerySelector("input.code")!;
            field.GetAttribute("aria-invalid").Should().Be("true");
            field.GetAttribute("aria-describedby").Should().Be(answer.Page.QuerySelector("[role=alert]")!.Id);
            answers.Add(answer.Masked.Replace($"value=\"{typed}\"", "", StringComparison.Ordinal));
        }

        answers.Distinct().Should().ContainSingle().Which.Should().Contain("This code does not work");
        (await TryAsync(living, right)).Code.Should().Be(302, "four wrong tries leave the right one");
    }

    [SecurityCase("S6", "five wrong tries end a code; its link still works")]
    [Test]
    public async Task Five_wrong_tries_end_a_code_but_not_its_link()
    {
        using var browser = portal.Open();
        var email = await BuyerAsync();
        var mail = await portal.SignInMailAsync(browser, email);
        var code = PortalUnderTest.CodeIn(mail);
        for (var tries = 0; tries < 5; tries++)
        {
            (await TryAsync(email, Other(code))).Code.Should().Be(422);
        }

        (await TryAsync(email, code)).Code.Should().Be(422);
        (await browser.SubmitAsync(await browser.GetAsync(PortalUnderTest.LinkIn(mail)))).Location.Should().Be("/");
    }

    [SecurityCase("S6", "guesses at once are counted one by one")]
    [Test]
    public async Task Guessing_at_once_gives_no_more_tries()
    {
        using var browser = portal.Open();
        var email = await BuyerAsync();
        var code = PortalUnderTest.CodeIn(await portal.SignInMailAsync(browser, email));
        var (action, fields) = await CodeFieldsAsync(browser, email, Other(code));

        var guesses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => browser.PostAsync(action, fields)));

        guesses.Select(g => g.Code).Should().AllBeEquivalentTo(422);
        (await WrongTriesAsync(email)).Should().Be(SignInRequest.MostWrongTries);
        (await TryAsync(email, code)).Code.Should().Be(422);
    }

    [SecurityCase("S1", "codes of known and unknown addresses are counted and refused alike")]
    [TestCase("known")]
    [TestCase("unknown")]
    public async Task Tries_are_counted_for_every_address_alike(string kind)
    {
        var email = kind == "known" ? await BuyerAsync() : await AskedUnknownAsync();
        if (kind == "known")
        {
            using var browser = portal.Open();
            await portal.SignInMailAsync(browser, email);
        }

        for (var tries = 0; tries < 7; tries++)
        {
            await TryAsync(email, "no code");
        }

        (await WrongTriesAsync(email)).Should().Be(SignInRequest.MostWrongTries);
    }

    [SecurityCase("S6", "beyond twenty wrong tries a day only the link is left")]
    [TestCase(20, true)]
    [TestCase(21, false)]
    public async Task More_than_twenty_wrong_tries_a_day_leave_only_the_link(int wrong, bool works)
    {
        using var browser = portal.Open();
        var email = await BuyerAsync();
        var mail = await portal.SignInMailAsync(browser, email);
        for (var tries = 0; tries < wrong; tries++)
        {
            if (tries is 5 or 10 or 15 or 20)
            {
                portal.Clock.Advance(TimeSpan.FromMinutes(16));
                mail = await portal.SignInMailAsync(browser, email);
            }

            await TryAsync(email, Other(PortalUnderTest.CodeIn(mail)));
        }

        portal.Clock.Advance(TimeSpan.FromMinutes(16));
        mail = await portal.SignInMailAsync(browser, email);
        (await TryAsync(email, PortalUnderTest.CodeIn(mail))).Code.Should().Be(works ? 302 : 422);
        if (!works)
        {
            (await browser.SubmitAsync(await browser.GetAsync(PortalUnderTest.LinkIn(mail)))).Location.Should().Be("/");
            portal.Clock.Advance(TimeSpan.FromHours(25));
            mail = await portal.SignInMailAsync(browser, email);
            (await TryAsync(email, PortalUnderTest.CodeIn(mail))).Code.Should().Be(302, "a day later codes count again");
        }
    }

    [Test]
    public async Task A_link_is_dead_once_its_code_was_used()
    {
        using var browser = portal.Open();
        var email = await BuyerAsync();
        var mail = await portal.SignInMailAsync(browser, email);

        (await TryAsync(email, PortalUnderTest.CodeIn(mail))).Code.Should().Be(302);

        (await browser.GetAsync(PortalUnderTest.LinkIn(mail))).Code.Should().Be(410);
    }

    [SecurityCase("S4", "signing out everywhere voids links and codes")]
    [Test]
    public async Task Signing_out_everywhere_voids_what_was_mailed()
    {
        var email = await BuyerAsync();
        using var browser = await portal.SignedInAsync(email);
        using var stranger = portal.Open();
        var mail = await portal.SignInMailAsync(stranger, email);

        await browser.SubmitAsync(await browser.GetAsync("/profile/security"), "form[action$='/sign-out-everywhere']");

        (await TryAsync(email, PortalUnderTest.CodeIn(mail))).Code.Should().Be(422);
        (await stranger.GetAsync(PortalUnderTest.LinkIn(mail))).Code.Should().Be(410);
    }

    [SecurityCase("S4", "a refusal by the limits voids nothing")]
    [Test]
    public async Task A_refusal_by_the_limit_voids_nothing()
    {
        using var browser = portal.Open();
        var email = await BuyerAsync();
        await portal.SignInMailAsync(browser, email);
        await portal.SignInMailAsync(browser, email);
        var newest = await portal.SignInMailAsync(browser, email);
        for (var more = 0; more < 3; more++)
        {
            (await browser.SubmitAsync(await browser.GetAsync("/sign-in/sent"), "form[action='/sign-in/sent']"))
                .Location.Should()
                .Be("/sign-in/sent");
            await portal.SignInsDecidedAsync();
        }

        (await portal.MailsAsync(email, "sign-in")).Should().HaveCount(3);
        (await TryAsync(email, PortalUnderTest.CodeIn(newest))).Code.Should().Be(302);
    }

    [Test]
    public async Task The_fresh_mail_of_the_page_goes_where_the_first_one_went_and_keeps_the_way_back()
    {
        using var browser = portal.Open();
        var email = await BuyerAsync();
        await portal.SignInMailAsync(browser, email, "/subscriptions");

        await browser.SubmitAsync(await browser.GetAsync("/sign-in/sent"), "form[action='/sign-in/sent']");

        var mails = await Poller.UntilAsync(() => portal.MailsAsync(email, "sign-in"), m => m.Count == 2, "the fresh mail");
        (await browser.SubmitAsync(await browser.GetAsync(PortalUnderTest.LinkIn(mails[0])))).Location.Should().Be("/subscriptions");
    }

    [Test]
    public async Task A_browser_that_never_asked_has_nothing_to_ask_again_for()
    {
        using var browser = portal.Open();
        browser.Cookies["__Host-portal-asked"] = "made-up";
        var token = await browser.TokenAsync();

        (await browser.PostAsync("/sign-in/sent", [new(Browser.TokenField, token)])).Location.Should().Be("/sign-in");
        (await browser.GetAsync("/sign-in/sent")).Page.QuerySelector("#email").Should().NotBeNull("it must say which address");
    }

    [SecurityCase("S5", "link and code, fifty presses at once, two nodes on PostgreSQL: one session")]
    [Test]
    public async Task Link_and_code_pressed_fifty_times_at_once_make_one_session()
    {
        using var browser = portal.Open();
        var email = await BuyerAsync();
        var mail = await portal.SignInMailAsync(browser, email);
        var (useLink, pressed) = Browser.Read(await browser.GetAsync(PortalUnderTest.LinkIn(mail)));
        var (useCode, typed) = await CodeFieldsAsync(browser, email, PortalUnderTest.CodeIn(mail));
        var before = await portal.CountAsync("access_session");

        // PostgreSQL serves two nodes.
        var second = db == Db.PostgreSql ? await portal.SecondNodeAsync() : portal;
        Answer[] answers;
        try
        {
            answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 50)
                    .Select(async i =>
                    {
                        using var tab = (i % 4 < 2 ? portal : second).Open();
                        tab.Cookies.Add("__Host-portal-forms", browser.Cookies["__Host-portal-forms"]);
                        return i % 2 == 0 ? await tab.PostAsync(useLink, pressed) : await tab.PostAsync(useCode, typed);
                    })
            );
        }
        finally
        {
            if (second != portal)
            {
                await second.StopAsync();
            }
        }

        answers.Count(a => a.Code == 302).Should().Be(1);
        answers.Count(a => a.Code is 410 or 422).Should().Be(49);
        (await portal.CountAsync("access_session") - before).Should().Be(1);
    }

    private static string Other(string code) => code == "000000" ? "000001" : "000000";

    private async Task<Answer> TryAsync(string email, string code)
    {
        using var device = portal.Open();
        var (action, fields) = await CodeFieldsAsync(device, email, code);
        return await device.PostAsync(action, fields);
    }

    private static async Task<(string Action, Dictionary<string, string> Fields)> CodeFieldsAsync(Browser browser, string email, string code)
    {
        var (action, fields) = Browser.Read(await browser.GetAsync("/sign-in/code"), CodeFormOf);
        (fields["Email"], fields["Code"]) = (email, code);
        return (action, fields);
    }

    /// <summary>Two codes may be the same by chance.</summary>
    private async Task<OutboxMailContent> DifferentFromAsync(string code, Browser browser, string email)
    {
        var mail = await portal.SignInMailAsync(browser, email);
        return PortalUnderTest.CodeIn(mail) == code ? await portal.SignInMailAsync(browser, email) : mail;
    }

    private async Task<string> AskedUnknownAsync()
    {
        var email = $"unknown{Interlocked.Increment(ref buyers)}@example.com";
        using var browser = portal.Open();
        await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", email));
        await portal.SignInsDecidedAsync();
        return email;
    }

    private Task<int> WrongTriesAsync(string email) =>
        portal.AskAsync(data => data.Set<SignInRequest>().Where(r => r.EmailCanonical == email).SumAsync(r => r.WrongTries));

    private async Task<string> BuyerAsync()
    {
        var number = Interlocked.Increment(ref buyers);
        var email = $"coder{number}@example.com";
        await portal.TellAsync(connection, Deeds.Purchase($"c{number}", email, 1000, portal.Now));
        return email;
    }
}
