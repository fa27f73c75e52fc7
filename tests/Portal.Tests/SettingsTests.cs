using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>What the program says before any database matters.</summary>
public sealed class SettingsTests
{
    private TempFolder data = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        data = new TempFolder();
        await Installation.FreshDatabaseAsync(Db.Sqlite, data.Path);
    }

    [OneTimeTearDown]
    public void Stop() => data.Dispose();

    [TestCase("no active plugin nobody", "connections", "add", "nobody", "--name", "x")]
    [TestCase("apiKey", "connections", "add", "stripe", "--name", "x", "--set", "webhookSecret=whsec_x")]
    [TestCase(
        "colour",
        "connections",
        "add",
        "stripe",
        "--name",
        "x",
        "--set",
        "apiKey=rk_live_x",
        "--set",
        "webhookSecret=whsec_x",
        "--set",
        "colour=blue"
    )]
    [TestCase("key=value", "connections", "add", "stripe", "--name", "x", "--set", "apiKey")]
    [TestCase("--since", "import", "con_none", "--since", "soon")]
    [TestCase("no such connection", "import", "con_none", "--since", "2026-01-01")]
    public async Task What_is_refused_is_refused_in_one_sentence(string sentence, params string[] arguments) =>
        (await RunAsync(arguments)).ShouldFail(sentence);

    [Test]
    public async Task Plugins_are_listed_with_their_states()
    {
        var listed = await RunAsync("plugins", "list", "--json");

        listed.ShouldSucceed();
        JsonNode
            .Parse(listed.Output)!
            .AsArray()
            .Select(p => $"{p!["id"]} {p["state"]} {p["reason"]}")
            .Should()
            .Contain(["payfast Active ", "sandbox Active ", "stripe Active "]);
    }

    [Test]
    public async Task Routes_are_listed_with_what_guards_them()
    {
        var listed = await RunAsync("routes", "--json");

        listed.ShouldSucceed();
        var routes = JsonSerializer.Deserialize<List<JsonElement>>(listed.Output)!;
        routes.Should().HaveCountGreaterThan(20).And.OnlyHaveUniqueItems(r => r.ToString());
        var signIn = routes.Single(r => r.GetProperty("verb").GetString() == "POST" && r.GetProperty("pattern").GetString() == "/sign-in");
        (signIn.GetProperty("audience").GetString(), signIn.GetProperty("antiforgery").GetBoolean(), signIn.GetProperty("rate_limit").GetString())
            .Should()
            .Be(("public", true, "secrets"));
        routes
            .Should()
            .Contain(r =>
                r.GetProperty("pattern").GetString() == "/webhooks/{plugin}/{connectionId}" && r.GetProperty("audience").GetString() == "webhook"
            );
        routes.Select(r => r.GetProperty("audience").GetString()).Should().BeSubsetOf(["public", "buyer", "merchant", "api", "webhook"]);
    }

    [SecurityCase("K3", "Production refuses a moved clock and limits turned off")]
    [TestCase("Portal:PublicUrl", "--Portal:PublicUrl=ftp://shop.example")]
    [TestCase("Portal:PublicUrl", "--Portal:PublicUrl=")]
    [TestCase("Portal:PathBase", "--Portal:PathBase=customers")]
    [TestCase("Portal:ClockOffset", "--Portal:ClockOffset=01:00:00")]
    [TestCase("Portal:TrustedProxies", "--Portal:TrustedProxies:0=proxy")]
    [TestCase("RateLimits:Enabled", "--RateLimits:Enabled=false")]
    [TestCase("RateLimits:SecretsPerMinute", "--RateLimits:SecretsPerMinute=many")]
    [TestCase("Database:Provider", "--Database:Provider=Oracle")]
    [TestCase("SignIn:LinkMinutes", "--SignIn:LinkMinutes=soon")]
    [TestCase("Mail:Transport", "--Mail:Transport=Pigeon")]
    public async Task A_wrong_setting_stops_the_start_with_one_sentence_that_names_it(string key, string setting) =>
        (await RunAsync("serve", setting)).ShouldFail(key);

    [SecurityCase("S7", "Production does not start without its public address")]
    [Test]
    public async Task Production_without_a_public_address_refuses_to_start()
    {
        var refused = await CommandLine.RunAsync([], data.Path, ["serve"], withUrl: false);

        refused.ShouldFail("Portal:PublicUrl is needed in Production");
    }

    private Task<CommandLine.Run> RunAsync(params string[] arguments) => CommandLine.RunAsync([], data.Path, arguments);
}
