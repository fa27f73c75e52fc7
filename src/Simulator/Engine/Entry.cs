using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Simulator.Engine;

/// <summary>One line of the ledger file: everything one change did, so that it is there wholly or not at all.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record Entry
{
    public List<StoredRow> Rows { get; init; } = [];

    public List<WebhookEvent> Events { get; init; } = [];

    /// <summary>Events that need not be sent any more.</summary>
    public List<string> Settled { get; init; } = [];

    public List<Command> Commands { get; init; } = [];

    public Dictionary<string, long> Counters { get; init; } = [];

    public TimeSpan? ClockAhead { get; set; }
}

/// <summary>An object as a line of the ledger holds it: a <see cref="Resource"/> when written, JSON when read.</summary>
internal sealed record StoredRow(string Kind, object Row)
{
    [JsonIgnore]
    public JsonElement Json => (JsonElement)Row;
}

/// <summary>A command that was received, and what it was answered.</summary>
internal sealed record Command
{
    public required string Id { get; init; }

    public required string Operation { get; init; }

    public required string Path { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>Of path and body: the same key with another digest is a mistake of the caller.</summary>
    public required string Digest { get; init; }

    public required string Request { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required int Status { get; init; }

    public required string Answer { get; init; }

    /// <summary>How often the same key came again.</summary>
    public int Repeated { get; init; }
}

internal enum EventState
{
    Pending,
    Delivered,

    /// <summary>Dropped on purpose, by a fault switch.</summary>
    Lost,
}

/// <summary>A webhook: what happened, with the object as it was then.</summary>
internal sealed record WebhookEvent
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string ObjectId { get; init; }

    public required string Body { get; init; }

    public EventState State { get; set; }

    public int Attempts { get; set; }

    public int? LastStatus { get; set; }
}
