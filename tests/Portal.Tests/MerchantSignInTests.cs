using Microsoft.Extensions.DependencyInjection;
using Portal.Kernel;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>The merchants' door: what it tells to whom, how it slows guessing down, and a forgotten password.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class MerchantSignInTests(Db db)
{
    private const string Another = "another long and calm pass phrase";
    private PortalUnderTest portal = null!;
    private int merchants;

    [OneTimeSetUp]
    public async Task Start() => portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [SecurityCase("S1", "the merchant's door: unknown, wrong, disabled and invited look the same")]
    [Test]
    public async Task Unknown_wrong_disabled_and_invited_are_told_the_same()
    {
        var known = await NewAsync();
        var disabled = await NewAsync();
        await portal.ExecuteAsync($"""update admin_merchant set "DisabledAt" = "CreatedAt" where "Email" = '{disabled}'""");
        var invited = await NewAsync();
        await portal.ExecuteAsync($"""update admin_merchant set "PasswordHash" = '' where "Email" = '{invited}'""");
        using var browser = portal.Open();

        List<string> said = [];
        foreach (
            var (email, password) in ((string, string)[])[(known, Another), (NewEmail(), Another), (disabled, Merchants.Password), (invited, Another)]
        )
        {
            var answer = await browser.GivePasswordAsync(email, password);
            answer.SetCookies.Should().BeEmpty();
            said.Add($"{answer.Code} {answer.Masked.Replace(email, "", StringComparison.Ordinal)}");
        }

        said.Distinct().Should().ContainSingle().Which.Should().StartWith("422");
        (await browser.IsInAsync()).Should().BeFalse();
    }

    [SecurityCase("S6", "wrong passwords cost a growing wait, for unknown addresses, too")]
    [TestCase(true)]
    [TestCase(false)]
    public async Task After_ten_wrong_passwords_the_next_cost_a_growing_wait(bool isKnown)
    {
        var email = isKnown ? await NewAsync() : NewEmail();
        using var browser = portal.Open();
        for (var i = 0; i < 10; i++)
        {
            (await browser.GivePasswordAsync(email, Another)).Code.Should().Be(422);
        }

        List<int> waits = [];
        for (var i = 0; i < 7; i++)
        {
            var refused = await browser.GivePasswordAsync(email, Merchants.Password);
            refused.Code.Should().Be(429, "even the right password has to wait, or it could be told apart");
            refused.Words.Should().Contain("Too many tries");
            waits.Add(int.Parse(refused.Header("Retry-After")!, null));
            (await browser.GivePasswordAsync(email, Another)).Code.Should().Be(429, "a refused try does not lengthen the wait");
            portal.Clock.Advance(TimeSpan.FromSeconds(waits[^1]));
            (await browser.GivePasswordAsync(email, Another)).Code.Should().Be(422);
        }

        waits.Should().Equal(2, 4, 8, 16, 32, 60, 60);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        if (isKnown)
        {
            (await browser.GivePasswordAsync(email)).Location.Should().Be("/admin", "she is never locked out");
            (await browser.GivePasswordAsync(email, Another)).Code.Should().Be(422, "and the count begins anew");
        }
    }

    [Test]
    public async Task Guesses_at_the_same_time_count_each_other()
    {
        var email = await NewAsync();
        var browsers = Enumerable.Range(0, 20).Select(_ => portal.Open()).ToList();
        List<Func<Task<Answer>>> tries = [];
        foreach (var browser in browsers)
        {
            var (action, fields) = Browser.Read(await browser.GetAsync("/admin/sign-in"));
            (fields["Email"], fields["Password"]) = (email, Another);
            tries.Add(() => browser.PostAsync(action, fields));
        }

        var answers = await Task.WhenAll(tries.Select(t => t()));

        answers.Count(a => a.Code == 422).Should().Be(10);
        answers.Count(a => a.Code == 429).Should().Be(10);
        browsers.ForEach(b => b.Dispose());
    }

    [Test]
    public async Task Old_tries_are_forgotten()
    {
        var email = NewEmail();
        using var browser = portal.Open();
        for (var i = 0; i < 10; i++)
        {
            await browser.GivePasswordAsync(email, Another);
        }

        portal.Clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));

        (await browser.GivePasswordAsync(email, Another)).Code.Should().Be(422);
        (await browser.GivePasswordAsync(email, Another)).Code.Should().Be(422, "the second of a new count");
        string.Concat(await portal.DumpAsync()).Should().NotContain(email, "a typed address is kept as a hash only");
    }

    [Test]
    public async Task A_forgotten_password_is_chosen_anew_by_mail_and_the_second_factor_stays()
    {
        var email = NewEmail();
        using var elsewhere = await portal.NewMerchantAsync(email);
        var phone = await portal.SetUpAppAsync(elsewhere);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        using var browser = portal.Open();
        var link = await AskAsync(browser, email);

        var page = await browser.GetAsync(link);
        page.Header("Referrer-Policy").Should().Be("no-referrer");
        (await browser.GetAsync(link)).Code.Should().Be(200, "looking uses nothing up");
        (await browser.SubmitAsync(page, null, ("Password", "too short"))).Code.Should().Be(422);
        var chosen = await browser.SubmitAsync(page, null, ("Password", Another));

        chosen.Location.Should().Be("/admin/sign-in?chosen=true");
        (await browser.IsInAsync()).Should().BeFalse("the mailbox proves no second factor");
        (await elsewhere.IsInAsync()).Should().BeFalse("her sessions ended");
        (await browser.SubmitAsync(page, null, ("Password", Merchants.Password))).Code.Should().Be(410);
        (await browser.GivePasswordAsync(email)).Code.Should().Be(422);
        (await browser.GivePasswordAsync(email, Another)).Location.Should().Be("/admin/sign-in/second-factor");
        (await browser.GiveCodeAsync(phone.Code())).Location.Should().Be("/admin");
        (await portal.MailsAsync(email, "merchant-security")).Should().Contain(m => m.Entry.Subject == "Your password was changed");
    }

    [Test]
    public async Task A_link_lives_thirty_minutes_and_a_newer_one_replaces_it()
    {
        var email = await NewAsync();
        using var browser = portal.Open();
        var first = await AskAsync(browser, email);
        var second = await AskAsync(browser, email);
        (await browser.GetAsync(first)).Code.Should().Be(410);
        (await browser.GetAsync(second)).Code.Should().Be(200);

        portal.Clock.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(1));

        var dead = await browser.GetAsync(second);
        dead.Code.Should().Be(410);
        dead.Page.QuerySelector("main a[href='/admin/password']").Should().NotBeNull();
        (await browser.GetAsync("/admin/password/" + new string('x', 43))).Code.Should().Be(410);
    }

    [Test]
    public async Task Of_twenty_who_use_a_link_at_once_one_does()
    {
        var email = await NewAsync();
        using var browser = portal.Open();
        var page = await browser.GetAsync(await AskAsync(browser, email));
        var (_, fields) = Browser.Read(page);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => browser.PostAsync(page.Path, fields.Append(new("Password", Another + i)).Where(f => f.Value.Length > 0)))
        );

        answers.Count(a => a.Code == 302).Should().Be(1);
        answers.Count(a => a.Code == 410).Should().Be(19);
    }

    [Test]
    public async Task Whether_there_is_an_account_shows_in_nothing_but_the_mailbox()
    {
        var known = await NewAsync();
        var unknown = NewEmail();
        using var browser = portal.Open();
        List<string> said = [];
        foreach (var email in (string[])[known, unknown])
        {
            var answer = await browser.SubmitAsync(await browser.GetAsync("/admin/password"), null, ("Email", email));
            said.Add($"{answer.Code} {answer.Location} {string.Join(',', answer.Headers.Keys.Order())}");
        }

        said.Distinct().Should().ContainSingle();
        await Poller.UntilAsync(
            () => portal.CountAsync("admin_password_request", """ "State" <> 'Done' """),
            open => open == 0,
            "the requests to be decided"
        );
        (await portal.MailsAsync(known)).Should().ContainSingle();
        (await portal.MailsAsync(unknown)).Should().BeEmpty();

        for (var i = 0; i < 5; i++)
        {
            await browser.SubmitAsync(await browser.GetAsync("/admin/password"), null, ("Email", known));
        }

        await Poller.UntilAsync(
            () => portal.CountAsync("admin_password_request", """ "State" <> 'Done' """),
            open => open == 0,
            "the requests to be decided"
        );
        (await portal.MailsAsync(known)).Should().HaveCount(3, "a mailbox is not to be filled");
    }

    [Test]
    public async Task A_new_password_needs_the_present_one_and_ends_other_sessions()
    {
        var email = NewEmail();
        using var elsewhere = await portal.NewMerchantAsync(email);
        using var browser = portal.Open();
        await browser.GivePasswordAsync(email);

        var wrong = await ChangeAsync(browser, Another, Another);
        wrong.Code.Should().Be(422);
        wrong.Page.QuerySelector("#current")!.GetAttribute("aria-invalid").Should().Be("true");
        (await ChangeAsync(browser, Merchants.Password, "short")).Code.Should().Be(422);
        (await elsewhere.IsInAsync()).Should().BeTrue();
        var changed = await ChangeAsync(browser, Merchants.Password, Another);

        (await browser.FollowAsync(changed)).Words.Should().Contain("Your password is changed");
        (await elsewhere.IsInAsync()).Should().BeFalse();
        using var again = portal.Open();
        (await again.GivePasswordAsync(email)).Code.Should().Be(422);
        (await again.GivePasswordAsync(email, Another)).Location.Should().Be("/admin");
    }

    [Test]
    public async Task A_merchant_ends_her_own_sessions_and_nobody_elses()
    {
        var email = NewEmail();
        using var elsewhere = await portal.NewMerchantAsync(email);
        using var browser = portal.Open();
        await browser.GivePasswordAsync(email);
        using var other = await portal.NewMerchantAsync(NewEmail());
        var token = await other.TokenAsync();
        var page = await browser.GetAsync("/admin/security");
        page.Page.QuerySelectorAll("form[action*='/sessions/']").Should().ContainSingle();
        var end = page.Page.QuerySelector("form[action*='/sessions/']")!.GetAttribute("action")!;

        (await other.PostAsync(end, [new(Browser.TokenField, token)])).Code.Should().Be(404);
        (await elsewhere.IsInAsync()).Should().BeTrue();
        (await browser.SubmitAsync(page, "form[action*='/sessions/']")).Location.Should().Be("/admin/security");
        (await elsewhere.IsInAsync()).Should().BeFalse();
        (await browser.SubmitAsync(page, "form[action$='/sign-out-everywhere']")).Location.Should().Be("/admin/sign-in");
        (await browser.IsInAsync()).Should().BeFalse();
        (await other.IsInAsync()).Should().BeTrue();
    }

    [Test]
    public async Task The_page_says_who_is_signed_in()
    {
        var email = NewEmail();
        using var browser = await portal.NewMerchantAsync(email, MerchantRole.Support);

        var link = (await browser.GetAsync("/admin")).Page.QuerySelector("header a[href='/admin/security']")!;

        link.TextContent.Should().Contain(email).And.Contain("Support");
        (await portal.MerchantAsync(email)).LastSignInAt.Should().Be(portal.Now);
    }

    private static async Task<Answer> ChangeAsync(Browser browser, string current, string next) =>
        await browser.SubmitAsync(await browser.GetAsync("/admin/security/password"), null, ("CurrentPassword", current), ("NewPassword", next));

    private async Task<string> AskAsync(Browser browser, string email)
    {
        var before = (await portal.MailsAsync(email, "merchant-password")).Count;
        (await browser.SubmitAsync(await browser.GetAsync("/admin/password"), null, ("Email", email))).Location.Should().Be("/admin/password/sent");
        var mails = await Poller.UntilAsync(() => portal.MailsAsync(email, "merchant-password"), m => m.Count > before, "the mail");
        return PasswordLink(mails[0].Text);
    }

    private static string PasswordLink(string text) =>
        new Uri(text.Split("\r\n").Single(l => l.Contains("/admin/password/", StringComparison.Ordinal)).Trim()).AbsolutePath;

    private async Task<string> NewAsync()
    {
        var email = NewEmail();
        await portal.AddMerchantAsync(email);
        return email;
    }

    private string NewEmail() => $"merchant{++merchants}@example.com";
}
