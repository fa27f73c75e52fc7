using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.TestSupport;

namespace Portal.BrowserTests;

/// <summary>One demo for the whole run: the program in a process of its own with fresh data, its Sandbox processor, and a browser.</summary>
[SetUpFixture]
public sealed partial class Demo
{
    // The plain binary first, as the portal itself looks for it: the other is a script that adds flags of its own.
    private static readonly string[] Browsers = ["/usr/lib/chromium/chromium", "/usr/bin/chromium"];

    private static readonly string[] BrowserFlags =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Portal:Demo"] = "true",
        ["Mail:Transport"] = "Folder",
        // Every test comes from this one address.
        ["RateLimits:Enabled"] = "false",
    };

    private static TempFolder? data;
    private static PortalProcess? portal;
    private static IPlaywright? playwright;
    private static IBrowser? browser;
    private static SandboxBooks? sandbox;

    internal static Uri Address => portal!.Address;

    internal static PortalProcess Process => portal!;

    internal static IBrowser Browser => browser!;

    internal static SandboxBooks Sandbox => sandbox!;

    /// <summary>The repository's folder.</summary>
    internal static string Repository => Metadata("Repository");

    /// <summary>The mails sent so far, a file each.</summary>
    internal static string Mails => data!.Combine("data", "mail");

    /// <summary>Where the Sandbox processor sends its events.</summary>
    internal static async Task<Uri> WebhookAsync()
    {
        var listed = await PortalProcess.RunAsync(Metadata("Portal"), data!.Combine("data"), Settings, "connections", "list", "--json");
        using var connections = System.Text.Json.JsonDocument.Parse(listed);
        var path = new Uri(connections.RootElement[0].GetProperty("webhook_url").GetString()!).AbsolutePath;
        return new Uri(Address, path);
    }

    [OneTimeSetUp]
    public async Task Start()
    {
        data = new TempFolder();
        portal = await PortalProcess.StartAsync(Metadata("Portal"), data.Combine("data"), Settings);
        var booksRead = await portal.SaidAsync(SandboxConnected());
        var keys = await File.ReadAllLinesAsync(data.Combine("data", "sandbox", "keys"));
        sandbox = new SandboxBooks(new Uri(booksRead.Groups["address"].Value), keys[0], keys[1]);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium(), Args = BrowserFlags });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        sandbox?.Dispose();
        if (portal is not null)
        {
            await portal.DisposeAsync();
        }

        data?.Dispose();
    }

    private static string Chromium() =>
        new[] { Environment.GetEnvironmentVariable("Pdf__ChromiumPath") }.Concat(Browsers).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("These tests need Chromium. On Debian: apt-get install chromium.");

    private static string Metadata(string key) =>
        typeof(Demo).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    [GeneratedRegex(@"The Sandbox processor answers at (?<address>\S+) and its books are read")]
    private static partial Regex SandboxConnected();
}
