using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access.Data;
using Portal.Host.Commands;
using Portal.Kernel;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>What somebody typed is still there after she had to sign in again: on every page, found by looking, not from a list.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class KeptFormTests(Db db)
{
    private const string Ada = "ada@example.com";
    private const string Mia = "mia@example.com";
    private const string StorePage = "/admin/store";

    /// <summary>Routes that need not be reached by following links, and why.</summary>
    private static readonly Dictionary<string, string> Unreached = new()
    {
        ["/invoices/{id}.pdf"] = "a file",
        ["/invoices/{id}/processor-file"] = "a file",
        ["/invoices/for/{orderId}"] = "leads on to the invoice",
        ["/profile/data/exports/{id}"] = "a file",
        ["/profile/data/link/{token}"] = "stands in a mail",
        ["/profile/password"] = "only there where the merchant allows passwords, and those are never kept",
        ["/profile/security/passkeys/{id}"] = "only there once a passkey is; its form is kept like any other",
        ["/profile/security/passkeys/{id}/remove"] = "only there once a passkey is; nothing is typed on it",
        ["/admin/security/passkeys/{id}"] = "only there once a passkey is; its form is kept like any other",
        ["/admin/security/passkeys/{id}/remove"] = "only there once a passkey is; nothing is typed on it",
        ["/admin/security/recovery-codes"] = "only there with a second factor; nothing is typed on it",
        ["/admin/security/recovery-codes.txt"] = "a file",
        ["/admin/erasures/{id}"] = "only there once somebody asked; its form is kept like any other",
        ["/admin/deliveries/{id}"] = "only there once a delivery is parked; nothing is typed on it",
    };

    private PortalUnderTest portal = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        var connection = (await portal.ConnectSilentAsync()).Id;
        foreach (var name in (string[])["ada", "bert"])
        {
            await portal.TellAsync(
                connection,
                [
                    .. Deeds.Purchase(name, $"{name}@example.com", 2500, portal.Now.AddDays(-1)),
                    Deeds.Subscription(name, $"{name}@example.com", portal.Now, portal.Now.AddYears(1)),
                ]
            );
        }

        await portal.AddMerchantAsync(Mia);
        await portal.AddMerchantAsync("max@example.com");
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [TestCase("buyer")]
    [TestCase("merchant")]
    public async Task Every_form_of_every_page_survives(string audience)
    {
        using var browser = portal.Open();
        await SignInAsync(browser, audience);
        var (forms, patterns) = await DiscoverAsync(browser, audience);
        var routes = RoutesCommand.Read(portal.App).Where(r => r.Audience == audience && r.Verb == "GET").Select(r => r.Pattern).Distinct();
        TestContext.Out.WriteLine(string.Join('\n', forms));
        forms.Should().NotBeEmpty();
        routes.Except(patterns).Should().BeSubsetOf(Unreached.Keys, "a page that no link leads to is not tried here");

        foreach (var (page, action) in forms)
        {
            await SurvivesAsync(browser, audience, page, action);
        }
    }

    [Test]
    public async Task It_is_shown_until_it_is_sent_again_and_never_sent_by_itself()
    {
        using var browser = portal.Open();
        await browser.SignInMerchantAsync(Mia);
        await LoseAsync(browser, ("Name", "Lost and found"));
        (await browser.SignInMerchantAsync(Mia, "/admin/sign-in?returnTo=%2Fadmin%2Fstore")).Location.Should().Be(StorePage);

        var page = await browser.GetAsync(StorePage);
        Value(page, "Name").Should().Be("Lost and found");
        Value(await browser.GetAsync(StorePage), "Name").Should().Be("Lost and found", "looking uses nothing up");
        using (var other = portal.Open())
        {
            await other.SignInMerchantAsync(Mia);
            Value(await other.GetAsync(StorePage), "Name")
                .Should()
                .NotBe("Lost and found", "nothing was saved, and another browser was not where she typed");
        }

        (await browser.SubmitAsync(page)).Location.Should().StartWith(StorePage);
        var saved = await browser.GetAsync(StorePage);
        Value(saved, "Name").Should().Be("Lost and found");
        saved.Words.Should().NotContain("You were signed out meanwhile");
        browser.Cookies.Should().NotContainKey("__Host-portal-kept");
    }

    [SecurityCase("E2", "what was typed before a session ended is shown to its author only")]
    [Test]
    public async Task Somebody_else_on_this_browser_gets_nothing()
    {
        using var browser = portal.Open();
        await browser.SignInMerchantAsync(Mia);
        await LoseAsync(browser, ("Name", "Mia's own words"));

        await browser.SignInMerchantAsync("max@example.com");
        (await browser.GetAsync(StorePage)).Body.Should().NotContain("own words");
        browser.Cookies.Remove(Merchants.SessionCookie);
        await browser.SignInMerchantAsync(Mia);
        Value(await browser.GetAsync(StorePage), "Name").Should().Be("Mia's own words");
    }

    [Test]
    public async Task After_an_hour_it_is_gone()
    {
        using var browser = portal.Open();
        await browser.SignInMerchantAsync(Mia);
        await LoseAsync(browser, ("Name", "Too late"));

        portal.Clock.Advance(TimeSpan.FromMinutes(60) + TimeSpan.FromSeconds(1));
        await browser.SignInMerchantAsync(Mia);

        (await browser.GetAsync(StorePage)).Body.Should().NotContain("Too late");
    }

    [Test]
    public async Task Secrets_files_and_markup_are_not_kept()
    {
        using var browser = portal.Open();
        await browser.SignInMerchantAsync(Mia);
        const string Strange = "\"><script>alert(1)</script> ä€ 😀 &amp;";
        using var content = new MultipartFormDataContent
        {
            { new StringContent(Strange), "Name" },
            { new StringContent("canary-password"), "Password" },
            { new StringContent("canary-key"), "Settings[apiKey]" },
            { new StringContent("canary-token"), Browser.TokenField },
            { new StringContent("12345"), "PostalCode" },
        };
        var file = new ByteArrayContent("canary-file"u8.ToArray());
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        content.Add(file, "logo", "logo.png");
        portal.Clock.Advance(TimeSpan.FromMinutes(31));
        await browser.SendAsync(HttpMethod.Post, StorePage, content);

        var kept = await portal.InScopeAsync(async s =>
        {
            var row = await s.GetRequiredService<PortalDb>().Set<KeptForm>().SingleAsync(f => f.Audience == Audience.Merchant);
            var protector = s.GetRequiredService<IDataProtectionProvider>().CreateProtector("Portal.Access.KeptForm");
            return System.Text.Encoding.UTF8.GetString(protector.Unprotect(row.ProtectedFields));
        });
        kept.Should().Contain("12345").And.Contain("Name").And.NotContain("canary");
        (await portal.DumpAsync())["access_kept_form"].Should().NotContain("alert(1)").And.NotContain("12345", "what is stored is sealed");

        await browser.SignInMerchantAsync(Mia);
        var page = await browser.GetAsync(StorePage);
        Value(page, "Name").Should().Be(Strange);
        page.Body.Should().NotContain("<script>alert");
    }

    [Test]
    public async Task Strangers_and_other_sites_store_nothing()
    {
        await portal.ExecuteAsync("delete from access_kept_form");
        using var stranger = portal.Open();
        await stranger.PostAsync(StorePage, [new("Name", "x")]);
        stranger.Cookies[Merchants.SessionCookie] = new string('x', 43);
        await stranger.PostAsync(StorePage, [new("Name", "x")]);
        using var browser = portal.Open();
        await browser.SignInMerchantAsync(Mia);
        portal.Clock.Advance(TimeSpan.FromMinutes(31));
        await browser.PostAsync(StorePage, [new("Name", "x")], ("Origin", "https://evil.test"));
        await browser.PostAsync(StorePage, [new("Name", "x")], ("Sec-Fetch-Site", "cross-site"));
        await browser.PostAsync(StorePage, [new("Name", new string('x', 64 * 1024))]);
        await browser.PostAsync(StorePage, Enumerable.Range(0, 201).Select(n => KeyValuePair.Create($"Field{n}", "x")));
        using var json = new StringContent("""{"Name":"x"}""", new MediaTypeHeaderValue("application/json"));
        (await browser.SendAsync(HttpMethod.Post, StorePage, json)).Code.Should().Be(302);
        using var broken = new ByteArrayContent("no boundary"u8.ToArray());
        var answer = await browser.SendAsync(HttpMethod.Post, StorePage, broken, ("Content-Type", "multipart/form-data; boundary=x"));

        answer.Location.Should().Be("/admin/sign-in?returnTo=%2Fadmin%2Fstore", "{0}", answer);
        (await portal.CountAsync("access_kept_form")).Should().Be(0);
        await browser.PostAsync(StorePage, [new("Name", "x")], ("Origin", $"https://{portal.HostName}"), ("Sec-Fetch-Site", "same-origin"));
        (await portal.CountAsync("access_kept_form")).Should().Be(1);
        await browser.PostAsync(StorePage, [new("Name", "y")]);
        (await portal.CountAsync("access_kept_form")).Should().Be(1, "one for each person");
    }

    [TestCase("https://shop.example.test/admin/store", StorePage)]
    [TestCase("https://shop.example.test/admin/store?saved=true", StorePage)]
    [TestCase("https://evil.test/admin/store", "/admin/connections/new")]
    [TestCase("https://shop.example.test/orders", "/admin/connections/new")]
    [TestCase("https://shop.example.test//evil.test", "/admin/connections/new")]
    [TestCase("nonsense", "/admin/connections/new")]
    public async Task She_comes_back_to_the_page_the_form_stood_on(string referrer, string page)
    {
        using var browser = portal.Open();

        var answer = await browser.PostAsync("/admin/connections/new", [new("Name", "x")], ("Referer", referrer));

        answer.Location.Should().Be("/admin/sign-in?returnTo=" + Uri.EscapeDataString(page));
    }

    private async Task LoseAsync(Browser browser, params (string Name, string Value)[] fill)
    {
        var page = await browser.GetAsync(StorePage);
        portal.Clock.Advance(TimeSpan.FromMinutes(31));
        (await browser.SubmitAsync(page, null, fill)).Location.Should().Be("/admin/sign-in?returnTo=%2Fadmin%2Fstore");
    }

    private static string? Value(Answer page, string name) => ((IHtmlInputElement)page.Page.QuerySelector($"main input[name={name}]")!).Value;

    // --- Discovery -------------------------------------------------------------------------------------------------

    private async Task SignInAsync(Browser browser, string audience, string? returnTo = null)
    {
        if (audience == "merchant")
        {
            var page = "/admin/sign-in" + (returnTo is null ? "" : "?returnTo=" + Uri.EscapeDataString(returnTo));
            (await browser.SignInMerchantAsync(Mia, page)).Location.Should().Be(returnTo ?? "/admin");
        }
        else
        {
            var link = await portal.LinkAsync(browser, Ada, returnTo);
            (await browser.SubmitAsync(await browser.GetAsync(link))).Location.Should().Be(returnTo ?? "/");
        }
    }

    /// <summary>Follows every link once per route and set of query names.</summary>
    private async Task<(List<(string Page, string Action)> Forms, HashSet<string> Patterns)> DiscoverAsync(Browser browser, string audience)
    {
        var routes = RoutesCommand
            .Read(portal.App)
            .Where(r => r.Audience == audience && r.Verb == "GET")
            .Select(r =>
                (r.Pattern, Regex: new Regex("^" + Regex.Replace(r.Pattern, "{[^}]*}", "[^/]+") + "$", RegexOptions.None, TimeSpan.FromSeconds(1)))
            )
            .OrderBy(r => r.Pattern.Contains('{', StringComparison.Ordinal))
            .ToList();
        List<(string, string)> forms = [];
        HashSet<string> seen = [],
            reached = [];
        Queue<string> links = new(routes.Where(r => !r.Pattern.Contains('{', StringComparison.Ordinal)).Select(r => r.Pattern));
        while (links.TryDequeue(out var link))
        {
            var (path, query) = (link.Split('?')[0], link.Split('?').ElementAtOrDefault(1) ?? "");
            var pattern = routes.FirstOrDefault(r => r.Regex.IsMatch(path)).Pattern;
            var names = string.Join('&', query.Split('&').Select(q => q.Split('=')[0]).Order());
            if (pattern is null || names.Contains("locale", StringComparison.Ordinal) || !seen.Add(pattern + "?" + names))
            {
                continue;
            }

            var answer = await browser.GetAsync(link);
            if (answer.Code != 200 || answer.Header("Content-Type")?.StartsWith("text/html", StringComparison.Ordinal) != true)
            {
                continue;
            }

            reached.Add(pattern);
            foreach (var form in answer.Page.QuerySelectorAll("main form[method=post]").Where(f => Typed(f).Any()))
            {
                forms.Add((link, form.GetAttribute("action") ?? ""));
            }

            foreach (var next in answer.Page.QuerySelectorAll("a[href]"))
            {
                links.Enqueue(new Uri(new Uri("http://x" + link), next.GetAttribute("href")!).PathAndQuery);
            }
        }

        return (forms, reached);
    }

    private static IEnumerable<IElement> Typed(IParentNode form) =>
        form.QuerySelectorAll("input[name], textarea[name], select[name]")
            .Where(f =>
                f is not IHtmlInputElement { Type: "hidden" or "password" or "file" or "submit" or "button" }
                && !SecretNames.Includes(f.GetAttribute("name")!)
            );

    private async Task SurvivesAsync(Browser browser, string audience, string link, string action)
    {
        var page = await browser.GetAsync(link);
        var selector = action.Length == 0 ? "main form[method=post]:not([action])" : $"main form[method=post][action='{action}']";
        page.Code.Should().Be(200, "{0}", page);
        var typed = Typed(page.Page.QuerySelector(selector)!).ToList();
        var filled = Fill(typed);
        var expected = typed.Select(Shown).ToList();
        portal.Clock.Advance(TimeSpan.FromMinutes(31));

        var lost = await browser.PostAsync(action.Length == 0 ? link : action, filled, ("Referer", $"https://{portal.HostName}{link}"));

        var path = link.Split('?')[0];
        lost.Location.Should()
            .Be((audience == "merchant" ? "/admin" : "") + "/sign-in?returnTo=" + Uri.EscapeDataString(path), "{0} {1}", link, action);
        await SignInAsync(browser, audience, path);
        var back = await browser.GetAsync(link);
        back.Code.Should().Be(200, "{0}", back);
        var form = back.Page.QuerySelector(selector)!;
        form.TextContent.Should().Contain("You were signed out meanwhile", "{0} {1}", link, action);
        Typed(form).Select(Shown).Should().Equal(expected, "{0} {1}", link, action);
        foreach (var secret in form.QuerySelectorAll("input[type=password]"))
        {
            secret.GetAttribute("value").Should().BeNullOrEmpty();
        }
    }

    /// <summary>Fills in marks, as far as the fields take them, and says what is sent.</summary>
    private static List<KeyValuePair<string, string>> Fill(IEnumerable<IElement> fields)
    {
        var number = 0;
        List<KeyValuePair<string, string>> sent = [];
        foreach (var field in fields)
        {
            var mark = "mark" + (++number).ToString(CultureInfo.InvariantCulture);
            switch (field)
            {
                case IHtmlInputElement { Type: "checkbox" } box:
                    box.IsChecked = !box.IsChecked;
                    break;
                case IHtmlInputElement { Type: "radio" } choice:
                    choice.IsChecked = true;
                    break;
                case IHtmlInputElement text:
                    text.Value = text.Type switch
                    {
                        "email" => mark + "@example.com",
                        "url" => $"https://{mark}.example",
                        "number" => number.ToString(CultureInfo.InvariantCulture),
                        "date" => "2027-02-0" + (number % 9 + 1).ToString(CultureInfo.InvariantCulture),
                        "color" => "#abcdef",
                        _ => mark,
                    };
                    break;
                case IHtmlSelectElement choices:
                    choices.Value = choices.Options[^1].Value;
                    break;
                default:
                    ((IHtmlTextAreaElement)field).Value = mark + "\nsecond line";
                    break;
            }
        }

        foreach (var field in fields)
        {
            if (field is not IHtmlInputElement { Type: "radio" or "checkbox", IsChecked: false })
            {
                sent.Add(new(field.GetAttribute("name")!, Sent(field)));
            }
        }

        return sent;
    }

    private static string Sent(IElement field) =>
        field switch
        {
            IHtmlInputElement input => input.Value,
            IHtmlSelectElement choices => choices.Value ?? "",
            _ => ((IHtmlTextAreaElement)field).Value,
        };

    private static string Shown(IElement field) =>
        field is IHtmlInputElement { Type: "radio" or "checkbox" } box
            ? $"{box.Name} {box.Value} {box.IsChecked}"
            : $"{field.GetAttribute("name")} {Sent(field)}";
}
