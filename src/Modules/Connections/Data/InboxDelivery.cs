using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text.Json;
using Portal.Kernel.Work;
using Portal.Processors;

namespace Portal.Connections.Data;

/// <summary>A verified webhook delivery: its bytes as they came in, and what became of it.</summary>
internal sealed class InboxDelivery : WorkItem
{
    private const string TestCame = "A test delivery came to a live connection.";
    private const string LiveCame = "A live delivery came to a test connection.";

    public const int EventTypeLength = 200;

    private InboxDelivery() { }

    public InboxDelivery(long connectionId, WebhookRequest request, Delivery.Verified delivery, DateTimeOffset now)
    {
        (ConnectionId, DeliveryId) = (connectionId, delivery.DeliveryId);
        EventType = delivery.EventType[..Math.Min(delivery.EventType.Length, EventTypeLength)];
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

    /// <summary>Empty once it was let go: see <see cref="ReceiveWebhook.ForgetOldBodies"/>.</summary>
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

    /// <summary>What is the other mode's is never applied, however often somebody asks.</summary>
    public static Expression<Func<InboxDelivery, bool>> MayBeTriedAgain => d => d.Reason != TestCame && d.Reason != LiveCame;

    /// <summary>Whether it was parked by <see cref="ParkAsOtherMode"/>.</summary>
    public static bool IsOfOtherMode(string? reason) => reason is TestCame or LiveCame;

    /// <summary>It says of itself that it is not for this connection.</summary>
    public void ParkAsOtherMode(bool isTest, DateTimeOffset now) => Park(now, isTest ? TestCame : LiveCame);

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
