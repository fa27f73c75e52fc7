using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Connections.Contract;
using Portal.Invoices.Data;
using Portal.Invoices.RenderPdf;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Processors;

namespace Portal.Invoices.DownloadInvoice;

/// <summary>An invoice as a file: the portal's own, and the processor's where it has one.</summary>
[Route("invoices")]
[ForBuyers]
internal sealed partial class DownloadInvoiceController(
    PortalDb db,
    DocumentPdf pdf,
    IOrders orders,
    IConnections connections,
    ILogger<DownloadInvoiceController> log
) : Controller
{
    [HttpGet("{id}.pdf")]
    public async Task<IActionResult> DownloadInvoice(string id, CancellationToken ct)
    {
        if (await db.Set<Document>().AsNoTracking().SingleOrDefaultAsync(d => d.PublicId == id, ct) is not { } document)
        {
            return NotFound();
        }

        try
        {
            return PhysicalFile(await pdf.PathAsync(document, ct), MediaTypeNames.Application.Pdf, document.Number + ".pdf");
        }
        catch (Exception failure) when (failure is PdfUnavailableException or PdfRenderException)
        {
            NoPdf(document.Number, failure);
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return View("NoPdf", document);
        }
    }

    [HttpGet("{id}/processor-file")]
    public async Task<IActionResult> DownloadProcessorFile(string id, CancellationToken ct)
    {
        if (
            await db.Set<Document>().AsNoTracking().SingleOrDefaultAsync(d => d.PublicId == id, ct) is not { } document
            || await orders.FindMineAsync(document.OrderId, ct) is not { } order
            || await db.Set<ProcessorInvoice>()
                .AsNoTracking()
                .FirstOrDefaultAsync(i => i.ConnectionId == order.ConnectionId && i.OrderProcessorId == order.ProcessorId, ct)
                is not { } invoice
            || await connections.OpenAsync(order.ConnectionId, ct) is not { } processor
            || !processor.Can<IProvideInvoiceFiles>()
        )
        {
            return NotFound();
        }

        try
        {
            var file = await processor.CallAsync((IProvideInvoiceFiles p, CancellationToken token) => p.OpenAsync(invoice.ProcessorId, token), ct);
            return File(file.Content, MediaTypeNames.Application.Octet, (invoice.Number ?? document.Number) + ".pdf");
        }
        catch (ProcessorException unable)
        {
            NoProcessorFile(invoice.ProcessorId, unable.Fault, unable.Message);
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return View("/Errors/ProcessorDown.cshtml", processor.Connection.Processor);
        }
    }

    [LoggerMessage(LogLevel.Error, "The PDF of {Number} could not be made")]
    private partial void NoPdf(string number, Exception failure);

    [LoggerMessage(LogLevel.Warning, "The processor's file of {Invoice} could not be had, {Fault}: {Message}")]
    private partial void NoProcessorFile(string invoice, ProcessorFault fault, string message);
}
