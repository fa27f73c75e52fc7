using System.Reflection;
using System.Text;
using Microsoft.Extensions.Localization;
using Portal.Connections.CallProcessor;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Connections.ShowMatrix;

/// <summary>Reads the matrix off the plugins' types: what a class does not implement cannot be promised.</summary>
internal sealed class CapabilityMatrix(PluginCatalog plugins, IStringLocalizer<Texts> texts, TimeProvider clock) : ICapabilityMatrix
{
    public IReadOnlyList<MatrixRow> Rows() =>
        [.. plugins.Active.Select(p => Row(p.Plugin!)).OrderBy(r => r.Processor, StringComparer.InvariantCultureIgnoreCase)];

    public string ToMarkdown()
    {
        using var english = new InCulture("en");
        var table = new StringBuilder();
        var columns = Enum.GetValues<MatrixColumn>();
        Line(["", .. columns.Select(c => texts["Column" + c].Value)]);
        Line([.. Enumerable.Repeat("---", columns.Length + 1)]);
        foreach (var row in Rows())
        {
            Line([
                row.Processor,
                .. row.Cells.Select(c => string.Join("; ", c.Limits.Select(l => l.TrimEnd('.')).Prepend(texts["How" + c.How].Value))),
            ]);
        }

        return table.ToString();

        void Line(IEnumerable<string> cells) =>
            table.Append("| ").AppendJoin(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }

    private MatrixRow Row(IProcessorPlugin plugin)
    {
        var changePlan = Cell(MatrixColumn.ChangePlan, CapabilityHow.Api, CapabilityHow.Request, typeof(IChangePlans));
        var paymentMethod = Cell(MatrixColumn.PaymentMethod, CapabilityHow.Hosted, CapabilityHow.Request, typeof(IHostPaymentMethods));
        var update = changePlan.How <= paymentMethod.How ? changePlan : paymentMethod;
        return new MatrixRow(
            plugin.DisplayName,
            [
                Cell(
                    MatrixColumn.DownloadInvoice,
                    CapabilityHow.Api,
                    CapabilityHow.Portal,
                    typeof(IProvideInvoiceFiles),
                    otherwise: "LimitOwnInvoice"
                ),
                update with
                {
                    Column = MatrixColumn.UpdateSubscription,
                },
                Cancel(plugin),
                changePlan,
                paymentMethod,
                Cell(MatrixColumn.Pause, CapabilityHow.Api, CapabilityHow.Request, typeof(IPauseSubscriptions)),
                Cell(MatrixColumn.RetryPayment, CapabilityHow.Api, CapabilityHow.Request, typeof(IRetryPayments)),
                Cell(MatrixColumn.CustomerDetails, CapabilityHow.Api, CapabilityHow.Portal, typeof(IUpdateCustomers), otherwise: "LimitKeptHere"),
                Cell(MatrixColumn.BackFill, CapabilityHow.Api, CapabilityHow.None, typeof(IListRecords), otherwise: "LimitNoBooks"),
                Cell(
                    MatrixColumn.Webhooks,
                    CapabilityHow.Api,
                    CapabilityHow.None,
                    typeof(IReceiveWebhooks),
                    otherwise: Has(typeof(IListRecords)) ? "LimitBooksInstead" : null
                ),
            ]
        );

        MatrixCell Cell(MatrixColumn column, CapabilityHow with, CapabilityHow without, Type capability, string? otherwise = null) =>
            Has(capability) ? new MatrixCell(column, with, [.. Notes(plugin, capability)])
            : otherwise is null ? new MatrixCell(column, without, [])
            : new MatrixCell(column, without, [texts[otherwise].Value]);

        bool Has(Type capability) => plugin.ProcessorType.IsAssignableTo(capability);
    }

    private MatrixCell Cancel(IProcessorPlugin plugin)
    {
        var (how, note) = !plugin.ProcessorType.IsAssignableTo(typeof(ICancelSubscriptions))
            ? (CapabilityHow.Request, null)
            : Timings(plugin) switch
            {
                { } timings when timings.HasFlag(CancelTiming.AtPeriodEnd | CancelTiming.Immediately) => (CapabilityHow.Api, "LimitNowOrPeriodEnd"),
                { } timings when timings.HasFlag(CancelTiming.AtPeriodEnd) => (CapabilityHow.Api, "LimitPeriodEnd"),
                { } timings when timings.HasFlag(CancelTiming.Immediately) => (CapabilityHow.Portal, "LimitPeriodEndByPortal"),
                _ => (CapabilityHow.Api, (string?)null),
            };
        IEnumerable<string> own = note is null ? [] : [texts[note].Value];
        return new MatrixCell(MatrixColumn.CancelSubscription, how, [.. own.Concat(Notes(plugin, typeof(ICancelSubscriptions)))]);
    }

    /// <summary>Only an instance knows them; one without an account will do. Null when the plugin needs one that is filled in.</summary>
    private CancelTiming? Timings(IProcessorPlugin plugin)
    {
        using var nowhere = new HttpClient(new HostFence(plugin.Id, [], null));
        try
        {
            var connection = new Connection
            {
                Settings = new Dictionary<string, string>(),
                TestMode = true,
                Http = nowhere,
                Clock = clock,
            };
            return (plugin.Connect(connection) as ICancelSubscriptions)?.Timings;
        }
        catch (Exception)
        {
            // It insists on its settings; the matrix then leaves the timing unsaid.
            return null;
        }
    }

    private static IEnumerable<string> Notes(IProcessorPlugin plugin, Type capability) =>
        plugin
            .ProcessorType.GetCustomAttributes<LimitAttribute>()
            .Where(l => l.Capability == capability)
            .Select(l => PluginTexts.Say(plugin, l.Note));
}
