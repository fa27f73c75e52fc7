using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Processors;

namespace Portal.Connections.CallProcessor;

/// <summary>The connected adapters, one per connection and version of its settings.</summary>
internal sealed partial class Adapters(PluginCatalog plugins, ConnectionSecrets secrets, TimeProvider clock, ILogger<Adapters> log) : IDisposable
{
    private const int LargestReply = 16 * 1024 * 1024;
    private readonly ConcurrentDictionary<long, Entry> entries = new();

    /// <summary>The guarded adapter; null when the plugin is not active or its constructor fails.</summary>
    public ConnectedProcessor? Open(ConnectedAccount account)
    {
        if (plugins.Find(account.Plugin) is not { } plugin || secrets.TryOpen(account) is not { } settings)
        {
            return null;
        }

        var entry = entries.AddOrUpdate(
            account.Id,
            _ => Connect(account, settings, plugin, new Breaker()),
            (_, old) => old.Version == account.Version ? old : Connect(account, settings, plugin, old.Breaker)
        );
        return entry.Adapter is { } adapter
            ? new ConnectedProcessor(account.ToInfo(plugin.Plugin!.DisplayName), adapter, entry.Cancels, entry.Breaker, clock)
            : null;
    }

    /// <summary>When a resting connection is tried again; null while it works.</summary>
    public DateTimeOffset? RestsUntil(long connectionId) => entries.TryGetValue(connectionId, out var entry) ? entry.Breaker.RestsUntil : null;

    public void Dispose()
    {
        foreach (var entry in entries.Values)
        {
            entry.Http.Dispose();
        }
    }

    private Entry Connect(ConnectedAccount account, IReadOnlyDictionary<string, string> settings, PluginStatus plugin, Breaker breaker)
    {
        var apiBase = settings.TryGetValue(ConnectionSettings.ApiBase, out var address) ? new Uri(address) : null;
        var http = new HttpClient(new HostFence(account.Plugin, plugin.Manifest!.Hosts, apiBase))
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestReply,
        };
        var connection = new Connection
        {
            Settings = settings,
            TestMode = account.TestMode,
            Http = http,
            Clock = clock,
        };
        try
        {
            var adapter = plugin.Plugin!.Connect(connection);
            var cancels = adapter is ICancelSubscriptions c ? new CancelFacts(c.Timings, c.SafetyMargin) : null;
            return new Entry(account.Version, adapter, cancels, http, breaker);
        }
        catch (Exception bug)
        {
            ConnectFailed(account.Plugin, account.PublicId, bug);

            // Counted as the plugin's own failure; the connection shows as not usable until its settings change or the portal restarts.
            breaker.Failed(clock.GetUtcNow());
            return new Entry(account.Version, null, null, http, breaker);
        }
    }

    [LoggerMessage(LogLevel.Error, "The plugin {Plugin} could not be connected for {Connection}")]
    private partial void ConnectFailed(string plugin, string connection, Exception bug);

    private sealed record Entry(Guid Version, IProcessor? Adapter, CancelFacts? Cancels, HttpClient Http, Breaker Breaker);
}
