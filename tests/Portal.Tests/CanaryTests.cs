using System.Net;
using System.Text;
using System.Text.Json;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>The real program with everything logged, and a secret in every place a secret goes.</summary>
public sealed class CanaryTests
{
    private const string Key = "sk_canary_5b0c7f1e92";
    private const string SmtpPassword = "smtp-canary-77e1a0";
    private const string DatabasePassword = "db-canary-41c9d2";
    private const string Card = "4242424242424242";
    private const string MerchantPassword = "merchant canary pass phrase 90af";
    private const string Email = "ada.canary@example.com";
    private static readonly string WebhookSecret = "whsec_" + Convert.ToBase64String("canary-9d2f55aa-canary"u8);
    private TempFolder folder = null!;

    private static Dictionary<string, string> Loud =>
        new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Portal:PublicUrl"] = "http://localhost",
            ["Logging:LogLevel:Default"] = "Debug",
            ["Logging:LogLevel:Microsoft"] = "Debug",
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Debug",
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command"] = "Debug",
            ["Logging:LogLevel:Quartz"] = "Debug",
            ["Mail:Transport"] = "Smtp",
            ["Mail:Host"] = "127.0.0.1",
            ["Mail:Port"] = "1",
            ["Mail:Security"] = "None",
            ["Mail:User"] = "portal",
            ["Mail:Password"] = SmtpPassword,
        };

    [OneTimeSetUp]
    public void Make() => folder = new TempFolder();

    [OneTimeTearDown]
    public void Clear() => folder.Dispose();

    [Test]
    [SecurityCase(
        "K2",
        "at Debug: processor key, webhook secret, SMTP and merchant's password, a card-like number in a webhook, an address: in no log line, page or file"
    )]
    public async Task A_whole_story_at_debug_level_tells_no_secret()
    {
        var data = folder.Combine("data");
        var added = JsonDocument.Parse(
            await PortalProcess.RunAsync(
                CommandLine.Program,
                data,
                Loud,
                [
                    "connections",
                    "add",
                    "sandbox",
                    "--name",
                    "Sandbox",
                    "--set",
                    $"apiKey={Key}",
                    "--set",
                    $"webhookSecret={WebhookSecret}",
                    "--set",
                    "apiBase=http://127.0.0.1:1",
                    "--json",
                ]
            )
        );
        var webhook = new Uri(added.RootElement.GetProperty("webhook_url").GetString()!).AbsolutePath;
        List<string> pages = [];
        string log;
        await using (var portal = await PortalProcess.StartAsync(CommandLine.Program, data, Loud))
        {
            var code = (await portal.SaidAsync(new System.Text.RegularExpressions.Regex("/admin/setup code (?<code>\\S+)"))).Groups["code"].Value;
            using var merchant = new Browser(portal.Address, "localhost");
            var setUp = await merchant.GetAsync("/admin/setup");
            var done = await merchant.SubmitAsync(
                setUp,
                null,
                ("Code", code),
                ("StoreName", "Canary"),
                ("Email", "merchant.canary@example.com"),
                ("Password", MerchantPassword)
            );
            done.Code.Should().Be(302, "{0}", done);
            await DeliverAsync(
                merchant,
                webhook,
                SandboxAccount.Event(SandboxAccount.Customer("cus_1", Email, TimeProvider.System.GetUtcNow(), Card))
            );
            await DeliverAsync(merchant, webhook, Encoding.UTF8.GetBytes($$"""{"card":"{{Card}}"}"""));
            await DeliverAsync(merchant, webhook, "forged"u8.ToArray(), forged: true);
            using var buyer = new Browser(portal.Address, "localhost");
            await buyer.SubmitAsync(await buyer.GetAsync("/sign-in"), null, ("Email", Email));
            foreach (
                var path in (string[])
                    ["/admin", "/admin/connections", "/admin/store", "/admin/mails", "/errors/500", "/no-such-page", "/capabilities", "/metrics"]
            )
            {
                pages.Add((await merchant.GetAsync(path)).Body);
            }

            // Its mail is tried and fails: nobody listens there.
            await portal.SaidAsync(new System.Text.RegularExpressions.Regex("OutboxMail"));
            log = portal.Output;
        }

        log.Should().Contain("\"LogLevel\":\"Debug\"", "it was asked to tell everything");
        Found(log, Key, WebhookSecret, SmtpPassword, MerchantPassword, Card, Email, "merchant.canary@example.com").Should().BeEmpty();
        Found(string.Join('\n', pages), Key, WebhookSecret, SmtpPassword, MerchantPassword).Should().BeEmpty();
        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Found(text, Key, WebhookSecret, SmtpPassword, MerchantPassword).Should().BeEmpty(file);
        }

        foreach (var line in log.Split('\n').Where(l => l.StartsWith('{')))
        {
            using var parsed = JsonDocument.Parse(line); // What users wrote stays inside its line.
        }
    }

    [Test]
    [SecurityCase("K2", "a database that refuses its password: the sentence, the exit and the log tell nothing of it")]
    public async Task A_refused_database_password_is_not_told()
    {
        var run = await CommandLine.RunAsync(
            [
                "--Database:Provider=PostgreSql",
                $"--Database:ConnectionString=Host=127.0.0.1;Port=1;Username=portal;Password={DatabasePassword};Database=portal",
            ],
            folder.Combine(""),
            ["serve", "--Logging:LogLevel:Default=Debug", "--Logging:LogLevel:Microsoft=Debug"]
        );

        run.Code.Should().Be(1);
        Found(run.Output + run.Errors, DatabasePassword).Should().BeEmpty();
        run.Errors.Should().NotContain("   at ");
    }

    private static async Task DeliverAsync(Browser sender, string webhook, byte[] body, bool forged = false)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        var headers = Signatures.Sandbox(SandboxAccount.NextId(), body, TimeProvider.System.GetUtcNow(), WebhookSecret);
        if (forged)
        {
            headers[2].Value += "x";
        }

        (await sender.SendAsync(HttpMethod.Post, webhook, content, headers)).Code.Should().Be(forged ? 400 : 200);
    }

    private static IEnumerable<string> Found(string text, params string[] secrets) =>
        secrets.Where(s =>
            (
                (string[])
                    [
                        s,
                        WebUtility.UrlEncode(s),
                        Convert.ToHexString(Encoding.UTF8.GetBytes(s)),
                        Convert.ToBase64String(Encoding.UTF8.GetBytes(s)[..(Encoding.UTF8.GetByteCount(s) / 3 * 3)]),
                    ]
            ).Any(e => text.Contains(e, StringComparison.OrdinalIgnoreCase))
        );
}
