using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>How long a sign-in lasts, and that it ends on the server.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class SessionTests(Db db)
{
    private PortalUnderTest portal = null!;
    private long connection;
    private int buyers;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        connection = (await portal.ConnectSilentAsync()).Id;
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [SecurityCase("E1", "prefix, Secure, HttpOnly, SameSite, no domain, not persistent")]
    [Test]
    public async Task Cookies_are_for_this_host_only_and_out_of_scripts_reach()
    {
        using var browser = portal.Open();
        var link = await portal.LinkAsync(browser, await BuyerAsync());
        var page = await browser.GetAsync(link);
        browser.Cookies.Remove("__Host-portal-forms");
        var form = await browser.GetAsync(link);
        var signedIn = await browser.SubmitAsync(form);
        page.SetCookies.Should().BeEmpty("the browser has its anti-forgery cookie from the form before");

        var session = signedIn.SetCookies.Single(c => c.StartsWith(Browser.SessionCookie + "=", StringComparison.Ordinal));
        var forms = form.SetCookies.Single();
        foreach (var (cookie, sameSite) in ((string, string)[])[(session, "samesite=lax"), (forms, "samesite=strict")])
        {
            var attributes = cookie.ToLowerInvariant().Split("; ");
            attributes[0].Should().StartWith("__host-portal");
            attributes.Should().Contain(["path=/", "secure", "httponly", sameSite]);
            attributes.Should().NotContain(a => a.StartsWith("domain") || a.StartsWith("expires") || a.StartsWith("max-age"));
            cookie.Length.Should().BeLessThan(4096);
        }
    }

    [SecurityCase("E1", "a preset value is dead, every sign-in makes a new one")]
    [Test]
    public async Task Each_sign_in_is_a_new_session_and_ends_the_browsers_former_one()
    {
        var email = await BuyerAsync();
        using var browser = portal.Open();
        var preset = new string('x', 43);
        browser.Cookies[Browser.SessionCookie] = preset;
        await browser.SubmitAsync(await browser.GetAsync(await portal.LinkAsync(browser, email)));
        var first = browser.Cookies[Browser.SessionCookie];
        await browser.SubmitAsync(await browser.GetAsync(await portal.LinkAsync(browser, email)));
        var second = browser.Cookies[Browser.SessionCookie];

        new[] { preset, first, second }.Should().OnlyHaveUniqueItems();
        (await SeesHerPagesAsync(preset)).Should().BeFalse();
        (await SeesHerPagesAsync(first)).Should().BeFalse();
        (await SeesHerPagesAsync(second)).Should().BeTrue();
    }

    [SecurityCase("E1", "a session id elsewhere than in the cookie is ignored")]
    [Test]
    public async Task A_session_counts_in_its_cookie_only()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        var token = browser.Cookies[Browser.SessionCookie];
        using var thief = portal.Open();

        var answer = await thief.GetAsync($"/orders?{Browser.SessionCookie}={token}", ("Authorization", "Bearer " + token));

        answer.Code.Should().Be(302);
        thief.Cookies["__Host-portal-admin"] = token;
        (await thief.GetAsync("/admin/store")).Code.Should().Be(302, "a buyer's session is no merchant's");
    }

    [SecurityCase("E2", "a copied cookie dies with its session")]
    [Test]
    public async Task After_signing_out_the_copied_cookie_is_dead()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        var copied = browser.Cookies[Browser.SessionCookie];
        (await SeesHerPagesAsync(copied)).Should().BeTrue();

        var answer = await browser.SubmitAsync(await browser.GetAsync("/"), "form[action='/sign-out']");

        answer.Location.Should().Be("/sign-in");
        browser.Cookies.Should().NotContainKey(Browser.SessionCookie);
        (await SeesHerPagesAsync(copied)).Should().BeFalse();
    }

    [SecurityCase("E2", "thirty idle minutes")]
    [Test]
    public async Task Thirty_idle_minutes_end_a_session()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());

        portal.Clock.Advance(TimeSpan.FromMinutes(29.5));
        (await browser.GetAsync("/")).Code.Should().Be(200);
        portal.Clock.Advance(TimeSpan.FromMinutes(29.5));
        (await browser.GetAsync("/")).Code.Should().Be(200, "the visit before began the time anew");
        portal.Clock.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(1));
        (await browser.GetAsync("/orders")).Location.Should().Be("/sign-in?returnTo=%2Forders");
    }

    [SecurityCase("E2", "twelve hours at most")]
    [Test]
    public async Task Twelve_hours_end_a_session_however_busy()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        for (var quarters = 1; quarters < 48; quarters++)
        {
            portal.Clock.Advance(TimeSpan.FromMinutes(15));
            (await browser.GetAsync("/payments")).Code.Should().Be(200, "{0} quarters of an hour have passed", quarters);
        }

        portal.Clock.Advance(TimeSpan.FromMinutes(15));
        (await browser.GetAsync("/payments")).Code.Should().Be(302);
    }

    [SecurityCase("E2", "a disabled customer is out at once")]
    [Test]
    public async Task A_disabled_customer_is_out_at_once()
    {
        var email = await BuyerAsync();
        using var browser = await portal.SignedInAsync(email);
        var customer = await portal.CustomerAsync(email);

        await portal.ExecuteAsync($"""update customers_customer set "DisabledAt" = "CreatedAt" where "Id" = {customer!.Id}""");

        (await browser.GetAsync("/")).Code.Should().Be(302);
    }

    [SecurityCase("E2", "thirty minutes, to five seconds")]
    [Test]
    public async Task The_idle_time_is_thirty_minutes_to_five_seconds()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());

        // The last look is written down to five seconds: the worst case is one that came right before.
        portal.Clock.Advance(TimeSpan.FromSeconds(4.9));
        (await browser.GetAsync("/")).Code.Should().Be(200);
        portal.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(5));
        (await browser.GetAsync("/")).Code.Should().Be(200, "thirty minutes less five seconds are not thirty minutes");
        portal.Clock.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(5));
        (await browser.GetAsync("/")).Code.Should().Be(302);
    }

    [Test]
    public async Task Both_times_are_settings()
    {
        await using var shop = await PortalUnderTest.StartAsync(
            db,
            new PortalSetup { Clock = new FakeClock(), Settings = ["--SignIn:SessionIdleMinutes=10", "--SignIn:SessionCapHours=1"] }
        );
        await shop.TellAsync((await shop.ConnectSilentAsync()).Id, Deeds.Purchase("1", "ada@example.com", 1000, shop.Now));
        using var idle = await shop.SignedInAsync("ada@example.com");
        shop.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        (await idle.GetAsync("/")).Code.Should().Be(302);
        using var busy = await shop.SignedInAsync("ada@example.com");
        for (var minutes = 9; minutes < 60; minutes += 9)
        {
            shop.Clock.Advance(TimeSpan.FromMinutes(9));
            (await busy.GetAsync("/")).Code.Should().Be(200);
        }

        shop.Clock.Advance(TimeSpan.FromMinutes(6));
        (await busy.GetAsync("/")).Code.Should().Be(302);
    }

    [SecurityCase("E2", "a restart neither revives nor kills")]
    [Test]
    public async Task A_restart_neither_revives_nor_kills()
    {
        await using var shop = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        await shop.TellAsync((await shop.ConnectSilentAsync()).Id, Deeds.Purchase("1", "ada@example.com", 1000, shop.Now));
        using var lives = await shop.SignedInAsync("ada@example.com");
        using var ended = await shop.SignedInAsync("ada@example.com");
        var dead = ended.Cookies[Browser.SessionCookie];
        await ended.SubmitAsync(await ended.GetAsync("/"), "form[action='/sign-out']");

        await using var again = await shop.RestartAsync();

        (await CodeAsync(again, lives.Cookies[Browser.SessionCookie])).Should().Be(200);
        (await CodeAsync(again, dead)).Should().Be(302);
    }

    [SecurityCase("E2", "what one node ends is over on the other with its next request")]
    [Test]
    public async Task What_one_node_ends_is_over_on_the_other_at_once()
    {
        var email = await BuyerAsync();

        // SQLite is one node's: there, two browsers at the one.
        await using var another = db == Db.PostgreSql ? await portal.SecondNodeAsync() : null;
        var second = another ?? portal;
        using var here = await portal.SignedInAsync(email);
        using var there = await second.SignedInAsync(email);
        var (mine, hers) = (here.Cookies[Browser.SessionCookie], there.Cookies[Browser.SessionCookie]);
        (await CodeAsync(second, mine)).Should().Be(200);
        (await CodeAsync(portal, hers)).Should().Be(200);

        await EndOtherAsync(here);
        (await CodeAsync(second, hers)).Should().Be(302, "the clock has not moved");
        (await CodeAsync(second, mine)).Should().Be(200);
        using var third = await second.SignedInAsync(email);
        await SignOutEverywhereAsync(here);

        foreach (var cookie in (string[])[mine, hers, third.Cookies[Browser.SessionCookie]])
        {
            (await CodeAsync(portal, cookie)).Should().Be(302);
            (await CodeAsync(second, cookie)).Should().Be(302);
        }
    }

    [SecurityCase("E2", "signed out everywhere, every copied cookie is dead")]
    [Test]
    public async Task The_security_page_lists_and_ends_sessions()
    {
        var email = await BuyerAsync();
        using var laptop = portal.Open();
        var phoneLink = await portal.LinkAsync(laptop, email);
        using var phone = portal.Open();
        await phone.PostAsync(
            phoneLink,
            [new(Browser.TokenField, Browser.Read(await phone.GetAsync(phoneLink)).Fields[Browser.TokenField])],
            ("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1")
        );
        await laptop.SubmitAsync(await laptop.GetAsync(await portal.LinkAsync(laptop, email)));
        using var stranger = await portal.SignedInAsync(await BuyerAsync());

        var page = await laptop.GetAsync("/profile/security");
        page.Words.Should().Contain("Safari · iPhone").And.Contain("This browser");
        page.Page.QuerySelectorAll("form[action$='/end']").Should().ContainSingle("her own is ended by signing out");

        var foreign = Browser.Read(page, "form[action$='/end']").Action;
        var token = await stranger.TokenAsync();
        (await stranger.PostAsync(foreign, [new(Browser.TokenField, token)])).Code.Should().Be(404, "another's session is none of hers");
        (await phone.GetAsync("/")).Code.Should().Be(200);

        await EndOtherAsync(laptop);
        (await phone.GetAsync("/")).Code.Should().Be(302);
        (await laptop.GetAsync("/profile/security"))
            .Words.Should()
            .Contain("Signed out elsewhere: Safari · iPhone")
            .And.NotContain("Sign out Safari");
        await SignOutEverywhereAsync(laptop);
        laptop.Cookies.Should().NotContainKey(Browser.SessionCookie);
        (await laptop.GetAsync("/")).Code.Should().Be(302);
        (await stranger.GetAsync("/")).Code.Should().Be(200);
    }

    private static async Task EndOtherAsync(Browser browser) =>
        (await browser.SubmitAsync(await browser.GetAsync("/profile/security"), "form[action$='/end']")).Location.Should().Be("/profile/security");

    private static async Task SignOutEverywhereAsync(Browser browser) =>
        (await browser.SubmitAsync(await browser.GetAsync("/profile/security"), "form[action$='/sign-out-everywhere']"))
            .Location.Should()
            .Be("/sign-in");

    private static async Task<int> CodeAsync(PortalUnderTest node, string session)
    {
        using var browser = node.Open();
        browser.Cookies[Browser.SessionCookie] = session;
        return (await browser.GetAsync("/")).Code;
    }

    private async Task<bool> SeesHerPagesAsync(string session)
    {
        using var other = portal.Open();
        other.Cookies[Browser.SessionCookie] = session;
        return (await other.GetAsync("/")).Code == 200;
    }

    private async Task<string> BuyerAsync()
    {
        var email = $"buyer{++buyers}@example.com";
        await portal.TellAsync(connection, Deeds.Purchase($"b{buyers}", email, 1000, portal.Now));
        return email;
    }
}
