using Microsoft.Extensions.Localization;
using Portal.Connections.Contract;

namespace Portal.Connections.CallProcessor;

internal sealed class PluginSentences(IStringLocalizer<Texts> texts) : IPluginSentences
{
    public string? Reason(PluginStatus plugin) => plugin.Problem is { } problem ? texts["Plugin" + problem, [.. plugin.ProblemDetails]].Value : null;

    public string Reason(ConnectionRefusedException refused) => texts[refused.Reason, [.. refused.Details]].Value;
}
