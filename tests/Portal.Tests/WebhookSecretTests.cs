using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Connections.CallProcessor;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Processors;
using Portal.Tests.Support;
using Portal.TestSupport;
using ConnectionInfo = Portal.Connections.Contract.ConnectionInfo;

namespace Portal.Tests;

/// <summary>Without a secret there is no webhook address, whatever the plugin: anybody can sign with none.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class WebhookSecretTests(Db db)
{
    /// <summary>A connection of each plugin without its secret, and a delivery signed with a key as good as none. A new plugin is to be added.</summary>
    private static readonly Dictionary<string, (Dictionary<string, string> Settings, Func<string, Signed> Sign)> Plugins = new()
    {
        ["sandbox"] = (new() { ["apiKey"] = "key" }, Sandbox),
        ["stripe"] = (new() { ["apiKey"] = "rk_live_x" }, Stripe),
        ["payfast"] = (new() { ["merchantId"] = "10000100" }, PayFast),
    };

    private static IEnumerable<string> Names => Plugins.Keys;

    private static readonly string[] NoSecrets = ["", "   ", "whsec_", ",", " , ", "whsec_,whsec_", "whsec_, "];

    private PortalUnderTest portal = null!;

    [OneTimeSetUp]
    public async Task Start() => portal = await PortalUnderTest.StartAsync(db);

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [Test]
    [SecurityCase("W3", "every plugin there is stands in the matrix of blank secrets")]
    public void Every_plugin_is_known_here() =>
        portal
            .Services.GetRequiredService<PluginCatalog>()
            .Active.Where(p => p.Plugin!.ProcessorType.IsAssignableTo(typeof(IReceiveWebhooks)))
            .Select(p => p.Plugin!.Id)
            .Should()
            .BeEquivalentTo(Plugins.Keys);

    [TestCaseSource(nameof(Names))]
    [SecurityCase("W3", "unset or as good as blank: 404, nothing stored, and the merchant is told")]
    public async Task Without_a_secret_the_address_is_closed_and_the_merchant_told(string plugin)
    {
        var (settings, sign) = Plugins[plugin];
        var guard = Guard(plugin);
        var connection = await portal.ConnectAsync(plugin, "No secret at " + plugin, settings);
        using var merchant = await portal.SignedInMerchantAsync();

        (await SendAsync(connection, sign(""))).Code.Should().Be(404);
        foreach (var secret in NoSecrets)
        {
            // As an older version or a hand in the database might have left it: the form itself takes no blanks.
            await KeepAsync(connection, new Dictionary<string, string>(settings) { [guard] = secret });
            (await SendAsync(connection, sign(secret))).Code.Should().Be(404, "the secret is \"{0}\"", secret);
            (await merchant.GetAsync("/admin/connections/" + connection.PublicId)).Words.Should().Contain("Webhook secret missing");
        }

        (await portal.CountAsync("connections_inbox", $"\"ConnectionId\" = {connection.Id}")).Should().Be(0);
    }

    [TestCaseSource(nameof(Names))]
    [SecurityCase("W3", "settings that cannot be decrypted: 503, nothing stored, and the merchant is told")]
    public async Task With_settings_nobody_can_decrypt_it_is_to_come_again(string plugin)
    {
        var (settings, sign) = Plugins[plugin];
        var connection = await portal.ConnectAsync(plugin, "Lost keys at " + plugin, settings);
        await ChangeAsync(connection, RandomNumberGenerator.GetBytes(200));
        using var merchant = await portal.SignedInMerchantAsync();

        var answer = await SendAsync(connection, sign(""));

        (answer.Code, answer.Header("Retry-After")).Should().Be((503, "60"));
        (await portal.CountAsync("connections_inbox", $"\"ConnectionId\" = {connection.Id}")).Should().Be(0);
        (await merchant.GetAsync("/admin/connections/" + connection.PublicId)).Words.Should().Contain("cannot be decrypted");
        (await merchant.GetAsync("/admin/connections")).Words.Should().Contain("Settings unreadable");
    }

    private string Guard(string plugin) =>
        portal.Services.GetRequiredService<PluginCatalog>().Find(plugin)!.Plugin!.Settings.Single(s => s.GuardsWebhooks).Name;

    private Task<int> KeepAsync(ConnectionInfo connection, Dictionary<string, string> settings) =>
        ChangeAsync(connection, portal.Services.GetRequiredService<ConnectionSecrets>().Seal(settings));

    private Task<int> ChangeAsync(ConnectionInfo connection, byte[] sealedSettings) =>
        portal.AskAsync(data =>
            data.Set<ConnectedAccount>()
                .Where(a => a.Id == connection.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.ProtectedSettings, sealedSettings).SetProperty(a => a.Version, Guid.NewGuid()))
        );

    private async Task<Answer> SendAsync(ConnectionInfo connection, Signed delivery)
    {
        using var sender = portal.Open();
        using var content = new StringContent(delivery.Body, new System.Net.Http.Headers.MediaTypeHeaderValue(delivery.MediaType));
        return await sender.SendAsync(HttpMethod.Post, $"/webhooks/{connection.Plugin}/{connection.PublicId}", content, delivery.Headers);
    }

    /// <summary>What a forger makes of such a secret: the empty key where nothing is left of it.</summary>
    private static Signed Sandbox(string secret)
    {
        const string Body = """{"type":"order.paid"}""";
        var at = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var key = Encoding.UTF8.GetBytes(secret.Replace("whsec_", "", StringComparison.Ordinal).Trim(' ', ','));
        var mac = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"msg_1.{at}.{Body}")));
        return new Signed(Body, "application/json", [("webhook-id", "msg_1"), ("webhook-timestamp", $"{at}"), ("webhook-signature", "v1," + mac)]);
    }

    private static Signed Stripe(string secret)
    {
        const string Body = """{"id":"evt_1","object":"event","type":"invoice.paid"}""";
        var signature = Signatures.Stripe(Encoding.UTF8.GetBytes(Body), TimeProvider.System.GetUtcNow(), secret.Trim());
        return new Signed(Body, "application/json", [("Stripe-Signature", signature)]);
    }

    private static Signed PayFast(string secret) =>
        new(
            Signatures.PayFast(
                [("pf_payment_id", "1"), ("payment_status", "COMPLETE"), ("amount_gross", "1.00"), ("merchant_id", "10000100")],
                secret
            ),
            "application/x-www-form-urlencoded",
            []
        );

    private sealed record Signed(string Body, string MediaType, (string, string)[] Headers);
}
