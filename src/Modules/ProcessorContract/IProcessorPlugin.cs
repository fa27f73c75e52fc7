namespace Portal.Processors;

/// <summary>The one type a plugin exports: who it is, what it must be told, how to connect.</summary>
public interface IProcessorPlugin
{
    /// <summary>Lower-case and stable for ever: <c>stripe</c>. Also the plugin's folder name and its part of the webhook URL.</summary>
    string Id { get; }

    /// <summary>The processor's own name as buyers know it: <c>Stripe</c>.</summary>
    string DisplayName { get; }

    /// <summary>The fields a merchant fills in. The portal draws the form, checks it, and keeps the secrets.</summary>
    IReadOnlyList<Setting> Settings { get; }

    /// <summary>The type <see cref="Connect"/> returns. Its capability interfaces are this processor's row in the matrix.</summary>
    Type ProcessorType { get; }

    /// <summary>
    /// Whether these settings are test mode's, where they say so themselves (a key that begins with <c>sk_test_</c>); null where
    /// the merchant must say it.
    /// </summary>
    bool? TestModeOf(IReadOnlyDictionary<string, string> settings) => null;

    /// <summary>Builds the adapter for one merchant account. No network, no work: only construction.</summary>
    IProcessor Connect(Connection connection);
}

/// <summary>One field of a connection.</summary>
public sealed record Setting
{
    /// <summary>The key in <see cref="Connection.Settings"/> and on the command line: <c>apiKey</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the merchant reads: a key of the plugin's <c>Texts</c> resource, or the words themselves.</summary>
    public required string Label { get; init; }

    /// <summary>Where to find the value: a key of the plugin's <c>Texts</c> resource, or the words themselves.</summary>
    public string? Help { get; init; }

    /// <summary>Encrypted at rest, never shown again.</summary>
    public bool Secret { get; init; }

    /// <summary>A connection without it is refused.</summary>
    public bool Required { get; init; } = true;

    /// <summary>The allowed values; empty when any text will do.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>
    /// Deliveries cannot be verified without it: while it is blank the connection's webhook endpoint is off (404),
    /// because anyone can sign with an empty key. Most processors hand it out only once they know the endpoint's address,
    /// so leave it optional.
    /// </summary>
    public bool GuardsWebhooks { get; init; }
}

/// <summary>All an adapter gets: the merchant's settings, a fenced HTTP client and the clock.</summary>
public sealed record Connection
{
    /// <summary>The filled-in <see cref="Setting"/>s by name. Optional ones may be absent.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>True for the processor's test mode or sandbox.</summary>
    public required bool TestMode { get; init; }

    /// <summary>
    /// Reaches only the hosts named in the plugin's manifest (or <c>apiBase</c>), follows no redirect and never relaxes TLS.
    /// </summary>
    public required HttpClient Http { get; init; }

    /// <summary>The portal's clock. Never ask the system's.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>A setting's value, or null when it is absent or blank.</summary>
    public string? this[string setting] => Settings.TryGetValue(setting, out var value) && !string.IsNullOrWhiteSpace(value) ? value : null;

    /// <summary>Where to send requests: the setting <c>apiBase</c> when given (tests, proxies), else the processor's own address.</summary>
    public Uri ApiBase(string processorAddress) => new(this["apiBase"] ?? processorAddress, UriKind.Absolute);
}
