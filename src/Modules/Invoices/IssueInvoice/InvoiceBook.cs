using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Invoices.Contract;
using Portal.Invoices.Data;
using Portal.Invoices.RenderPdf;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Processors;

namespace Portal.Invoices.IssueInvoice;

/// <summary>What other modules may ask of invoices.</summary>
internal sealed class InvoiceBook(PortalDb db, IOrders orders, IssueInvoice issue, IRenderPdf pdf, IStringLocalizer<Texts> texts) : IInvoices
{
    private const int Batch = 500;

    public async Task<string?> IssueAsync(long orderId, CancellationToken ct) =>
        await orders.FindAsync(orderId, ct) is { State: OrderState.Paid or OrderState.PartiallyRefunded or OrderState.Refunded } order
            ? (await issue.IssueAsync(order, announce: false, ct)).PublicId
            : null;

    public async Task<ChainCheck> CheckChainAsync(CancellationToken ct)
    {
        var ends = new Dictionary<string, (long Number, byte[] Hash)>();
        long count = 0;
        for (long after = 0; ; )
        {
            var documents = await db.AllOwners<Document>().AsNoTracking().Where(d => d.Id > after).OrderBy(d => d.Id).Take(Batch).ToListAsync(ct);
            foreach (var document in documents)
            {
                count++;
                var cut = document.Number.LastIndexOf('-');
                var (name, number) = (document.Number[..cut], long.Parse(document.Number.AsSpan(cut + 1), null));
                var end = ends.GetValueOrDefault(name, (0, []));
                if (number != end.Number + 1 || !document.PreviousHash.AsSpan().SequenceEqual(end.Hash) || !Holds(document))
                {
                    return new ChainCheck(count, document.Number);
                }

                ends[name] = (number, document.Hash);
            }

            if (documents.Count < Batch)
            {
                break;
            }

            after = documents[^1].Id;
        }

        foreach (var series in await db.Set<Series>().AsNoTracking().ToListAsync(ct))
        {
            if (series.LastNumber != ends.GetValueOrDefault(series.Name).Number)
            {
                return new ChainCheck(count, series.Name);
            }
        }

        return new ChainCheck(count, null);
    }

    /// <summary>What was let go is empty; everything else is what was hashed.</summary>
    private static bool Holds(Document document) =>
        document.ErasedAt is not null
            ? document.Content.Length == 0
            : document.Snapshot().Number == document.Number
                && document.Hash.AsSpan().SequenceEqual(Document.HashOf(document.PreviousHash, document.Content));

    public PdfCheck CheckPdf()
    {
        var readiness = pdf.Check();
        return new PdfCheck(readiness.IsReady, readiness.IsReady ? null : texts[readiness.ResourceKey, readiness.Detail ?? ""].Value);
    }
}
