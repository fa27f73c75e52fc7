namespace Portal.Connections.Contract;

/// <summary>What buyers and merchants ask about a processor.</summary>
public enum MatrixColumn
{
    /// <summary>Getting the document of a payment.</summary>
    DownloadInvoice,

    /// <summary>Changing a running subscription in any way; the best of <see cref="ChangePlan"/> and <see cref="PaymentMethod"/>.</summary>
    UpdateSubscription,

    /// <summary>Ending a subscription.</summary>
    CancelSubscription,

    /// <summary>Moving to another plan.</summary>
    ChangePlan,

    /// <summary>Replacing the card or account that is charged.</summary>
    PaymentMethod,

    /// <summary>Suspending the charges.</summary>
    Pause,

    /// <summary>Charging a failed payment again.</summary>
    RetryPayment,

    /// <summary>Telling the processor of a new name, address or tax id.</summary>
    CustomerDetails,

    /// <summary>Reading what happened before the portal was connected.</summary>
    BackFill,

    /// <summary>Learning at once what happened at the processor.</summary>
    Webhooks,
}

/// <summary>How something is done. The first is the best.</summary>
public enum CapabilityHow
{
    /// <summary>At once, by the processor's API.</summary>
    Api,

    /// <summary>On the processor's own page.</summary>
    Hosted,

    /// <summary>By the portal, in the processor's place.</summary>
    Portal,

    /// <summary>By the merchant, when asked.</summary>
    Request,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>One cell.</summary>
/// <param name="Column">What.</param>
/// <param name="How">How it is done.</param>
/// <param name="Limits">What it is limited to, in the current culture.</param>
public sealed record MatrixCell(MatrixColumn Column, CapabilityHow How, IReadOnlyList<string> Limits);

/// <summary>One processor.</summary>
/// <param name="Processor">Its name.</param>
/// <param name="Cells">One per <see cref="MatrixColumn"/>, in order.</param>
public sealed record MatrixRow(string Processor, IReadOnlyList<MatrixCell> Cells);

/// <summary>What each processor can do, computed from the capabilities its loaded plugin truly has.</summary>
public interface ICapabilityMatrix
{
    /// <summary>By name, in the current culture.</summary>
    IReadOnlyList<MatrixRow> Rows();

    /// <summary>The same in English, as a Markdown table.</summary>
    string ToMarkdown();
}
