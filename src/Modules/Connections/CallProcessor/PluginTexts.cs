using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Resources;
using Portal.Processors;

namespace Portal.Connections.CallProcessor;

/// <summary>A plugin's own words in the reader's language. A plugin without resources says things as they are.</summary>
internal static class PluginTexts
{
    // Plugins stay loaded until the portal ends, so this never grows beyond them.
    private static readonly ConcurrentDictionary<Assembly, ResourceManager?> Words = new();

    /// <summary>The words a key of the plugin's resource stands for, in the current culture; else the text itself.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Say(IProcessorPlugin plugin, string? text)
    {
        if (text is null || Words.GetOrAdd(plugin.GetType().Assembly, Find) is not { } words)
        {
            return text;
        }

        return words.GetString(text, CultureInfo.CurrentUICulture) ?? text;
    }

    private static ResourceManager? Find(Assembly plugin)
    {
        var name = plugin.GetName().Name + ".Texts";
        return plugin.GetManifestResourceNames().Contains(name + ".resources") ? new ResourceManager(name, plugin) : null;
    }
}
