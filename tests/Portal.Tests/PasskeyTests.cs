using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Access.Contract;
using Portal.Access.Data;
using Portal.Access.Passkeys;
using Portal.Admin.Contract;
using Portal.Customers.Data;
using Portal.Host.Commands;
using Portal.Kernel;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Passkeys: made, used, named and removed by their owner, and no good to anybody else.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class PasskeyTests(Db db)
{
    private const string SignIn = "/sign-in";
    private const string MerchantSignIn = "/admin/sign-in";
    private const string Password = "a long and calm pass phrase";
    private PortalUnderTest portal = null!;
    private long connection;
    private int people;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        connection = (await portal.ConnectSilentAsync()).Id;
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [TestCase(false)]
    [TestCase(true)]
    public async Task Whoever_added_a_passkey_signs_in_with_it(bool packed)
    {
        var email = await BuyerAsync();
        using var browser = await portal.SignedInAsync(email);
        var passkey = await browser.AddPasskeyAsync(label: "My <b>phone</b>", device: new SoftwarePasskey { IsPacked = packed });
        var page = await browser.GetAsync("/profile/security?passkey=added");
        page.Page.QuerySelector("#passkeys .notice.good[role=status]").Should().NotBeNull();
        page.Page.QuerySelectorAll("#passkeys .row-title").Select(e => e.TextContent).Should().Equal("My <b>phone</b>");
        page.Words.Should().Contain("Passkey added: My <b>phone</b>");
        (await portal.MailsAsync(email, "passkey-added")).Single().Text.Should().Contain("My <b>phone</b>").And.Contain("/profile/security");

        portal.Clock.Advance(TimeSpan.FromDays(3));
        using var later = portal.Open();
        var answer = await later.UsePasskeyAsync(passkey);

        answer.Location.Should().Be("/", "{0}", answer);
        (await later.GetAsync("/orders")).Code.Should().Be(200);
        page = await later.GetAsync("/profile/security");
        page.Words.Should().Contain("Signed in with a passkey: My <b>phone</b>").And.Contain("last used Jan");
        var id = (await portal.CustomerAsync(email))!.Id.Value;
        (await portal.AskAsync(d => d.Set<Customer>().Where(c => c.RowId == id).Select(c => c.LastSignInAt).SingleAsync())).Should().Be(portal.Now);
    }

    [Test]
    public async Task A_sign_in_by_passkey_ends_the_browsers_former_session_and_is_fresh()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        var passkey = await browser.AddPasskeyAsync();
        var former = browser.Cookies[Browser.SessionCookie];
        portal.Clock.Advance(TimeSpan.FromMinutes(20));
        (await browser.GetAsync(PasskeyDeeds.Buyers + "/new")).Code.Should().Be(302);

        await browser.UsePasskeyAsync(passkey);

        browser.Cookies[Browser.SessionCookie].Should().NotBe(former);
        (await browser.GetAsync(PasskeyDeeds.Buyers + "/new")).Code.Should().Be(200);
        browser.Cookies[Browser.SessionCookie] = former;
        (await browser.GetAsync("/")).Code.Should().Be(302);
    }

    [TestCase("/orders?page=2", "/orders?page=2")]
    [TestCase("//evil.test", "/")]
    [TestCase("/\\evil.test", "/")]
    [TestCase("https://evil.test", "/")]
    public async Task She_goes_on_to_where_she_was_going_and_nowhere_else(string returnTo, string leadsTo)
    {
        var passkey = await BuyersPasskeyAsync();
        using var browser = portal.Open();

        (await browser.UsePasskeyAsync(passkey, SignIn, ("ReturnTo", returnTo))).Location.Should().Be(leadsTo);
        var refused = await browser.UsePasskeyAsync(passkey with { IsForged = true }, SignIn, ("ReturnTo", returnTo));
        refused
            .Page.QuerySelector("main a.button")!
            .GetAttribute("href")
            .Should()
            .Be(leadsTo == "/" ? "/sign-in" : "/sign-in?returnTo=" + Uri.EscapeDataString(leadsTo));
    }

    [Test]
    public async Task What_a_browser_is_asked_for()
    {
        var email = await BuyerAsync();
        using var browser = await portal.SignedInAsync(email);
        var first = await browser.AddPasskeyAsync();
        var token = await browser.AddTokenAsync(PasskeyDeeds.Buyers);
        browser.Cookies.Remove("__Host-portal-passkey");

        var answer = await browser.PostAsync(PasskeyDeeds.Buyers + "/options", [new(Browser.TokenField, token)]);

        var options = JsonDocument.Parse(answer.Bytes).RootElement.GetProperty("options");
        options.GetProperty("rp").GetProperty("id").GetString().Should().Be("shop.example.test");
        options.GetProperty("user").GetProperty("name").GetString().Should().Be(email);
        options.GetProperty("user").GetProperty("id").GetString().Should().Be(first.Handle).And.HaveLength(35, "it is 26 random characters, encoded");
        options.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString().Should().Be("required");
        options.GetProperty("authenticatorSelection").GetProperty("residentKey").GetString().Should().Be("required");
        options.GetProperty("attestation").GetString().Should().Be("none");
        var known = options.GetProperty("excludeCredentials").EnumerateArray().Single();
        known.GetProperty("id").GetString().Should().Be(System.Buffers.Text.Base64Url.EncodeToString(first.CredentialId));
        known.GetProperty("transports").EnumerateArray().Select(t => t.GetString()).Should().Equal("internal", "hybrid");
        answer
            .SetCookies.Single()
            .ToLowerInvariant()
            .Split("; ")
            .Should()
            .Contain(["path=/", "secure", "httponly", "samesite=strict"])
            .And.NotContain(a => a.StartsWith("domain") || a.StartsWith("expires") || a.StartsWith("max-age"));
    }

    [Test]
    public async Task Nobody_is_named_before_a_passkey_is_used()
    {
        using var browser = portal.Open();

        var (_, options) = await browser.OptionsAsync(SignIn + "/passkey", await browser.SignInTokenAsync(SignIn));

        options.GetProperty("rpId").GetString().Should().Be("shop.example.test");
        options.GetProperty("userVerification").GetString().Should().Be("required");
        options.GetProperty("allowCredentials").GetArrayLength().Should().Be(0);
    }

    [SecurityCase("S4", "nineteen wrong passkey answers: one page, one status")]
    [Test]
    public async Task Whatever_is_wrong_the_answer_is_the_same()
    {
        var passkey = await BuyersPasskeyAsync() with { Count = 5 };
        var another = await BuyersPasskeyAsync();
        using (var good = portal.Open())
        {
            (await good.UsePasskeyAsync(passkey)).Location.Should().Be("/", "this one is good before anything is changed");
        }

        var sessions = await portal.CountAsync("access_session");
        Dictionary<string, SoftwarePasskey> wrong = new()
        {
            ["another origin"] = passkey with { Origin = "https://evil.test" },
            ["another port"] = passkey with { Origin = PortalUnderTest.ShopUrl + ":8443" },
            ["plain HTTP"] = passkey with { Origin = "http://shop.example.test" },
            ["a name below"] = passkey with { Origin = "https://a.shop.example.test" },
            ["another domain"] = passkey with { Domain = "evil.test" },
            ["a frame on another site"] = passkey with { CrossOrigin = true },
            ["a site around it"] = passkey with { TopOrigin = "https://evil.test" },
            ["made, not used"] = passkey with { Type = "webauthn.create" },
            ["nobody there"] = passkey with { IsPresent = false },
            ["not unlocked"] = passkey with { IsVerified = false },
            ["forged"] = passkey with { IsForged = true },
            ["unknown credential"] = new SoftwarePasskey { Handle = passkey.Handle },
            ["her credential, another's handle"] = passkey with { Handle = another.Handle },
            ["another's credential, her handle"] = another with { Handle = passkey.Handle },
            ["no handle"] = passkey with { Handle = null },
            ["an unknown handle"] = passkey with { Handle = "cGtoX25vYm9keQ" },
            ["a count gone backwards"] = passkey with { Count = 4 },
            ["a count that stands still"] = passkey with { Count = 5 },
            ["a count of zero after all"] = passkey with { Count = 0 },
        };
        List<string> answers = [];
        foreach (var (what, tried) in wrong)
        {
            // Nothing but what the line says is wrong.
            using var browser = portal.Open();
            var answer = await browser.UsePasskeyAsync(what.Contains("count", StringComparison.Ordinal) ? tried : tried with { Count = 6 });
            answer.Code.Should().Be(422, what);
            browser.Cookies.Should().NotContainKey(Browser.SessionCookie, what);
            answers.Add(answer.Masked);
        }

        using (var noChallenge = portal.Open())
        {
            var token = await noChallenge.SignInTokenAsync(SignIn);
            answers.Add((await noChallenge.AnswerAsync(SignIn + "/passkey", token, "pkc_0123456789abcdefghijkl", "{}")).Masked);
            answers.Add((await noChallenge.AnswerAsync(SignIn + "/passkey", token, "", "")).Masked);
            answers.Add((await noChallenge.AnswerAsync(SignIn + "/passkey", token, new string('x', 9000), new string('x', 90000))).Masked);
            var (challenge, _) = await noChallenge.OptionsAsync(SignIn + "/passkey", token);
            answers.Add((await noChallenge.AnswerAsync(SignIn + "/passkey", token, challenge, "[[[")).Masked);
        }

        answers.Distinct().Should().ContainSingle();
        (await portal.CountAsync("access_session")).Should().Be(sessions);
        using var still = portal.Open();
        (await still.UsePasskeyAsync(passkey with { Count = 6 })).Location.Should().Be("/", "no failed try locks her out");
    }

    [Test]
    public async Task A_challenge_is_answered_once_whatever_came_of_it()
    {
        var passkey = await BuyersPasskeyAsync();
        using var browser = portal.Open();
        var token = await browser.SignInTokenAsync(SignIn);

        var (challenge, options) = await browser.OptionsAsync(SignIn + "/passkey", token);
        var answer = passkey.Get(options);
        (await browser.AnswerAsync(SignIn + "/passkey", token, challenge, answer)).Location.Should().Be("/");
        browser.Cookies.Remove(Browser.SessionCookie);
        (await browser.AnswerAsync(SignIn + "/passkey", token, challenge, answer)).Code.Should().Be(422, "it was sent before");
        (await browser.AnswerAsync(SignIn + "/passkey", token, challenge, passkey.Get(options))).Code.Should().Be(422, "it was answered before");

        (challenge, options) = await browser.OptionsAsync(SignIn + "/passkey", token);
        (await browser.AnswerAsync(SignIn + "/passkey", token, challenge, "{}")).Code.Should().Be(422);
        (await browser.AnswerAsync(SignIn + "/passkey", token, challenge, passkey.Get(options))).Code.Should().Be(422, "the wrong answer counted");
        browser.Cookies.Should().NotContainKey(Browser.SessionCookie);
    }

    [Test]
    public async Task A_challenge_is_good_for_who_was_asked_what_and_for_five_minutes()
    {
        using var hers = await portal.SignedInAsync(await BuyerAsync());
        var passkey = await hers.AddPasskeyAsync();
        using var browser = portal.Open();
        using var elsewhere = portal.Open();
        var token = await browser.SignInTokenAsync(SignIn);
        var tokenElsewhere = await elsewhere.SignInTokenAsync(SignIn);
        await elsewhere.OptionsAsync(SignIn + "/passkey", tokenElsewhere);

        var (challenge, options) = await browser.OptionsAsync(SignIn + "/passkey", token);
        (await elsewhere.AnswerAsync(SignIn + "/passkey", tokenElsewhere, challenge, passkey.Get(options))).Code.Should().Be(422, "another browser");
        (await browser.AnswerAsync(MerchantSignIn + "/passkey", token, challenge, passkey.Get(options))).Code.Should().Be(422, "another door");

        var addToken = await hers.AddTokenAsync(PasskeyDeeds.Buyers);
        var (toAdd, creation) = await hers.OptionsAsync(PasskeyDeeds.Buyers, addToken);
        var (made, _) = new SoftwarePasskey().Create(creation);
        (await hers.AnswerAsync(SignIn + "/passkey", await hers.SignInTokenAsync(SignIn), toAdd, made)).Code.Should().Be(422, "another question");
        (await browser.AnswerAsync(SignIn + "/passkey", token, challenge, passkey.Get(options)))
            .Location.Should()
            .Be("/", "none of them took it away");

        using var late = portal.Open();
        token = await late.SignInTokenAsync(SignIn);
        var (old, asked) = await late.OptionsAsync(SignIn + "/passkey", token);
        var (fresh, askedAgain) = await late.OptionsAsync(SignIn + "/passkey", token);
        portal.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        (await late.AnswerAsync(SignIn + "/passkey", token, fresh, passkey.Get(askedAgain))).Location.Should().Be("/");
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        (await late.AnswerAsync(SignIn + "/passkey", token, old, passkey.Get(asked))).Code.Should().Be(422, "five minutes are over");
    }

    [SecurityCase("S5", "twenty answers of a passkey at once: one session")]
    [Test]
    public async Task Twenty_answers_at_once_make_one_session()
    {
        var passkey = await BuyersPasskeyAsync();
        var second = db == Db.PostgreSql ? await portal.SecondNodeAsync() : null;
        try
        {
            using var browser = portal.Open();
            var token = await browser.SignInTokenAsync(SignIn);
            var (challenge, options) = await browser.OptionsAsync(SignIn + "/passkey", token);
            var answer = passkey.Get(options);
            var before = await portal.CountAsync("access_session");

            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 20)
                    .Select(async i =>
                    {
                        using var tab = (i % 2 == 0 ? second ?? portal : portal).Open();
                        foreach (var (name, value) in browser.Cookies)
                        {
                            tab.Cookies[name] = value;
                        }

                        return await tab.AnswerAsync(SignIn + "/passkey", token, challenge, answer);
                    })
            );

            answers.Count(a => a.Location == "/").Should().Be(1);
            answers.Count(a => a.Code == 422).Should().Be(19);
            (await portal.CountAsync("access_session")).Should().Be(before + 1);
        }
        finally
        {
            if (second is not null)
            {
                await second.StopAsync();
            }
        }
    }

    [Test]
    public async Task Of_two_answers_with_one_count_at_once_one_is_a_copys()
    {
        var passkey = await BuyersPasskeyAsync() with { Count = 9 };
        var tabs = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(async _ =>
                {
                    var browser = portal.Open();
                    var token = await browser.SignInTokenAsync(SignIn);
                    return (Browser: browser, Token: token, Asked: await browser.OptionsAsync(SignIn + "/passkey", token));
                })
        );

        var answers = await Task.WhenAll(
            tabs.Select(t => t.Browser.AnswerAsync(SignIn + "/passkey", t.Token, t.Asked.Challenge, passkey.Get(t.Asked.Options)))
        );

        answers.Count(a => a.Location == "/").Should().Be(1);
        answers.Count(a => a.Code == 422).Should().Be(9);
        foreach (var (browser, _, _) in tabs)
        {
            browser.Dispose();
        }
    }

    [Test]
    public async Task Neither_audience_comes_in_by_the_others_door()
    {
        var buyers = await BuyersPasskeyAsync();
        using var merchant = await MerchantAsync();
        var merchants = await merchant.AddPasskeyAsync(PasskeyDeeds.Merchants);
        var sessions = await portal.CountAsync("access_session");
        using var browser = portal.Open();

        (await browser.UsePasskeyAsync(buyers, MerchantSignIn)).Code.Should().Be(422);
        (await browser.UsePasskeyAsync(merchants, SignIn)).Code.Should().Be(422);

        browser.Cookies.Keys.Should().NotContain([Browser.SessionCookie, "__Host-portal-admin"]);
        (await portal.CountAsync("access_session")).Should().Be(sessions);
        (await browser.UsePasskeyAsync(merchants, MerchantSignIn)).Location.Should().Be("/admin");
        (await browser.UsePasskeyAsync(buyers, SignIn)).Location.Should().Be("/");
    }

    [TestCase(MerchantRole.Owner)]
    [TestCase(MerchantRole.Support)]
    public async Task A_merchants_passkey_is_password_and_second_factor_in_one(MerchantRole role)
    {
        using var merchant = await MerchantAsync(role);
        var passkey = await merchant.AddPasskeyAsync(PasskeyDeeds.Merchants, "Key ring");
        using var browser = portal.Open();

        var answer = await browser.UsePasskeyAsync(passkey, MerchantSignIn, ("ReturnTo", "/admin/audit"));

        answer.Location.Should().Be("/admin/audit", "{0}", answer);
        browser.Cookies.Should().ContainKey("__Host-portal-admin").And.NotContainKey(Browser.SessionCookie);
        var audit = await browser.GetAsync("/admin/audit?check=true");
        audit.Words.Should().Contain("Signed in with a passkey: Key ring").And.Contain("Passkey added: Key ring").And.NotContain("tampered");

        var id = await portal.ScalarAsync("select \"PublicId\" from access_passkey order by \"Id\" desc");
        var edit = await browser.GetAsync($"{PasskeyDeeds.Merchants}/{id}");
        (await browser.SubmitAsync(edit, null, ("Label", "Drawer"))).Location.Should().Be("/admin/security?passkey=renamed#passkeys");
        var remove = await browser.GetAsync($"{PasskeyDeeds.Merchants}/{id}/remove");
        (await browser.SubmitAsync(remove)).Location.Should().Be("/admin/security?passkey=removed#passkeys");
        (await browser.UsePasskeyAsync(passkey, MerchantSignIn)).Code.Should().Be(422);
    }

    [Test]
    public async Task Who_may_not_come_in_by_mail_or_password_may_not_by_passkey()
    {
        var email = await BuyerAsync();
        using var buyer = await portal.SignedInAsync(email);
        var buyers = await buyer.AddPasskeyAsync();
        using var merchant = await MerchantAsync();
        var merchants = await merchant.AddPasskeyAsync(PasskeyDeeds.Merchants);
        await portal.ExecuteAsync($"""update customers_customer set "DisabledAt" = "CreatedAt" where "Email" = '{email}'""");
        await portal.ExecuteAsync($"""update admin_merchant set "DisabledAt" = "CreatedAt" where "Email" = 'merchant{people}@example.com'""");
        using var browser = portal.Open();

        (await browser.UsePasskeyAsync(buyers)).Code.Should().Be(422);
        (await browser.UsePasskeyAsync(merchants, MerchantSignIn)).Code.Should().Be(422);

        await portal.ExecuteAsync($"""update customers_customer set "DisabledAt" = null where "Email" = '{email}'""");
        (await browser.UsePasskeyAsync(buyers)).Location.Should().Be("/");
    }

    [Test]
    public async Task Adding_and_removing_want_a_fresh_sign_in()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        await browser.AddPasskeyAsync();
        var path = await PathAsync(browser);
        var token = await browser.AddTokenAsync(PasskeyDeeds.Buyers);
        portal.Clock.Advance(TimeSpan.FromMinutes(16));

        (await browser.GetAsync(PasskeyDeeds.Buyers + "/new")).Location.Should().Be("/sign-in?returnTo=%2Fprofile%2Fsecurity%2Fpasskeys%2Fnew");
        (await browser.GetAsync(path + "/remove")).Location.Should().Be("/sign-in?returnTo=" + Uri.EscapeDataString(path + "/remove"));
        foreach (var post in (string[])[PasskeyDeeds.Buyers + "/options", path + "/remove"])
        {
            (await browser.PostAsync(post, [new(Browser.TokenField, token)])).Location.Should().StartWith("/sign-in", post);
        }

        (await browser.GetAsync(path)).Code.Should().Be(200, "a name may be changed at any time");
        using var merchant = await MerchantAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(16));
        (await merchant.GetAsync(PasskeyDeeds.Merchants + "/new"))
            .Location.Should()
            .Be("/admin/sign-in?returnTo=%2Fadmin%2Fsecurity%2Fpasskeys%2Fnew");
        (await portal.CountAsync("access_passkey", $"\"PublicId\" = '{path.Split('/')[^1]}'")).Should().Be(1, "it was not removed");
    }

    [Test]
    public async Task A_passkey_is_added_by_whoever_was_asked_and_once()
    {
        using var ada = await portal.SignedInAsync(await BuyerAsync());
        using var bert = await portal.SignedInAsync(await BuyerAsync());
        var token = await ada.AddTokenAsync(PasskeyDeeds.Buyers);
        var tokenOfBert = await bert.AddTokenAsync(PasskeyDeeds.Buyers);
        var before = await portal.CountAsync("access_passkey");
        async Task RefusedAsync(Browser browser, string token, string challenge, string answer, string because)
        {
            var refused = await browser.AnswerAsync(PasskeyDeeds.Buyers + "/new", token, challenge, answer, ("Label", "x"));
            refused.Code.Should().Be(422, because);
            refused.Page.QuerySelector("form[data-passkey=create] .notice.bad[role=alert]:not([hidden])").Should().NotBeNull(because);
        }

        var device = new SoftwarePasskey();
        foreach (
            var (because, wrong) in new Dictionary<string, SoftwarePasskey>
            {
                ["another origin"] = device with { Origin = "https://evil.test" },
                ["another domain"] = device with { Domain = "evil.test" },
                ["used, not made"] = device with { Type = "webauthn.get" },
                ["not unlocked"] = device with { IsVerified = false },
                ["a frame on another site"] = device with { CrossOrigin = true },
            }
        )
        {
            var (asked, what) = await ada.OptionsAsync(PasskeyDeeds.Buyers, token);
            await RefusedAsync(ada, token, asked, wrong.Create(what).Answer, because);
        }

        var (challenge, options) = await ada.OptionsAsync(PasskeyDeeds.Buyers, token);
        var (answer, passkey) = device.Create(options);
        foreach (var (name, value) in ada.Cookies.Where(c => c.Key == "__Host-portal-passkey"))
        {
            bert.Cookies[name] = value;
        }

        await RefusedAsync(bert, tokenOfBert, challenge, answer, "it is ada's challenge, even from her browser");
        (await portal.CountAsync("access_passkey")).Should().Be(before);
        (await ada.AnswerAsync(PasskeyDeeds.Buyers + "/new", token, challenge, answer)).Code.Should().Be(302);
        await RefusedAsync(ada, token, challenge, answer, "it was answered before");
        var (again, askedAgain) = await bert.OptionsAsync(PasskeyDeeds.Buyers, tokenOfBert);
        await RefusedAsync(bert, tokenOfBert, again, passkey.Create(askedAgain).Answer, "this credential is another's");
        (await portal.CountAsync("access_passkey")).Should().Be(before + 1);
    }

    [Test]
    public async Task One_credential_added_ten_times_at_once_is_added_once()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        var token = await browser.AddTokenAsync(PasskeyDeeds.Buyers);
        await browser.OptionsAsync(PasskeyDeeds.Buyers, token);
        var device = new SoftwarePasskey();
        var asked = new List<(string Challenge, JsonElement Options)>();
        for (var i = 0; i < 10; i++)
        {
            asked.Add(await browser.OptionsAsync(PasskeyDeeds.Buyers, token));
        }

        var answers = await Task.WhenAll(
            asked.Select(a => browser.AnswerAsync(PasskeyDeeds.Buyers + "/new", token, a.Challenge, device.Create(a.Options).Answer))
        );

        answers.Count(a => a.Code == 302).Should().Be(1);
        answers.Count(a => a.Code == 422).Should().Be(9);
        (await browser.GetAsync("/profile/security")).Page.QuerySelectorAll("#passkeys .row").Should().ContainSingle();
    }

    [Test]
    public async Task A_passkey_is_called_what_its_owner_says()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        var token = await browser.AddTokenAsync(PasskeyDeeds.Buyers);
        var (challenge, options) = await browser.OptionsAsync(PasskeyDeeds.Buyers, token);
        await browser.SendAsync(
            HttpMethod.Post,
            PasskeyDeeds.Buyers + "/new",
            new FormUrlEncodedContent([
                new(Browser.TokenField, token),
                new("Challenge", challenge),
                new("Credential", new SoftwarePasskey().Create(options).Answer),
                new("Label", "  "),
            ]),
            ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36")
        );
        var path = await PathAsync(browser);
        var page = await browser.GetAsync(path);
        page.Page.QuerySelector("#label")!.GetAttribute("value").Should().Be("Chrome · Linux");

        foreach (var wrong in (string[])["", "   ", new string('x', 61), "a\nb", "a\u0007b"])
        {
            var refused = await browser.SubmitAsync(page, null, ("Label", wrong));
            refused.Code.Should().Be(422);
            refused.Page.QuerySelector("#label[aria-invalid=true][aria-describedby=label-hint]").Should().NotBeNull();
            refused.Page.QuerySelector("#label-hint.error[role=alert]").Should().NotBeNull();
        }

        (await browser.SubmitAsync(page, null, ("Label", "  Das blaue <i>Telefon</i> ")))
            .Location.Should()
            .Be("/profile/security?passkey=renamed#passkeys");
        var security = await browser.GetAsync("/profile/security?passkey=renamed");
        security.Page.QuerySelector("#passkeys .row-title")!.TextContent.Should().Be("Das blaue <i>Telefon</i>");
        security.Words.Should().Contain("Passkey renamed: Das blaue <i>Telefon</i>");
    }

    [Test]
    public async Task A_removed_passkey_is_gone_and_its_owner_is_told()
    {
        var email = await BuyerAsync();
        using var browser = await portal.SignedInAsync(email);
        var removed = await browser.AddPasskeyAsync(label: "Old phone");
        var path = await PathAsync(browser);
        var kept = await browser.AddPasskeyAsync(label: "New phone");

        var answer = await browser.SubmitAsync(await browser.GetAsync(path + "/remove"));

        answer.Location.Should().Be("/profile/security?passkey=removed#passkeys");
        var page = await browser.GetAsync("/profile/security");
        page.Page.QuerySelectorAll("#passkeys .row-title").Select(e => e.TextContent).Should().Equal("New phone");
        page.Words.Should().Contain("Passkey removed: Old phone");
        (await portal.MailsAsync(email, "passkey-removed")).Single().Text.Should().Contain("Old phone");
        using var other = portal.Open();
        (await other.UsePasskeyAsync(removed)).Code.Should().Be(422);
        (await other.UsePasskeyAsync(kept)).Location.Should().Be("/");
        (await browser.GetAsync(path)).Code.Should().Be(404);
    }

    [Test]
    public async Task A_passkey_is_offered_after_signing_in_until_she_has_one_or_does_not_want_it()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        const string Offer = "[data-passkey-offer][hidden]";
        (await browser.GetAsync("/")).Page.QuerySelector(Offer).Should().NotBeNull("it is shown by script where the device can make one");

        var answer = await browser.SubmitAsync(await browser.GetAsync("/"), "[data-passkey-offer] form");
        answer.Location.Should().Be("/");
        answer.SetCookies.Single().Should().Contain("max-age=7776000", "that is 90 days").And.Contain("__Host-");
        (await browser.GetAsync("/")).Page.QuerySelector(Offer).Should().BeNull();

        browser.Cookies.Remove("__Host-portal-passkey-later");
        (await browser.GetAsync("/")).Page.QuerySelector(Offer).Should().NotBeNull();
        portal.Clock.Advance(TimeSpan.FromMinutes(16));
        (await browser.GetAsync("/")).Page.QuerySelector(Offer).Should().BeNull("she signed in a while ago");

        using var another = await portal.SignedInAsync(await BuyerAsync());
        await another.AddPasskeyAsync();
        (await another.GetAsync("/")).Page.QuerySelector(Offer).Should().BeNull("she has one");
    }

    [Test]
    public async Task Without_script_nothing_of_it_is_dead()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());

        var security = await browser.GetAsync("/profile/security");
        security.Page.QuerySelector("#passkeys [data-passkey-shown][hidden] a").Should().NotBeNull();
        security.Page.QuerySelector("#passkeys [data-passkey-missing]:not([hidden])").Should().NotBeNull();
        var add = await browser.GetAsync(PasskeyDeeds.Buyers + "/new");
        add.Page.QuerySelector("form[data-passkey][hidden]").Should().NotBeNull();
        add.Page.QuerySelector("[data-passkey-missing]:not([hidden])").Should().NotBeNull();
        var script = add.Page.QuerySelector("script[src^='/passkeys.js?v=']")!.GetAttribute("src")!;
        (await browser.GetAsync(script)).Header("Content-Type").Should().StartWith("text/javascript");
        add.Header("Permissions-Policy").Should().Contain("publickey-credentials-get=(self)").And.Contain("publickey-credentials-create=(self)");
    }

    [Test]
    public async Task Other_modules_may_ask_and_remove()
    {
        var email = await BuyerAsync();
        using var browser = await portal.SignedInAsync(email);
        var subject = (await portal.CustomerAsync(email))!.Id.Value;
        Task<T> Ask<T>(Func<IPasskeys, Task<T>> ask) => portal.InScopeAsync(s => ask(s.GetRequiredService<IPasskeys>()));

        (await Ask(p => p.AnyAsync(Audience.Buyer, subject, default))).Should().BeFalse();
        var passkey = await browser.AddPasskeyAsync(label: "One");
        var second = await browser.AddPasskeyAsync(label: "Two");
        (await Ask(p => p.AnyAsync(Audience.Buyer, subject, default))).Should().BeTrue();
        (await Ask(p => p.AnyAsync(Audience.Merchant, subject, default)))
            .Should()
            .BeFalse("row numbers of buyers and merchants are not the same people");
        var list = await Ask(p => p.ListAsync(Audience.Buyer, subject, default));
        list.Select(p => p.Label).Should().Equal("Two", "One");

        (await Ask(p => p.RemoveAsync(Audience.Merchant, subject, list[1].Id, default))).Should().BeFalse();
        (await Ask(p => p.RemoveAsync(Audience.Buyer, subject, list[1].Id, default))).Should().BeTrue();
        (await Ask(p => p.RemoveAsync(Audience.Buyer, subject, list[1].Id, default))).Should().BeFalse();
        using var other = portal.Open();
        (await other.UsePasskeyAsync(passkey)).Code.Should().Be(422);
        (await other.UsePasskeyAsync(second)).Location.Should().Be("/");

        await browser.OptionsAsync(PasskeyDeeds.Buyers, await browser.AddTokenAsync(PasskeyDeeds.Buyers));
        await portal.InScopeAsync(s => s.GetRequiredService<IPasskeys>().ForgetAllAsync(Audience.Buyer, subject, default));
        (await other.UsePasskeyAsync(second)).Code.Should().Be(422);
        foreach (var (table, where) in ((string, string)[])[("access_passkey_holder", ""), ("access_passkey_challenge", "")])
        {
            (await portal.CountAsync(table, $"\"Audience\" = 'Buyer' and \"Subject\" = {subject}{where}")).Should().Be(0, table);
        }
    }

    [Test]
    public async Task Challenges_nobody_answered_are_forgotten()
    {
        using var browser = portal.Open();
        var token = await browser.SignInTokenAsync(SignIn);
        await browser.OptionsAsync(SignIn + "/passkey", token);
        portal.Clock.Advance(TimeSpan.FromMinutes(6));
        var (living, _) = await browser.OptionsAsync(SignIn + "/passkey", token);

        await portal.InScopeAsync(s =>
            s.GetRequiredService<IEnumerable<IRecurringTask>>().Single(t => t.Name == "forget-stale-passkey-challenges").RunAsync(default)
        );

        (await portal.AskAsync(d => d.Set<PasskeyChallenge>().Select(c => c.PublicId).ToListAsync())).Should().Equal(living);
    }

    [Test]
    public async Task The_browsers_key_to_a_challenge_is_stored_as_a_hash_only()
    {
        using var browser = portal.Open();
        await browser.OptionsAsync(SignIn + "/passkey", await browser.SignInTokenAsync(SignIn));
        var token = browser.Cookies["__Host-portal-passkey"];

        token.Should().HaveLength(SecretToken.TokenLength);
        string.Join('\n', (await portal.DumpAsync()).Values).Should().NotContain(token).And.Contain(Convert.ToHexString(SecretToken.Hash(token)));
    }

    [Test]
    public void Every_route_that_makes_or_takes_a_challenge_is_limited() =>
        RoutesCommand
            .Read(portal.App)
            .Where(r => r.Verb == "POST" && r.Pattern.Contains("passkey", StringComparison.Ordinal))
            .Where(r => r.RateLimit == Limits.Secrets)
            .Select(r => r.Pattern)
            .Should()
            .BeEquivalentTo([
                "/sign-in/passkey",
                "/sign-in/passkey/options",
                "/admin/sign-in/passkey",
                "/admin/sign-in/passkey/options",
                PasskeyDeeds.Buyers + "/new",
                PasskeyDeeds.Buyers + "/options",
                PasskeyDeeds.Merchants + "/new",
                PasskeyDeeds.Merchants + "/options",
            ]);

    [TestCase("https://Shop.Example.test", "shop.example.test", "https://shop.example.test", true)]
    [TestCase("https://shop.example.test:443/", "shop.example.test", "https://shop.example.test", true)]
    [TestCase("https://shop.example.test:8443/customers", "shop.example.test", "https://shop.example.test:8443", true)]
    [TestCase("http://localhost:5080", "localhost", "http://localhost:5080", true)]
    [TestCase("https://läden.example.test", "xn--lden-loa.example.test", "https://xn--lden-loa.example.test", true)]
    [TestCase("http://127.0.0.1:5080", "127.0.0.1", "http://127.0.0.1:5080", false)]
    [TestCase("http://[::1]:5080", "::1", "http://[::1]:5080", false)]
    public void The_public_url_is_what_a_passkey_is_good_for(string url, string domain, string origin, bool possible)
    {
        var party = new RelyingParty(Options.Create(new PortalOptions { PublicUrl = new Uri(url) }));
        var options = new Microsoft.AspNetCore.Identity.IdentityPasskeyOptions();

        party.Configure(options);

        party.IsPossible.Should().Be(possible);
        if (possible)
        {
            options.ServerDomain.Should().Be(domain);
            party.Origin.Should().Be(origin);
        }
    }

    private async Task<SoftwarePasskey> BuyersPasskeyAsync()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());
        return await browser.AddPasskeyAsync();
    }

    /// <summary>Where the one listed last can be changed.</summary>
    private static async Task<string> PathAsync(Browser browser) =>
        (await browser.GetAsync("/profile/security"))
            .Page.QuerySelectorAll("#passkeys .row a")
            .First(a => !a.GetAttribute("href")!.EndsWith("/remove", StringComparison.Ordinal))
            .GetAttribute("href")!;

    private async Task<Browser> MerchantAsync(MerchantRole role = MerchantRole.Owner)
    {
        var email = string.Create(CultureInfo.InvariantCulture, $"merchant{++people}@example.com");
        (await portal.InScopeAsync(s => s.GetRequiredService<IMerchants>().AddAsync(email, Password, role, default))).Should().BeNull();
        var browser = portal.Open();
        var answer = await browser.SubmitAsync(await browser.GetAsync(MerchantSignIn), null, ("Email", email), ("Password", Password));
        answer.Location.Should().Be("/admin", "{0}", answer);
        return browser;
    }

    private async Task<string> BuyerAsync()
    {
        var email = string.Create(CultureInfo.InvariantCulture, $"buyer{++people}@example.com");
        await portal.TellAsync(connection, Deeds.Purchase($"b{people}", email, 1000, portal.Now));
        return email;
    }
}
