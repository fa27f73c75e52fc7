using System.Text.Json.Serialization;

namespace Portal.Simulator.Engine;

/// <summary>Something the simulated processor keeps books about.</summary>
internal abstract record Resource
{
    [JsonPropertyOrder(-3)]
    public abstract string Object { get; }

    [JsonPropertyOrder(-2)]
    public string Id { get; init; } = "";

    [JsonPropertyOrder(-1)]
    public bool Livemode { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows with every change of this object, so that two versions of it can always be put in order.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
