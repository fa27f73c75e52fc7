using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portal.TestSupport;
using ConnectionInfo = Portal.Connections.Contract.ConnectionInfo;

namespace Portal.Tests.Support;

/// <summary>A Stripe account: a stand-in for its API, and its events signed and sent to a portal.</summary>
internal sealed class StripeAccount : IAsyncDisposable
{
    private readonly StubServer server;
    private readonly PortalUnderTest portal;

    private StripeAccount(StubServer server, PortalUnderTest portal) => (this.server, this.portal) = (server, portal);

    public ConnectionInfo Connection { get; private set; } = null!;

    public Uri Address => server.Address;

    public IReadOnlyList<StubRequest> Requests => server.Requests;

    /// <summary>The lists, by path; each page's items.</summary>
    public ConcurrentDictionary<string, JsonNode[][]> Lists { get; } = [];

    /// <summary>The invoice whose payment is asked for: its payment intent.</summary>
    public ConcurrentDictionary<string, string> PaidBy { get; } = [];

    /// <summary>Refuses the page after this thing; null for none.</summary>
    public string? FailsAfter { get; set; }

    public string Webhook => $"/webhooks/stripe/{Connection.PublicId}";

    public static async Task<StripeAccount> StartAsync(PortalUnderTest portal, string name = "Stripe")
    {
        StripeAccount account = null!;
        var server = await StubServer.StartAsync((request, response) => account.AnswerAsync(request, response));
        account = new StripeAccount(server, portal);
        account.Connection = await portal.ConnectAsync(
            "stripe",
            name,
            new Dictionary<string, string>
            {
                ["apiKey"] = "rk_live_x",
                ["webhookSecret"] = "whsec_former, " + Signatures.Secret,
                ["apiBase"] = server.Address.ToString(),
            }
        );
        return account;
    }

    /// <summary>One of the plugin's sample events, of another customer's than all others.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="whose">Letters and digits; her address is this at example.com.</param>
    /// <param name="change">Changes the event and its object.</param>
    public static byte[] Event(string name, string whose, Action<JsonNode, JsonNode>? change = null)
    {
        var file = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "StripeEvents", name + ".json"));
        var happened = JsonNode.Parse(
            file.Replace("Portal\"", whose + "\"", StringComparison.Ordinal)
                .Replace("PORTAL-", whose + "-", StringComparison.Ordinal)
                .Replace("ada@example.com", whose + "@example.com", StringComparison.Ordinal)
        )!;
        happened["livemode"] = true;
        change?.Invoke(happened, happened["data"]!["object"]!);
        return Encoding.UTF8.GetBytes(happened.ToJsonString());
    }

    /// <summary>Sends it as Stripe would.</summary>
    public async Task<Answer> SendAsync(byte[] body, string? signature = null, params (string Name, string Value)[] headers)
    {
        using var sender = portal.Open();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        return await sender.SendAsync(
            HttpMethod.Post,
            Webhook,
            content,
            [("Stripe-Signature", signature ?? Signatures.Stripe(body, portal.Now)), .. headers]
        );
    }

    /// <summary>Sends them in this order; each is stored.</summary>
    public async Task DeliverAsync(params byte[][] bodies)
    {
        foreach (var body in bodies)
        {
            (await SendAsync(body)).Code.Should().Be(200);
        }
    }

    /// <summary>Until nothing is left to work but what waits for something unknown.</summary>
    public Task SettledAsync(string but = "1=0") =>
        Poller.UntilAsync(
            async () =>
                await portal.CountAsync(
                    "connections_inbox",
                    $"\"ConnectionId\" = {Connection.Id} and \"State\" in ('Received', 'Processing') and not ({but})"
                ) == 0,
            "the inbox to be worked"
        );

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task AnswerAsync(StubRequest request, HttpResponse response)
    {
        var url = new Uri(server.Address, request.PathAndQuery);
        var query = System.Web.HttpUtility.ParseQueryString(url.Query);
        response.ContentType = "application/json";
        if (query["starting_after"] is { } failing && failing == FailsAfter)
        {
            response.StatusCode = 400;
            await response.WriteAsync("""{"error":{"type":"invalid_request_error","message":"Not now."}}""");
        }
        else if (url.AbsolutePath == "/v1/invoice_payments")
        {
            var invoice = query["invoice"]!;
            JsonNode[] links = PaidBy.TryGetValue(invoice, out var intent)
                ?
                [
                    JsonNode.Parse(
                        $$$"""{"id":"inpay_{{{intent}}}","object":"invoice_payment","invoice":"{{{invoice}}}","is_default":true,"amount_paid":1785,"amount_requested":1785,"currency":"eur","status":"paid","payment":{"type":"payment_intent","payment_intent":"{{{intent}}}"}}"""
                    )!,
                ]
                : [];
            await WriteAsync(response, links, false);
        }
        else if (url.AbsolutePath.StartsWith("/v1/products/", StringComparison.Ordinal))
        {
            await response.WriteAsync($$"""{"id":"{{url.Segments[^1]}}","object":"product","name":"Basic plan"}""");
        }
        else if (url.Segments.Length == 3 || url.AbsolutePath == "/v1/checkout/sessions")
        {
            var pages = Lists.GetValueOrDefault(url.AbsolutePath, []);
            var page = query["starting_after"] is { } last ? Array.FindIndex(pages, p => (string?)p[^1]["id"] == last) + 1 : 0;
            await WriteAsync(response, page < pages.Length ? pages[page] : [], page < pages.Length - 1);
        }
        else
        {
            response.StatusCode = 404;
            await response.WriteAsync("""{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such thing."}}""");
        }
    }

    private static Task WriteAsync(HttpResponse response, JsonNode[] items, bool more) =>
        response.WriteAsync(
            new JsonObject
            {
                ["object"] = "list",
                ["has_more"] = more,
                ["data"] = new JsonArray([.. items.Select(i => i.DeepClone())]),
            }.ToJsonString()
        );
}
