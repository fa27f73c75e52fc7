using Portal.Host.Commands;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>A merchant's second factor: the app, the recovery codes, and that nobody gets around it.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class SecondFactorTests(Db db)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private PortalUnderTest portal = null!;
    private int merchants;

    [OneTimeSetUp]
    public async Task Start() => portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [Test]
    public async Task With_an_app_the_password_alone_opens_nothing()
    {
        var (email, phone) = await ProtectedAsync();
        using var browser = portal.Open();

        var answer = await browser.GivePasswordAsync(email, returnTo: "/admin/store");

        answer.Location.Should().Be("/admin/sign-in/second-factor");
        browser.Cookies.Should().ContainKey(Merchants.StepCookie).And.NotContainKey(Merchants.SessionCookie);
        (await browser.IsInAsync()).Should().BeFalse();
        var cookie = answer.SetCookies.Single(c => c.StartsWith(Merchants.StepCookie, StringComparison.Ordinal)).ToLowerInvariant();
        cookie.Should().ContainAll("secure", "httponly", "samesite=strict", "path=/").And.NotContain("domain");

        var wrong = await browser.GiveCodeAsync("000000");
        wrong.Code.Should().Be(422);
        wrong.Page.QuerySelector("#code")!.GetAttribute("aria-describedby").Should().Be("code-error");
        (await browser.IsInAsync()).Should().BeFalse();

        (await browser.GiveCodeAsync(phone.Code())).Location.Should().Be("/admin/store", "she goes where she was going");
        (await browser.IsInAsync()).Should().BeTrue();
        browser.Cookies.Should().NotContainKey(Merchants.StepCookie);
    }

    [SecurityCase("S5", "a code of the merchant's app works once")]
    [Test]
    public async Task A_code_works_once_and_none_before_it_works_again()
    {
        var (email, phone) = await ProtectedAsync();
        var used = phone.Code();
        (await SignInAsync(email, used)).Should().BeTrue();

        (await SignInAsync(email, used)).Should().BeFalse("it was used");
        (await SignInAsync(email, phone.Code(-1))).Should().BeFalse("an older one counts as used, too");
        (await SignInAsync(email, phone.Code(2))).Should().BeFalse("too early");
        (await SignInAsync(email, phone.Code(1))).Should().BeTrue("a phone's clock may be half a minute ahead");
    }

    [Test]
    public async Task Twenty_at_once_with_one_code_make_one_session()
    {
        var (email, phone) = await ProtectedAsync();
        var browsers = Enumerable.Range(0, 4).Select(_ => portal.Open()).ToList();
        List<(Browser Browser, string Action, Dictionary<string, string> Fields)> forms = [];
        foreach (var browser in browsers)
        {
            await browser.GivePasswordAsync(email);
            var (action, fields) = Browser.Read(await browser.GetAsync("/admin/sign-in/second-factor"), "form:has(#code)");
            fields["Code"] = phone.Code();
            forms.Add((browser, action, fields));
        }

        var before = await SessionsAsync(email);
        var answers = await Task.WhenAll(forms.SelectMany(f => Enumerable.Range(0, 5).Select(_ => f.Browser.PostAsync(f.Action, f.Fields))));

        answers.Count(a => a.Location == "/admin").Should().Be(1);
        (await SessionsAsync(email)).Should().Be(before + 1);
        browsers.ForEach(b => b.Dispose());
    }

    [Test]
    public async Task Five_wrong_codes_or_five_minutes_begin_anew()
    {
        var (email, phone) = await ProtectedAsync();
        using var browser = portal.Open();
        await browser.GivePasswordAsync(email);
        for (var i = 0; i < 4; i++)
        {
            (await browser.GiveCodeAsync("000000")).Code.Should().Be(422);
        }

        var step = browser.Cookies[Merchants.StepCookie];
        (await browser.GiveCodeAsync("000000")).Location.Should().Be("/admin/sign-in?again=true");
        browser.Cookies[Merchants.StepCookie] = step;
        (await browser.GetAsync("/admin/sign-in/second-factor")).Code.Should().Be(302, "the step is dead, not only its cookie");
        (await browser.VisitAsync("/admin/sign-in/second-factor")).Words.Should().Contain("Please sign in again");

        await browser.GivePasswordAsync(email);
        var (action, fields) = Browser.Read(await browser.GetAsync("/admin/sign-in/second-factor"), "form:has(#code)");
        portal.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        fields["Code"] = phone.Code();
        (await browser.PostAsync(action, fields)).Location.Should().Be("/admin/sign-in?again=true");
        (await browser.IsInAsync()).Should().BeFalse();
    }

    [Test]
    public async Task A_recovery_code_works_once_however_it_is_typed()
    {
        var (email, phone) = await ProtectedAsync();
        phone.RecoveryCodes.Should().HaveCount(10).And.OnlyHaveUniqueItems();
        var code = phone.RecoveryCodes[3];
        using var browser = portal.Open();
        await browser.GivePasswordAsync(email);
        (await browser.GiveRecoveryCodeAsync("AAAA-BBBB-CCCC-DDDD-EEEE-FFFF")).Code.Should().Be(422);

        (await browser.GiveRecoveryCodeAsync(" " + code.ToLowerInvariant().Replace('-', ' '))).Location.Should().Be("/admin");

        (await browser.GetAsync("/admin/security")).Words.Should().Contain("9 left");
        (await portal.MailsAsync(email, "merchant-security")).Should().Contain(m => m.Entry.Subject == "A recovery code was used");
        using var thief = portal.Open();
        await thief.GivePasswordAsync(email);
        (await thief.GiveRecoveryCodeAsync(code)).Code.Should().Be(422);

        // New ones make the former ones useless.
        var renewed = await browser.SubmitAsync(
            await browser.GetAsync("/admin/security/second-factor"),
            "form[action='/admin/security/recovery-codes']"
        );
        (await browser.GetAsync(renewed.Location!)).Page.QuerySelectorAll("main li code").Should().HaveCount(10);
        (await thief.GiveRecoveryCodeAsync(phone.RecoveryCodes[4])).Code.Should().Be(422);
    }

    [Test]
    public async Task Recovery_codes_are_shown_to_their_owner_once()
    {
        var email = NewEmail();
        using var browser = await portal.NewMerchantAsync(email);
        var phone = await portal.SetUpAppAsync(browser);

        var file = await browser.GetAsync("/admin/security/recovery-codes.txt");
        file.Header("Content-Disposition").Should().Contain("attachment");
        phone.RecoveryCodes.Should().OnlyContain(c => file.Body.Contains(c, StringComparison.Ordinal));
        using var other = await portal.NewMerchantAsync(NewEmail());
        other.Cookies["__Host-portal-admin-codes"] = browser.Cookies["__Host-portal-admin-codes"];
        (await other.GetAsync("/admin/security/recovery-codes")).Location.Should().Be("/admin/security", "they are somebody else's");

        await browser.GetAsync("/admin/security");

        (await browser.GetAsync("/admin/security/recovery-codes")).Location.Should().Be("/admin/security");
        (await browser.GetAsync("/admin/security/recovery-codes.txt")).Location.Should().Be("/admin/security");
    }

    [SecurityCase("K1", "authenticator keys are sealed, recovery codes hashed")]
    [Test]
    public async Task Neither_the_key_nor_a_code_stands_in_the_database()
    {
        var (_, phone) = await ProtectedAsync();
        var dump = string.Concat((await portal.DumpAsync()).Values);

        foreach (var secret in phone.RecoveryCodes.SelectMany(c => new[] { c, c.Replace("-", "", StringComparison.Ordinal) }).Append(phone.Key))
        {
            dump.Should().NotContainEquivalentOf(secret);
        }
    }

    [Test]
    public async Task The_app_is_set_up_only_with_a_code_of_its_own_key()
    {
        using var browser = await portal.NewMerchantAsync(NewEmail());
        var page = await browser.GetAsync("/admin/security/second-factor");
        var image = page.Page.QuerySelector("main img")!.GetAttribute("src");
        image.Should().StartWith("data:image/svg+xml;base64,");
        page.Header("Content-Security-Policy").Should().Contain("img-src 'self' data:");
        var key = page.Page.QuerySelector("code[data-copy]")!.TextContent;

        var wrong = await browser.SubmitAsync(page, "form:has(#code)", ("Code", "000000"));
        wrong.Code.Should().Be(422);
        wrong.Page.QuerySelector("code[data-copy]")!.TextContent.Should().Be(key, "the picture stays the one she scanned");

        using var other = await portal.NewMerchantAsync(NewEmail());
        var others = Browser.Read(await other.GetAsync("/admin/security/second-factor"), "form:has(#code)");
        others.Fields["Offer"] = Browser.Read(page, "form:has(#code)").Fields["Offer"];
        others.Fields["Code"] = new Phone(portal, key).Code();
        (await other.PostAsync(others.Action, others.Fields)).Location.Should().Contain("expired", "an offer is for one merchant");

        portal.Clock.Advance(TimeSpan.FromMinutes(14));
        (await browser.GetAsync("/admin/security")).Words.Should().Contain("Off");
    }

    [Test]
    public async Task Changing_it_asks_for_a_fresh_sign_in_and_turning_it_off_is_mailed()
    {
        var email = NewEmail();
        using var browser = await portal.NewMerchantAsync(email);
        var phone = await portal.SetUpAppAsync(browser);
        var token = await browser.TokenAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(15));

        (await browser.GetAsync("/admin/security/second-factor")).Location.Should().Be("/admin/sign-in?returnTo=%2Fadmin%2Fsecurity%2Fsecond-factor");
        foreach (var path in (string[])["/admin/security/second-factor", "/admin/security/second-factor/off", "/admin/security/recovery-codes"])
        {
            (await browser.PostAsync(path, [new(Browser.TokenField, token)])).Location.Should().StartWith("/admin/sign-in", path);
        }

        (await browser.IsInAsync()).Should().BeTrue("everything else is as before");
        await browser.GivePasswordAsync(email, returnTo: "/admin/security/second-factor");
        var page = await browser.FollowAsync(await browser.GiveCodeAsync(phone.Code()));
        var off = await browser.SubmitAsync(page, "form[action$='/off']");

        (await browser.FollowAsync(off)).Words.Should().Contain("The authenticator app is off");
        (await portal.MailsAsync(email, "merchant-security"))
            .Select(m => m.Entry.Subject)
            .First()
            .Should()
            .Be("Your authenticator app was turned off");
        using var again = portal.Open();
        (await again.GivePasswordAsync(email)).Location.Should().Be("/admin");
    }

    [Test]
    public async Task After_seven_days_every_page_leads_to_setting_one_up()
    {
        var email = NewEmail();
        await portal.AddMerchantAsync(email);
        using var browser = portal.Open();
        portal.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        await browser.GivePasswordAsync(email);
        (await browser.GetAsync("/admin")).Words.Should().Contain("Protect your account with a second factor");
        (await browser.GetAsync("/admin/store")).Code.Should().Be(200);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));

        var token = await browser.TokenAsync();
        var before = await StateAsync();
        var guarded = RoutesCommand
            .Read(portal.App)
            .Where(r =>
                r.Audience == "merchant" && !r.Pattern.StartsWith("/admin/security", StringComparison.Ordinal) && r.Pattern != "/admin/sign-out"
            );
        foreach (var route in guarded)
        {
            using var content = route.Verb == "GET" ? null : new FormUrlEncodedContent([new(Browser.TokenField, token)]);
            var path = System.Text.RegularExpressions.Regex.Replace(route.Pattern, "{[^}]*}", "x");
            (await browser.SendAsync(new HttpMethod(route.Verb), path, content)).Location.Should().Be("/admin/security", "{0}", route);
        }

        (await StateAsync()).Should().BeEquivalentTo(before);
        (await browser.GetAsync("/admin/security")).Words.Should().Contain("Set up a second factor to go on");
        await portal.SetUpAppAsync(browser);
        (await browser.GetAsync("/admin/store")).Code.Should().Be(200);
        (await browser.GetAsync("/admin")).Words.Should().NotContain("Protect your account");
    }

    [Test]
    public async Task A_wrong_code_counts_with_the_wrong_passwords()
    {
        var (email, _) = await ProtectedAsync();
        using var browser = portal.Open();
        for (var i = 0; i < 2; i++)
        {
            await browser.GivePasswordAsync(email);
            for (var tries = 0; tries < 5; tries++)
            {
                await browser.GiveCodeAsync("000000");
            }
        }

        var refused = await browser.GivePasswordAsync(email);

        refused.Code.Should().Be(429);
        int.Parse(refused.Header("Retry-After")!, null).Should().BeInRange(1, 60);
    }

    private async Task<(string Email, Phone Phone)> ProtectedAsync()
    {
        var email = NewEmail();
        using var browser = await portal.NewMerchantAsync(email);
        var phone = await portal.SetUpAppAsync(browser);
        portal.Clock.Advance(Step + Step);
        return (email, phone);
    }

    private async Task<bool> SignInAsync(string email, string code)
    {
        using var browser = portal.Open();
        await browser.GivePasswordAsync(email);
        await browser.GiveCodeAsync(code);
        return await browser.IsInAsync();
    }

    private Task<long> SessionsAsync(string email) =>
        portal.CountAsync(
            "access_session",
            $"""  "Subject" = (select "Id" from admin_merchant where "Email" = '{email}') and "Audience" = 'Merchant' """
        );

    private async Task<SortedDictionary<string, string>> StateAsync()
    {
        var dump = await portal.DumpAsync();
        dump.Remove("access_session");
        dump.Remove("notifications_outbox");
        return dump;
    }

    private string NewEmail() => $"merchant{++merchants}@example.com";
}
