using Portal.Connections.CallProcessor;
using Portal.Processors;

namespace Portal.Connections.ManageConnections;

/// <summary>What a merchant fills in, by the plugin's declaration.</summary>
internal sealed record ConnectionForm
{
    public string? Name { get; init; }
    public bool TestMode { get; init; }

    /// <summary>By the settings' names.</summary>
    public Dictionary<string, string?> Settings { get; init; } = [];

    /// <summary>For a new connection: what was filled in at all.</summary>
    public Dictionary<string, string> Given() => Settings.Where(s => s.Value is not null).ToDictionary(s => s.Key, s => s.Value!);

    /// <summary>For an existing one: a blank secret stays as it is, anything else blank is taken away.</summary>
    public Dictionary<string, string> Changed(IProcessorPlugin plugin)
    {
        var secret = plugin.Settings.Where(s => s.Secret).Select(s => s.Name).ToHashSet();
        return Settings.Where(s => s.Value is not null || !secret.Contains(s.Key)).ToDictionary(s => s.Key, s => s.Value ?? "");
    }
}

/// <summary>One field of the form. A secret's value is never among it.</summary>
/// <param name="Name">The setting's name.</param>
/// <param name="Label">What the merchant reads.</param>
/// <param name="Help">Where to find the value.</param>
/// <param name="Secret">Whether it is hidden.</param>
/// <param name="Required">Whether it must be filled in.</param>
/// <param name="Kept">Whether a secret is kept already.</param>
/// <param name="Value">What is kept or was typed, unless secret.</param>
/// <param name="Choices">The allowed values; empty when any will do.</param>
internal sealed record SettingField(
    string Name,
    string Label,
    string? Help,
    bool Secret,
    bool Required,
    bool Kept,
    string? Value,
    IReadOnlyList<string> Choices
)
{
    /// <summary>The plugin's fields, then <c>apiBase</c>.</summary>
    public static IReadOnlyList<SettingField> Of(
        IProcessorPlugin plugin,
        IReadOnlyDictionary<string, string> kept,
        IReadOnlyDictionary<string, string?> typed
    ) =>
        [
            .. plugin.Settings.Select(s => new SettingField(
                s.Name,
                PluginTexts.Say(plugin, s.Label),
                PluginTexts.Say(plugin, s.Help),
                s.Secret,
                s.Required,
                s.Secret && kept.ContainsKey(s.Name),
                s.Secret ? null : typed.GetValueOrDefault(s.Name) ?? kept.GetValueOrDefault(s.Name),
                s.Choices
            )),
        ];

    /// <summary>The address every plugin takes.</summary>
    public static string? ApiBase(IReadOnlyDictionary<string, string> kept, IReadOnlyDictionary<string, string?> typed) =>
        typed.GetValueOrDefault(ConnectionSettings.ApiBase) ?? kept.GetValueOrDefault(ConnectionSettings.ApiBase);
}
