using System.Net;

namespace Portal.Processors;

/// <summary>A webhook request as it came in: bytes, never a parsed body.</summary>
public sealed record WebhookRequest
{
    /// <summary>The body, byte for byte.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>All values of each header; names compare without case.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get; init; }

    /// <summary>The HTTP verb in upper case.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>The query string with its question mark; empty when there is none.</summary>
    public string Query { get; init; } = "";

    /// <summary>Who sent it, behind the trusted proxies only; null when that is not known.</summary>
    public IPAddress? Sender { get; init; }

    /// <summary>A header that is there exactly once; null when it is missing or doubled, so that neither can be read as valid.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var values) && values is [var only] ? only : null;
}

/// <summary>A webhook delivery, judged. There is no third shape, so no adapter can forget to verify.</summary>
public abstract record Delivery
{
    private Delivery() { }

    /// <summary>The processor sent it; or, where it signs nothing, it names a thing the adapter will re-read by API before believing it.</summary>
    public sealed record Verified : Delivery
    {
        /// <summary>
        /// The processor's id for this delivery, or a digest of what makes it unique (≤ 200 characters).
        /// A second one with the same id is acknowledged and dropped.
        /// </summary>
        public required string DeliveryId { get; init; }

        /// <summary>The processor's name for what happened, for the merchant's log: <c>invoice.paid</c>.</summary>
        public required string EventType { get; init; }

        /// <summary>Whether it came from test mode, where the delivery says so. One that contradicts the connection is parked.</summary>
        public bool? TestMode { get; init; }
    }

    /// <summary>Not believed: answered 400 with a fixed body, counted, not stored.</summary>
    public sealed record Rejected : Delivery
    {
        /// <summary>For the log; never sent to the caller.</summary>
        public required string Reason { get; init; }
    }
}
