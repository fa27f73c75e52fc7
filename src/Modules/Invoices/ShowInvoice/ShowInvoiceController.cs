using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Invoices.Data;
using Portal.Invoices.RenderPdf;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Processors;

namespace Portal.Invoices.ShowInvoice;

/// <summary>An invoice on screen; it prints as it stands.</summary>
[Route("invoices")]
[ForBuyers]
internal sealed class ShowInvoiceController(
    PortalDb db,
    DocumentPdf pdf,
    IRenderPdf renderer,
    IOrders orders,
    IConnections connections,
    IssueInvoice.IssueInvoice issue
) : Controller
{
    [HttpGet("{id}")]
    public async Task<IActionResult> ShowInvoice(string id, CancellationToken ct)
    {
        if (await db.Set<Document>().AsNoTracking().SingleOrDefaultAsync(d => d.PublicId == id, ct) is not { } document)
        {
            return NotFound();
        }

        var order = await orders.FindMineAsync(document.OrderId, ct);
        var snapshot = document.Snapshot();
        return View(
            new ShowInvoiceView(
                document,
                snapshot,
                order?.PublicId,
                await pdf.BodyAsync(snapshot, embedded: true),
                document.PdfHash is not null || renderer.Check().IsReady,
                order is not null && await HasProcessorFileAsync(order, ct) ? snapshot.PaidThrough : null
            )
        );
    }

    /// <summary>Makes the invoice of an order that has none yet: one that was back-filled.</summary>
    [HttpPost("for/{orderId}")]
    public async Task<IActionResult> Generate(string orderId, CancellationToken ct)
    {
        if (await orders.FindMineAsync(orderId, ct) is not { } order)
        {
            return NotFound();
        }

        return order.State is OrderState.Paid or OrderState.PartiallyRefunded or OrderState.Refunded
            ? LocalRedirect("~/invoices/" + (await issue.IssueAsync(order, announce: false, ct)).PublicId)
            : LocalRedirect("~/orders/" + orderId);
    }

    private async Task<bool> HasProcessorFileAsync(OrderInfo order, CancellationToken ct) =>
        await db.Set<ProcessorInvoice>().AnyAsync(i => i.ConnectionId == order.ConnectionId && i.OrderProcessorId == order.ProcessorId, ct)
        && (await connections.OpenAsync(order.ConnectionId, ct))?.Can<IProvideInvoiceFiles>() == true;
}

/// <summary>An invoice's page.</summary>
/// <param name="Document">The document.</param>
/// <param name="Snapshot">What it says.</param>
/// <param name="OrderId">The order's name in URLs.</param>
/// <param name="Body">The document itself, rendered in its own language.</param>
/// <param name="PdfReady">Whether the PDF can be had.</param>
/// <param name="ProcessorWithFile">Who offers a document of its own; null when nobody does.</param>
internal sealed record ShowInvoiceView(
    Document Document,
    DocumentSnapshot Snapshot,
    string? OrderId,
    string Body,
    bool PdfReady,
    string? ProcessorWithFile
);

/// <summary>On an order's page: its invoice, or the way to one.</summary>
internal sealed class OrderDocumentsViewComponent(PortalDb db, IOrders orders) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync(long orderId)
    {
        var ct = HttpContext.RequestAborted;
        var document = await db.Set<Document>().AsNoTracking().SingleOrDefaultAsync(d => d.OrderId == orderId, ct);
        return View("/ShowInvoice/OrderDocuments.cshtml", new OrderDocumentsView(document, (await orders.FindMineAsync(orderId, ct))!));
    }
}

/// <summary>An order's documents.</summary>
/// <param name="Document">The invoice; null while there is none.</param>
/// <param name="Order">The order.</param>
internal sealed record OrderDocumentsView(Document? Document, OrderInfo Order);

/// <summary>On the overview: the newest invoice.</summary>
internal sealed class NewestInvoiceViewComponent(PortalDb db) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync() =>
        View(
            "/ShowInvoice/NewestInvoice.cshtml",
            (await db.Set<Document>().AsNoTracking().NewestFirstAsync(null, HttpContext.RequestAborted, size: 1)).Rows
        );
}
