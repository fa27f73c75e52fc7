using System.Security.Cryptography;
using System.Text.Json;
using Portal.Kernel.Work;
using Portal.Processors;

namespace Portal.Connections.Data;

/// <summary>A verified webhook delivery: its bytes as they came in, and what became of it.</summary>
internal sealed class InboxDelivery : WorkItem
{
    private InboxDelivery() { }

    public InboxDelivery(long connectionId, WebhookRequest request, Delivery.Verified delivery, DateTimeOffset now)
    {
        (ConnectionId, DeliveryId, EventType) = (connectionId, delivery.DeliveryId, delivery.EventType);
        PublicId = Kernel.PublicId.New("dlv");
        Body = request.Body.ToArray();
        BodyHash = SHA256.HashData(Body);
        Headers = JsonSerializer.Serialize(request.Headers);
        (Method, Query, Sender) = (request.Method, request.Query, request.Sender?.ToString());
        (ReceivedAt, DueAt) = (now, now);
    }

    public string PublicId { get; private set; } = "";
    public long ConnectionId { get; private set; }
    public string DeliveryId { get; private set; } = "";
    public string EventType { get; private set; } = "";
    public byte[] Body { get; private set; } = [];
    public byte[] BodyHash { get; private set; } = [];
    public string Headers { get; private set; } = "{}";
    public string Method { get; private set; } = "POST";
    public string Query { get; private set; } = "";
    public string? Sender { get; private set; }
    public DateTimeOffset ReceivedAt { get; private set; }

    /// <summary>What must be known first: <c>Payment:ch_123</c>.</summary>
    public string? WaitsFor { get; set; }

    /// <summary>Deliveries that came later under the same id with another body; the first one counts.</summary>
    public int Conflicts { get; set; }

    public WebhookRequest ToRequest() =>
        new()
        {
            Body = Body,
            Headers = new Dictionary<string, IReadOnlyList<string>>(
                JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<string>>>(Headers)!,
                StringComparer.OrdinalIgnoreCase
            ),
            Method = Method,
            Query = Query,
            Sender = Sender is null ? null : System.Net.IPAddress.Parse(Sender),
        };
}
