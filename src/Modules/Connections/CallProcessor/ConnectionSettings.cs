using Portal.Connections.Contract;
using Portal.Processors;

namespace Portal.Connections.CallProcessor;

/// <summary>What a connection's settings must be.</summary>
internal static class ConnectionSettings
{
    /// <summary>Every plugin takes it: reached instead of the processor's own hosts.</summary>
    public const string ApiBase = "apiBase";

    private const int Longest = 4000;

    /// <summary>The settings to keep: declared ones without blanks around them.</summary>
    /// <exception cref="ConnectionRefusedException">One is missing, unknown or not allowed.</exception>
    public static Dictionary<string, string> Check(IProcessorPlugin plugin, IReadOnlyDictionary<string, string> given)
    {
        var declared = plugin.Settings.ToDictionary(s => s.Name);
        var kept = new Dictionary<string, string>();
        foreach (var (name, text) in given)
        {
            var value = text.Trim();
            if (name != ApiBase && !declared.ContainsKey(name))
            {
                throw new ConnectionRefusedException("SettingUnknown", name, plugin.DisplayName, string.Join(", ", declared.Keys));
            }

            if (value.Length > Longest || value.Any(char.IsControl))
            {
                throw new ConnectionRefusedException("SettingNotAllowed", name);
            }

            if (value.Length > 0)
            {
                kept[name] = value;
            }
        }

        if (kept.TryGetValue(ApiBase, out var address) && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            throw new ConnectionRefusedException("SettingNotAllowed", ApiBase);
        }

        foreach (var setting in declared.Values)
        {
            if (!kept.TryGetValue(setting.Name, out var value))
            {
                if (setting.Required)
                {
                    throw new ConnectionRefusedException("SettingMissing", setting.Name, plugin.DisplayName);
                }
            }
            else if (setting.Choices.Count > 0 && !setting.Choices.Contains(value))
            {
                throw new ConnectionRefusedException("SettingNotAmong", setting.Name, string.Join(", ", setting.Choices));
            }
        }

        return kept;
    }

    /// <summary>Whether deliveries can be verified at all: anyone can sign with a blank secret.</summary>
    public static bool CanVerify(IProcessorPlugin plugin, IReadOnlyDictionary<string, string> settings) =>
        plugin.Settings.Where(s => s.GuardsWebhooks).All(s => settings.TryGetValue(s.Name, out var value) && HoldsSecret(value));

    /// <summary>While a secret is rolled there are several, separated by commas.</summary>
    private static bool HoldsSecret(string value) => value.Split(',').Any(s => !string.IsNullOrWhiteSpace(s) && s.Trim() != "whsec_");
}
