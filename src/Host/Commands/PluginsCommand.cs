using System.CommandLine;
using Microsoft.Extensions.Localization;
using Portal.Connections.Contract;
using Portal.Host.Plugins;

namespace Portal.Host.Commands;

/// <summary><c>portal plugins …</c></summary>
internal static class PluginsCommand
{
    public static Command Make(string[] settings)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var list = new Command("list", "Lists the plugins with their states and what is wrong.") { json };
        list.SetAction(
            (parsed, _) =>
                PortalCommand.InScopeAsync(
                    settings,
                    services =>
                    {
                        var texts = services.GetRequiredService<IPluginSentences>();
                        Print([.. services.GetRequiredService<PluginCatalog>().All.Select(p => Row(p, texts))], parsed.GetValue(json));
                        return Task.FromResult(0);
                    }
                )
        );

        var folder = new Argument<string>("folder") { Description = "A plugin's folder." };
        var check = new Command("check", "Says whether a folder would load.") { folder, json };
        check.SetAction(
            (parsed, _) =>
                PortalCommand.InScopeAsync(
                    settings,
                    services =>
                    {
                        var status = PluginLoader.Check(parsed.GetValue(folder)!);
                        Print([Row(status, services.GetRequiredService<IPluginSentences>())], parsed.GetValue(json));
                        return Task.FromResult(status.State == PluginState.Active ? 0 : 1);
                    }
                )
        );
        var matrix = new Command("matrix", "Prints what each processor can do, as a Markdown table.");
        matrix.SetAction(
            (_, _) =>
                PortalCommand.InScopeAsync(
                    settings,
                    services =>
                    {
                        Console.Write(services.GetRequiredService<ICapabilityMatrix>().ToMarkdown());
                        return Task.FromResult(0);
                    }
                )
        );
        return new Command("plugins", "The processor plugins of this installation.") { list, check, matrix };
    }

    private static PluginRow Row(PluginStatus plugin, IPluginSentences texts) =>
        new(plugin.Folder, plugin.Manifest?.Id, plugin.Manifest?.Name, plugin.Manifest?.Version, plugin.State.ToString(), texts.Reason(plugin));

    private static void Print(IReadOnlyList<PluginRow> rows, bool json)
    {
        if (json)
        {
            PortalCommand.PrintJson(rows);
            return;
        }

        foreach (var row in rows)
        {
            Console.WriteLine($"{row.Folder, -20} {row.Version, -10} {row.State, -13} {row.Reason}");
        }
    }

    private sealed record PluginRow(string Folder, string? Id, string? Name, string? Version, string State, string? Reason);
}
