using System.Diagnostics.Metrics;

namespace Portal.Connections.CallProcessor;

/// <summary>How processors answer, for operators.</summary>
internal static class ProcessorMetrics
{
    private static readonly Meter Meter = new("Portal.Connections");
    private static readonly Histogram<double> Calls = Meter.CreateHistogram<double>("portal.processor.calls", "s", "Calls to processors");
    private static readonly Counter<long> Rejections = Meter.CreateCounter<long>(
        "portal.webhooks.rejected",
        "{delivery}",
        "Deliveries that proved nothing"
    );

    public static void Record(string plugin, string capability, string outcome, TimeSpan took) =>
        Calls.Record(took.TotalSeconds, new("plugin", plugin), new("capability", capability), new("outcome", outcome));

    public static void Rejected(string plugin) => Rejections.Add(1, new KeyValuePair<string, object?>("plugin", plugin));
}
