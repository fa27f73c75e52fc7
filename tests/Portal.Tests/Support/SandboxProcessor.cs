using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Portal.Connections.Contract;
using Portal.Simulator;
using ConnectionInfo = Portal.Connections.Contract.ConnectionInfo;

namespace Portal.Tests.Support;

/// <summary>A real Sandbox processor: a server of its own with a ledger, connected to a portal like any other.</summary>
internal sealed class SandboxProcessor : IAsyncDisposable
{
    public const string BuyerEmail = "ada@example.com";
    private const string ApiKey = "sandbox-key";
    private readonly WebApplication server;
    private readonly HttpClient http;

    private SandboxProcessor(WebApplication server)
    {
        this.server = server;
        http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", ApiKey);
    }

    /// <summary>The portal's connection to it.</summary>
    public ConnectionInfo Connection { get; private set; } = null!;

    /// <summary>Starts one, connects the portal, lets it notify the portal, and imports its books.</summary>
    public static async Task<SandboxProcessor> StartAsync(PortalUnderTest portal)
    {
        var sandbox = new SandboxProcessor(
            await SandboxServer.StartAsync(
                new SandboxOptions
                {
                    ApiKey = ApiKey,
                    Seed = 1,
                    BuyerEmail = BuyerEmail,
                    RenewByItself = false,
                },
                CancellationToken.None
            )
        );
        sandbox.Connection = await portal.ConnectAsync(
            "sandbox",
            "Sandbox",
            new Dictionary<string, string>
            {
                ["apiKey"] = ApiKey,
                ["webhookSecret"] = Signatures.Secret,
                ["apiBase"] = sandbox.http.BaseAddress!.ToString(),
            },
            testMode: true
        );
        await sandbox.PostAsync(
            "webhook-endpoint",
            new { url = new Uri(portal.Address, $"/webhooks/sandbox/{sandbox.Connection.PublicId}").ToString(), secret = Signatures.Secret }
        );
        await portal.InScopeAsync(s =>
            s.GetRequiredService<IImportHistory>()
                .RunAsync(sandbox.Connection.Id, portal.Now.AddYears(-5), historic: true, null, CancellationToken.None)
        );
        return sandbox;
    }

    /// <summary>A customer with a running monthly subscription, told to the portal by webhooks.</summary>
    /// <returns>The processor's id of the subscription.</returns>
    public async Task<string> SubscribeAsync(string email)
    {
        var customer = await PostAsync("test/customers", new { email, name = "Buyer " + email });
        await PostAsync("test/purchases", new { customer = customer.GetProperty("id").GetString(), product = "atelier-pro-monthly-eur" });
        await SettleAsync();
        return (await LedgerAsync("subscriptions"))
            .Last(s => s.GetProperty("customer").GetString() == customer.GetProperty("id").GetString())
            .GetProperty("id")
            .GetString()!;
    }

    public Task FaultAsync(string operation, string fault, int? times = null) =>
        PostAsync(
            "faults",
            new
            {
                operation,
                fault,
                times,
            }
        );

    /// <summary>It answers after a while.</summary>
    public Task DelayAsync(string operation, int milliseconds) =>
        PostAsync(
            "faults",
            new
            {
                operation,
                fault = "delay",
                delay_ms = milliseconds,
            }
        );

    public Task WebhooksAsync(object webhooks) => PostAsync("faults", new { webhooks });

    public async Task HealAsync() => (await http.DeleteAsync(new Uri("v1/faults", UriKind.Relative))).EnsureSuccessStatusCode();

    /// <summary>Waits until every webhook has been delivered.</summary>
    public async Task SettleAsync() => (await PostAsync("test/settle", new { })).GetProperty("pending").GetInt32().Should().Be(0);

    /// <summary>Rows of the ledger.</summary>
    public async Task<List<JsonElement>> LedgerAsync(string table) =>
        [.. (await http.GetFromJsonAsync<JsonElement>("v1/ledger")).GetProperty(table).EnumerateArray()];

    /// <summary>The commands about one thing.</summary>
    public async Task<List<JsonElement>> CommandsAsync(string id) =>
        [.. (await LedgerAsync("commands")).Where(c => c.GetProperty("path").GetString()!.Contains($"/{id}/", StringComparison.Ordinal))];

    public async Task<JsonElement> SubscriptionAsync(string id) =>
        (await LedgerAsync("subscriptions")).Single(s => s.GetProperty("id").GetString() == id);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.StopAsync();
        await server.DisposeAsync();
    }

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var reply = await http.PostAsJsonAsync("v1/" + path, body);
        reply.IsSuccessStatusCode.Should().BeTrue("{0}", await reply.Content.ReadAsStringAsync());
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }
}
