using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Portal.BrowserTests;

/// <summary>A buyer of the demo shop. Each test has its own, so that none meets another's cancellation.</summary>
/// <param name="Id">At the Sandbox processor.</param>
/// <param name="Email">What she signs in with.</param>
/// <param name="Name">What she is greeted with.</param>
internal sealed record DemoBuyer(string Id, string Email, string Name);

/// <summary>What the Sandbox processor's books say of a subscription.</summary>
internal sealed record LedgerSubscription(string Id, bool WillCancel, DateTimeOffset CurrentPeriodEnd, DateTimeOffset? CancelAt);

/// <summary>The Sandbox processor from its other side: who buys there, and what stands in its books.</summary>
internal sealed class SandboxBooks : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly HttpClient http;
    private readonly byte[] webhookKey;
    private int buyers;

    public SandboxBooks(Uri address, string apiKey, string webhookSecret)
    {
        webhookKey = Convert.FromBase64String(webhookSecret["whsec_".Length..]);
        http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>Somebody new, who has bought these products.</summary>
    public async Task<DemoBuyer> NewBuyerAsync(params string[] products)
    {
        var number = Interlocked.Increment(ref buyers);
        var (email, name) = (
            string.Create(CultureInfo.InvariantCulture, $"buyer{number}@example.com"),
            string.Create(CultureInfo.InvariantCulture, $"Buyer {number}")
        );
        var customer = await PostAsync("v1/test/customers", new { email, name });
        var buyer = new DemoBuyer(customer.GetProperty("id").GetString()!, email, name);
        foreach (var product in products)
        {
            await BuyAsync(buyer, product);
        }

        await SettleAsync();
        return buyer;
    }

    /// <summary>She buys one more thing; the portal has been told when this returns.</summary>
    public async Task BuyAsync(DemoBuyer buyer, string product)
    {
        await PostAsync("v1/test/purchases", new { customer = buyer.Id, product });
        await SettleAsync();
    }

    /// <summary>Her one subscription.</summary>
    public async Task<LedgerSubscription> SubscriptionOfAsync(DemoBuyer buyer) =>
        (await LedgerAsync())
            .GetProperty("subscriptions")
            .EnumerateArray()
            .Single(s => s.GetProperty("customer").GetString() == buyer.Id)
            .Deserialize<LedgerSubscription>(Json)!;

    /// <summary>The commands the processor took for a subscription, in their order.</summary>
    public async Task<IReadOnlyList<string>> CommandsForAsync(string subscription) =>
        [
            .. (await LedgerAsync())
                .GetProperty("commands")
                .EnumerateArray()
                .Where(c => c.GetProperty("path").GetString()!.Contains(subscription, StringComparison.Ordinal))
                .Select(c => c.GetProperty("operation").GetString()!),
        ];

    /// <summary>What no event is, with markup in it.</summary>
    public const string Nonsense = "This is not an event. <img src=x onerror=alert(1)>";

    /// <summary>Sends the portal a webhook, rightly signed, whose body is no event.</summary>
    public Task SendNonsenseAsync(Uri webhook) => SendAsync(webhook, Nonsense);

    /// <summary>Tells the portal of things nobody bought, rightly signed.</summary>
    public async Task TellAsync(Uri webhook, params object[] things)
    {
        foreach (var thing in things)
        {
            await SendAsync(webhook, JsonSerializer.Serialize(new { type = "thing.changed", data = new { @object = thing } }, Json));
        }
    }

    private async Task SendAsync(Uri webhook, string body)
    {
        var (id, at) = (
            "msg_" + Guid.NewGuid().ToString("N"),
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)
        );
        var signature = Convert.ToBase64String(HMACSHA256.HashData(webhookKey, Encoding.UTF8.GetBytes($"{id}.{at}.{body}")));
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at);
        request.Headers.Add("webhook-signature", "v1," + signature);
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => http.Dispose();

    private async Task SettleAsync() => (await PostAsync("v1/test/settle", new { })).GetProperty("pending").GetInt32().Should().Be(0);

    private Task<JsonElement> LedgerAsync() => http.GetFromJsonAsync<JsonElement>(new Uri("v1/ledger", UriKind.Relative));

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
