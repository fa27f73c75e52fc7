using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
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
    private PortalUnderTest portal = null!;
    private Browser ada = null!;
    private string invoice = null!;
    private string webhook = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Settings = ["--Portal:TrustedProxies:0=127.0.0.1"] });
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
        (int Code, Answer Answer)[] answers =
        [
            (200, await ada.GetAsync("/")),
            (200, await nobody.GetAsync("/sign-in")),
            (200, await ada.GetAsync($"/invoices/{invoice}.pdf")),
            (200, await nobody.GetAsync("/site.css")),
            (200, await nobody.GetAsync("/site.js?v=1")),
            (200, await nobody.GetAsync("/brand.css")),
            (200, await nobody.GetAsync("/favicon.svg")),
            (200, await nobody.GetAsync("/health/live")),
            (200, await nobody.GetAsync("/health/ready")),
            (302, await nobody.GetAsync("/orders")),
            (400, await ada.PostAsync("/sign-out")),
            (400, await nobody.GetAsync("/", ("Host", "evil.test"))),
            (404, await ada.GetAsync("/orders/ord_none")),
            (404, await nobody.GetAsync("/no-such-page")),
            (404, await nobody.GetAsync("/admin/no-such-page")),
            (404, await nobody.GetAsync("/webhooks/none/none")),
            (405, await nobody.SendAsync(HttpMethod.Put, "/sign-in", null)),
            (410, await nobody.GetAsync("/sign-in/none")),
            (413, await nobody.SendAsync(HttpMethod.Post, webhook, content)),
        ];

        foreach (var (code, answer) in answers)
        {
            answer.Code.Should().Be(code, "{0}", answer);
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
}
