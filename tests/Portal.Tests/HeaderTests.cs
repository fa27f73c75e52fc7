using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Host.Commands;
using Portal.Invoices.Data;
using Portal.Kernel;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>What every answer says besides its body.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class HeaderTests(Db db)
{
    private const string Mia = "mia@example.com";
    private PortalUnderTest portal = null!;
    private Browser ada = null!;
    private string invoice = null!;
    private string webhook = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(
            db,
            new PortalSetup
            {
                Settings = ["--Portal:TrustedProxies:0=127.0.0.1", "--RateLimits:FormsPerMinute=20"],
                Adjust = services => services.Configure<MvcOptions>(mvc => mvc.Filters.Add(new Broken())),
            }
        );
        await portal.AddMerchantAsync(Mia);
        var connection = await portal.ConnectSilentAsync();
        webhook = $"/webhooks/sandbox/{connection.PublicId}";
        await portal.TellAsync(connection.Id, Deeds.Purchase("1", "ada@example.com", 1099, portal.Now));
        ada = await portal.SignedInAsync("ada@example.com");

        // A file in the place of the printed one: how it is served is what counts here.
        invoice = await portal.InScopeAsync(async s =>
        {
            var hash = await s.GetRequiredService<FileStore>().SaveAsync("%PDF-1.7"u8.ToArray(), CancellationToken.None);
            var documents = s.GetRequiredService<PortalDb>().AllOwners<Document>();
            await documents.ExecuteUpdateAsync(set => set.SetProperty(d => d.PdfHash, hash));
            return await documents.Select(d => d.PublicId).SingleAsync();
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        ada.Dispose();
        await portal.DisposeAsync();
    }

    [SecurityCase("E4", "policy, nosniff, framing and referrer on pages, files, redirects, errors and health")]
    [Test]
    public async Task Every_answer_is_guarded()
    {
        using var nobody = portal.Open();
        using var content = new ByteArrayContent(new byte[1024 * 1024 + 1]);
        var sheet = await nobody.GetAsync("/site.css");
        (int Code, Answer Answer)[] answers =
        [
            (200, await ada.GetAsync("/")),
            (200, await nobody.GetAsync("/sign-in")),
            (200, await ada.GetAsync($"/invoices/{invoice}.pdf")),
            (200, sheet),
            (200, await nobody.GetAsync("/site.js?v=1")),
            (200, await nobody.GetAsync("/brand.css")),
            (200, await nobody.GetAsync("/favicon.svg")),
            (200, await nobody.GetAsync("/health/live")),
            (200, await nobody.GetAsync("/health/ready")),
            (302, await nobody.GetAsync("/orders")),
            (304, await nobody.GetAsync("/site.css", ("If-None-Match", sheet.Header("ETag")!))),
            (400, await ada.PostAsync("/sign-out")),
            (400, await nobody.GetAsync("/", ("Host", "evil.test"))),
            (403, await SupportTriesAsync()),
            (404, await ada.GetAsync("/orders/ord_none")),
            (404, await nobody.GetAsync("/no-such-page")),
            (404, await nobody.GetAsync("/admin/no-such-page")),
            (404, await nobody.GetAsync("/webhooks/none/none")),
            (405, await nobody.SendAsync(HttpMethod.Put, "/sign-in", null)),
            (410, await nobody.GetAsync("/sign-in/none")),
            (413, await nobody.SendAsync(HttpMethod.Post, webhook, content)),
            (429, await TooOftenAsync()),
            (500, await nobody.GetAsync("/sign-in/" + Broken.Token)),
        ];

        foreach (var (code, answer) in answers)
        {
            answer.Code.Should().Be(code, "{0}", answer);
            IsGuarded(answer);
        }
    }

    [SecurityCase("E4", "the same on every route there is")]
    [Test]
    public async Task Every_route_is_guarded()
    {
        using var merchant = portal.Open();
        await merchant.SignInMerchantAsync(Mia);
        using var nobody = portal.Open();
        foreach (var route in RoutesCommand.Read(portal.App).Where(r => r.Verb == "GET"))
        {
            var path = Regex.Replace(route.Pattern, "{[^}]*}", "x", RegexOptions.None, TimeSpan.FromSeconds(1));
            foreach (var browser in (Browser[])[nobody, ada, merchant])
            {
                var answer = await browser.GetAsync(path);
                IsGuarded(answer);
                if (route.Audience is "buyer" or "merchant" || route.Pattern.Contains("{token}", StringComparison.Ordinal))
                {
                    answer.Header("Cache-Control").Should().Contain("no-store", "{0}", answer);
                }

                if (route.Pattern.Contains("{token}", StringComparison.Ordinal))
                {
                    answer.Header("Referrer-Policy").Should().Be("no-referrer", "{0}", answer);
                }
            }
        }
    }

    [SecurityCase("S8", "no referrer and no cache wherever the address holds a token")]
    [TestCase(410, "x")]
    [TestCase(500, Broken.Token)]
    public async Task Where_the_address_holds_a_token_it_is_kept_back_whatever_the_answer(int code, string token)
    {
        using var nobody = portal.Open();

        var answer = await nobody.GetAsync("/sign-in/" + token);

        answer.Code.Should().Be(code);
        answer.Header("Referrer-Policy").Should().Be("no-referrer");
        answer.Header("Cache-Control").Should().Be("no-store");
        answer
            .Page.QuerySelectorAll("[src], link[href]")
            .Should()
            .OnlyContain(e => (e.GetAttribute("src") ?? e.GetAttribute("href"))!.StartsWith('/'));
    }

    [SecurityCase("S7", "forwarded host, scheme and prefix reach no mail")]
    [Test]
    public async Task Headers_of_proxies_that_are_not_configured_to_send_them_change_no_address()
    {
        using var browser = portal.Open();
        var page = await browser.GetAsync("/sign-in");
        var (action, fields) = Browser.Read(page);
        fields["Email"] = "ada@example.com";
        var before = (await portal.MailsAsync("ada@example.com", "sign-in")).Count;

        await browser.PostAsync(
            action,
            fields,
            ("X-Forwarded-Host", "evil.test"),
            ("X-Forwarded-Proto", "http"),
            ("X-Forwarded-Prefix", "/evil"),
            ("Forwarded", "host=evil.test")
        );

        var mails = await Poller.UntilAsync(() => portal.MailsAsync("ada@example.com", "sign-in"), m => m.Count > before, "the mail");
        Regex
            .Matches(mails[0].Text + mails[0].Html, "https?://[^\"<\\s]+", RegexOptions.None, TimeSpan.FromSeconds(1))
            .Select(m => m.Value)
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(u => u.StartsWith(PortalUnderTest.ShopUrl + "/", StringComparison.Ordinal));
        (await browser.GetAsync("/orders", ("X-Forwarded-Prefix", "/evil"))).Location.Should().Be("/sign-in?returnTo=%2Forders");
        (await browser.GetAsync("/sign-in", ("Host", "shop.example.test:1@evil.test"))).Code.Should().Be(400);
    }

    [SecurityCase("E4", "private pages and files are never cached")]
    [Test]
    public async Task Private_pages_are_kept_by_no_cache()
    {
        foreach (
            var path in (string[])
                ["/", "/orders", "/payments", "/subscriptions", $"/invoices/{invoice}", $"/invoices/{invoice}.pdf", "/orders/ord_none"]
        )
        {
            (await ada.GetAsync(path)).Header("Cache-Control").Should().Contain("no-store", path);
        }
    }

    [Test]
    public async Task Versioned_files_are_kept_for_long()
    {
        var sheet = (await ada.GetAsync("/")).Page.QuerySelector("link[href^='/site.css']")!.GetAttribute("href")!;

        sheet.Should().Contain("?v=");
        (await ada.GetAsync(sheet)).Header("Cache-Control").Should().Contain("immutable");
        (await ada.GetAsync("/site.css")).Header("Cache-Control").Should().NotContain("immutable");
    }

    [SecurityCase("E4", "strict transport security behind HTTPS")]
    [Test]
    public async Task Behind_a_proxy_with_https_browsers_are_told_to_stay_there()
    {
        var secure = await ada.GetAsync("/sign-in", ("X-Forwarded-Proto", "https"));
        var plain = await ada.GetAsync("/sign-in");

        secure.Header("Strict-Transport-Security").Should().MatchRegex("max-age=[0-9]{8,}");
        plain.Header("Strict-Transport-Security").Should().BeNull();
    }

    [SecurityCase("S7", "an unknown host is a bad request, a forwarded one is ignored")]
    [TestCase("evil.test")]
    [TestCase("shop.example.test.evil.test")]
    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    public async Task A_made_up_host_reaches_no_page(string host)
    {
        using var nobody = portal.Open();

        (await nobody.GetAsync("/sign-in", ("Host", host))).Code.Should().Be(400);
        (await nobody.GetAsync("/sign-in", ("X-Forwarded-Host", host))).Code.Should().Be(200, "that header is nobody's business here");
    }

    [Test]
    public async Task A_health_probe_may_name_this_machine()
    {
        using var probe = portal.Open();

        (await probe.GetAsync("/health/ready", ("Host", "127.0.0.1"))).Code.Should().Be(200);
        (await probe.GetAsync("/health/live", ("Host", "evil.test"))).Code.Should().Be(400);
    }

    private static void IsGuarded(Answer answer)
    {
        var policy = answer.Header("Content-Security-Policy");
        policy
            .Should()
            .Contain("default-src 'none'", "{0}", answer)
            .And.Contain("frame-ancestors 'none'")
            .And.Contain("object-src 'none'")
            .And.Contain("base-uri 'none'");
        policy.Should().NotContain("unsafe-").And.NotContain("*");
        answer.Header("X-Content-Type-Options").Should().Be("nosniff", "{0}", answer);
        answer.Header("X-Frame-Options").Should().Be("DENY", "{0}", answer);
        answer.Header("Referrer-Policy").Should().NotBeNullOrEmpty("{0}", answer);
        answer.Headers.Keys.Should().NotContain(["Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version"]);
        if (answer.Bytes.Length > 0 && answer.Header("Content-Type") is { } type && type.StartsWith("text/html", StringComparison.Ordinal))
        {
            type.Should().Be("text/html; charset=utf-8");
        }
    }

    private async Task<Answer> SupportTriesAsync()
    {
        await portal.AddMerchantAsync("support@example.com");
        await portal.ExecuteAsync("""update admin_merchant set "Role" = 'Support' where "Email" = 'support@example.com'""");
        using var support = portal.Open();
        await support.SignInMerchantAsync("support@example.com");
        return await support.SubmitAsync(await support.GetAsync("/admin/store"));
    }

    private async Task<Answer> TooOftenAsync()
    {
        using var merchant = portal.Open();
        await merchant.SignInMerchantAsync(Mia);
        Answer answer;
        do
        {
            answer = await merchant.PostAsync("/admin/store");
        } while (answer.Code == 400);

        return answer;
    }

    /// <summary>Fails at one token.</summary>
    private sealed class Broken : IResourceFilter
    {
        public const string Token = "breaks";

        public void OnResourceExecuting(ResourceExecutingContext context)
        {
            if (context.RouteData.Values["token"] as string == Token)
            {
                throw new InvalidOperationException("It breaks on purpose.");
            }
        }

        public void OnResourceExecuted(ResourceExecutedContext context) { }
    }
}
