using System.CommandLine;
using Microsoft.Extensions.Options;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Host.Commands;

/// <summary><c>portal connections …</c></summary>
internal static class ConnectionsCommand
{
    public static Command Make(string[] settings)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        return new Command("connections", "The merchant accounts at processors.")
        {
            Add(settings, json),
            Set(settings),
            List(settings, json),
            Remove(settings),
            Check(settings),
        };
    }

    private static Command Add(string[] settings, Option<bool> json)
    {
        var plugin = new Argument<string>("plugin") { Description = "The plugin's id: stripe." };
        var name = new Option<string>("--name") { Required = true, Description = "Your name for it." };
        var set = new Option<string[]>("--set") { Description = "key=value, once per setting.", AllowMultipleArgumentsPerToken = true };
        var test = new Option<bool>("--test-mode") { Description = "The account is in the processor's test mode." };
        var add = new Command("add", "Connects a merchant account.") { plugin, name, set, test, json };
        add.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        var pairs = (parsed.GetValue(set) ?? []).Select(Pair).ToDictionary(p => p.Key, p => p.Value);
                        try
                        {
                            var added = await services
                                .GetRequiredService<IConnections>()
                                .AddAsync(parsed.GetValue(plugin)!, parsed.GetValue(name)!, pairs, parsed.GetValue(test), ct);
                            Print(services, [added], parsed.GetValue(json), single: true);
                            return 0;
                        }
                        catch (ConnectionRefusedException refused)
                        {
                            throw new RefusedException(services.GetRequiredService<IPluginSentences>().Reason(refused));
                        }
                    }
                )
        );
        return add;
    }

    private static Command List(string[] settings, Option<bool> json)
    {
        var list = new Command("list", "Lists the connections.") { json };
        list.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        Print(services, await services.GetRequiredService<IConnections>().ListAsync(ct), parsed.GetValue(json), single: false);
                        return 0;
                    }
                )
        );
        return list;
    }

    private static Command Set(string[] settings)
    {
        var id = new Argument<string>("connection") { Description = "The connection's id." };
        var pairs = new Argument<string[]>("settings")
        {
            Description = "key=value, once per setting; the others stay.",
            Arity = ArgumentArity.OneOrMore,
        };
        var set = new Command("set", "Changes a connection's settings.") { id, pairs };
        set.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        var connections = services.GetRequiredService<IConnections>();
                        var found =
                            await connections.FindAsync(parsed.GetValue(id)!, ct) ?? throw new RefusedException("There is no such connection.");
                        try
                        {
                            await connections.ChangeAsync(found.Id, parsed.GetValue(pairs)!.Select(Pair).ToDictionary(p => p.Key, p => p.Value), ct);
                            return 0;
                        }
                        catch (ConnectionRefusedException refused)
                        {
                            throw new RefusedException(services.GetRequiredService<IPluginSentences>().Reason(refused));
                        }
                    }
                )
        );
        return set;
    }

    private static Command Remove(string[] settings)
    {
        var id = new Argument<string>("connection") { Description = "The connection's id." };
        var remove = new Command("remove", "Removes a connection nothing was bought through.") { id };
        remove.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                        await services.GetRequiredService<IConnections>().RemoveAsync(parsed.GetValue(id)!, ct)
                            ? 0
                            : throw new RefusedException(
                                "There is no such connection, or things bought through it are still shown: turn it off instead."
                            )
                )
        );
        return remove;
    }

    private static Command Check(string[] settings)
    {
        var id = new Argument<string>("connection") { Description = "The connection's id." };
        var check = new Command("check", "Proves a connection's credentials at the processor.") { id };
        check.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        var connections = services.GetRequiredService<IConnections>();
                        var found =
                            await connections.FindAsync(parsed.GetValue(id)!, ct) ?? throw new RefusedException("There is no such connection.");
                        var processor =
                            await connections.OpenAsync(found.Id, ct)
                            ?? throw new RefusedException("The connection is off, or its plugin is not active.");
                        try
                        {
                            await processor.CheckAsync(ct);
                            Console.WriteLine("The credentials are accepted.");
                            return 0;
                        }
                        catch (ProcessorException refused)
                        {
                            throw new RefusedException($"{refused.Fault}: {refused.Message}");
                        }
                    }
                )
        );
        return check;
    }

    private static KeyValuePair<string, string> Pair(string text) =>
        text.Split('=', 2) is [var key, var value] ? new(key, value) : throw new RefusedException($"--set {text} is not of the form key=value.");

    private static void Print(IServiceProvider services, IReadOnlyList<Connections.Contract.ConnectionInfo> connections, bool json, bool single)
    {
        var portal = services.GetRequiredService<IOptions<PortalOptions>>().Value;
        var rows = connections
            .Select(c => new ConnectionRow(
                c.PublicId,
                c.Plugin,
                c.Name,
                c.Mode.ToString().ToLowerInvariant(),
                c.TestMode,
                portal.Absolute($"/webhooks/{c.Plugin}/{c.PublicId}")
            ))
            .ToList();
        if (json)
        {
            PortalCommand.PrintJson(single ? rows[0] : rows);
            return;
        }

        foreach (var row in rows)
        {
            Console.WriteLine($"{row.Id} {row.Plugin} {row.Name} ({row.Mode}{(row.TestMode ? ", test mode" : "")})");
            Console.WriteLine($"Webhook URL: {row.WebhookUrl}");
        }
    }

    private sealed record ConnectionRow(string Id, string Plugin, string Name, string Mode, bool TestMode, Uri WebhookUrl);
}
