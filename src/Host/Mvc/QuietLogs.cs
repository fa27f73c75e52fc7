namespace Portal.Host.Mvc;

/// <summary>
/// The framework writes the address of each request into its lines, and addresses hold tokens. However much an operator wants to see,
/// of the framework's own categories only warnings are written, and of the one that also puts the address around everybody else's, nothing.
/// </summary>
internal static class QuietLogs
{
    private const string Framework = "Microsoft.AspNetCore.";
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public static void KeepAddressesOut(this ILoggingBuilder logging) =>
        logging.Services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            // Where no rule fits, none is asked: this one fits all that has no other.
            filters.Rules.Insert(0, new LoggerFilterRule(null, null, filters.MinLevel, null));
            for (var i = 0; i < filters.Rules.Count; i++)
            {
                var rule = filters.Rules[i];
                filters.Rules[i] = new LoggerFilterRule(
                    rule.ProviderName,
                    rule.CategoryName,
                    rule.LogLevel,
                    (provider, category, level) => MayTell(category, level) && rule.Filter?.Invoke(provider, category, level) != false
                );
            }
        });

    private static bool MayTell(string? category, LogLevel level) =>
        category != Requests && (level >= LogLevel.Warning || category?.StartsWith(Framework, StringComparison.Ordinal) != true);
}
