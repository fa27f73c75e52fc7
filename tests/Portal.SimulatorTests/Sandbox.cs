using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Portal.Plugin.Sandbox;
using Portal.Processors;
using Portal.Simulator;

namespace Portal.SimulatorTests;

/// <summary>A real Sandbox server with a real receiver of its webhooks and the real plugin between them.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    public const string ApiKey = "test-key";
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static int keys;

    private readonly WebApplication server;
    private readonly HttpClient http;

    private Sandbox(WebApplication server, Receiver receiver)
    {
        this.server = server;
        Receiver = receiver;
        http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", ApiKey);
        Plugin = Connect();
        receiver.Plugin = (IReceiveWebhooks)Plugin;
    }

    public Receiver Receiver { get; }

    public IProcessor Plugin { get; }

    public HttpClient Http => http;

    public Uri Address => http.BaseAddress!;

    public static async Task<Sandbox> StartAsync(string? ledger = null, int? seed = 1, TimeProvider? clock = null)
    {
        var receiver = await Receiver.StartAsync();
        var server = await SandboxServer.StartAsync(
            new SandboxOptions
            {
                LedgerFile = ledger,
                ApiKey = ApiKey,
                WebhookSecret = Secret,
                WebhookUrl = receiver.Address,
                Seed = seed,
                Clock = clock ?? TimeProvider.System,
                RenewByItself = false,
            },
            CancellationToken.None
        );
        return new Sandbox(server, receiver);
    }

    public static string NextKey() => $"key-{Interlocked.Increment(ref keys)}";

    public T As<T>()
        where T : class => (T)Plugin;

    public IProcessor Connect(string apiKey = ApiKey, Uri? address = null, TimeSpan? timeout = null) =>
        new SandboxPlugin().Connect(
            new Connection
            {
                Settings = new Dictionary<string, string>
                {
                    ["apiKey"] = apiKey,
                    ["webhookSecret"] = Secret,
                    ["apiBase"] = (address ?? Address).AbsoluteUri,
                },
                TestMode = true,
                Http = new HttpClient { Timeout = timeout ?? TimeSpan.FromSeconds(20) },
                Clock = TimeProvider.System,
            }
        );

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var reply = await http.PostAsJsonAsync(path, body);
        reply.EnsureSuccessStatusCode();
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<JsonElement> LedgerAsync() => http.GetFromJsonAsync<JsonElement>("/v1/ledger");

    public Task FaultAsync(string operation, string fault, int? times = null) =>
        PostAsync(
            "/v1/faults",
            new
            {
                operation,
                fault,
                times,
            }
        );

    public Task WebhooksAsync(object webhooks) => PostAsync("/v1/faults", new { webhooks });

    /// <summary>Waits until every webhook has been delivered.</summary>
    public async Task SettleAsync() => (await PostAsync("/v1/test/settle", new { })).GetProperty("pending").GetInt32().Should().Be(0);

    public async Task<List<ProcessorRecord>> ListAsync(DateTimeOffset? since = null)
    {
        var records = new List<ProcessorRecord>();
        await foreach (var record in As<IListRecords>().ListAsync(since ?? DateTimeOffset.MinValue, CancellationToken.None))
            records.Add(record);
        return records;
    }

    public async Task<T> FindAsync<T>(RecordKind kind, string id)
        where T : ProcessorRecord => (T)(await As<IListRecords>().FindAsync(kind, id, CancellationToken.None))!;

    /// <summary>The demo buyer's monthly subscription.</summary>
    public async Task<SubscriptionRecord> MonthlyAsync() =>
        (await ListAsync()).OfType<SubscriptionRecord>().Single(one => one.Customer!.Email == "ada@example.com" && one.Name == "Atelier Pro");

    public async Task<PaymentRecord> FailedPaymentAsync() =>
        (await ListAsync()).OfType<PaymentRecord>().Single(one => one is { State: PaymentState.Failed, Customer.Email: "ada@example.com" });

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.StopAsync();
        await server.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}
