using Portal.Kernel;
using Portal.Processors;

namespace Portal.Invoices.Contract;

/// <summary>An invoice was issued on its own account, not because somebody asked for it: told once.</summary>
/// <param name="PublicId">Its name in URLs.</param>
/// <param name="Number">Its number.</param>
/// <param name="OrderPublicId">The order's name in URLs.</param>
/// <param name="OrderNumber">The order's number.</param>
/// <param name="CustomerId">Whose; null while that is not known.</param>
/// <param name="Total">Tax included.</param>
/// <param name="Language">The culture name it is written in.</param>
public sealed record InvoiceIssued(
    string PublicId,
    string Number,
    string OrderPublicId,
    string OrderNumber,
    CustomerId? CustomerId,
    Money Total,
    string Language
) : IEvent;

/// <summary>Whether the chain of issued documents holds.</summary>
/// <param name="Documents">How many were checked.</param>
/// <param name="BrokenAt">The first number that does not fit; null when all do.</param>
public sealed record ChainCheck(long Documents, string? BrokenAt);

/// <summary>Whether PDFs can be made here.</summary>
/// <param name="IsReady">They can.</param>
/// <param name="Problem">Why not, in the current culture.</param>
public sealed record PdfCheck(bool IsReady, string? Problem);

/// <summary>Invoices, for other modules.</summary>
public interface IInvoices
{
    /// <summary>Issues the invoice of a paid order, or finds the one it has. For merchants and workers.</summary>
    /// <returns>Its name in URLs; null when there is no such order or it is not paid.</returns>
    Task<string?> IssueAsync(long orderId, CancellationToken ct);

    /// <summary>Recomputes every document's hash and number.</summary>
    Task<ChainCheck> CheckChainAsync(CancellationToken ct);

    /// <summary>Looks for what makes PDFs.</summary>
    PdfCheck CheckPdf();
}
