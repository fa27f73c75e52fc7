using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Connections.Data;
using ConnectionInfo = Portal.Connections.Contract.ConnectionInfo;

namespace Portal.Tests.Support;

/// <summary>An account at a Sandbox processor nobody runs: its events are written, signed and sent by the test.</summary>
internal sealed class SandboxAccount(PortalUnderTest portal, ConnectionInfo connection)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static int events;

    public ConnectionInfo Connection => connection;

    public string Webhook => $"/webhooks/sandbox/{connection.PublicId}";

    public static async Task<SandboxAccount> StartAsync(PortalUnderTest portal, string name = "Sandbox") =>
        new(portal, await portal.ConnectSilentAsync(name));

    /// <summary>An event about a thing as its processor would write it.</summary>
    public static byte[] Event(object thing, string type = "thing.changed") =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, data = new { @object = thing } }, Json);

    public static object Customer(string id, string email, DateTimeOffset at, string? name = null) =>
        new
        {
            @object = "customer",
            id,
            updatedAt = at,
            email,
            name = name ?? "Buyer " + id,
        };

    public static object Order(string id, string state, long amount, DateTimeOffset at, string? email = null, string currency = "EUR") =>
        new
        {
            @object = "order",
            id,
            updatedAt = at,
            customer = email is null ? null : "cus_" + email,
            customerEmail = email,
            state,
            reason = "purchase",
            total = new { amount, currency },
            placedAt = at,
            paidAt = state == "paid" ? at : (DateTimeOffset?)null,
            lines = new[] { new { name = "Field notes", total = new { amount, currency } } },
        };

    public static object Payment(string id, string order, long amount, DateTimeOffset at, string? email = null, string currency = "EUR") =>
        new
        {
            @object = "payment",
            id,
            updatedAt = at,
            customer = email is null ? null : "cus_" + email,
            customerEmail = email,
            order,
            state = "succeeded",
            amount = new { amount, currency },
            createdAt = at,
        };

    /// <summary>Signs and sends; returns the delivery's id.</summary>
    public async Task<string> SendAsync(object thing)
    {
        var id = NextId();
        (await SendAsync(id, Event(thing))).Code.Should().Be(200);
        return id;
    }

    /// <summary>Signs and sends bytes under an id.</summary>
    public Task<Answer> SendAsync(string id, byte[] body, PortalUnderTest? node = null) => SendAsync(id, body, "application/json", node);

    public async Task<Answer> SendAsync(string id, byte[] body, string? mediaType, PortalUnderTest? node = null)
    {
        using var sender = (node ?? portal).Open();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = mediaType is null ? null : System.Net.Http.Headers.MediaTypeHeaderValue.Parse(mediaType);
        return await sender.SendAsync(HttpMethod.Post, Webhook, content, Signatures.Sandbox(id, body, portal.Now));
    }

    public static string NextId() => $"msg_{Interlocked.Increment(ref events)}";

    /// <summary>What became of a delivery, once it has been looked at.</summary>
    public Task<InboxDelivery> WorkedAsync(string id) =>
        Poller.UntilAsync(
            () =>
                portal.AskAsync(data =>
                    data.Set<InboxDelivery>().AsNoTracking().SingleAsync(d => d.ConnectionId == connection.Id && d.DeliveryId == id)
                ),
            d => d.State is not Kernel.Work.WorkState.Processing && d.Attempts > 0,
            $"delivery {id} to be worked"
        );
}
