using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging;
using Portal.Invoices.Data;
using Portal.Invoices.RenderPdf;
using Portal.Kernel;
using Portal.Kernel.Personal;
using Portal.Store.Contract;

namespace Portal.Invoices;

/// <summary>Her invoices: kept whole while the law keeps them; then the content goes, number and hash stay for the chain.</summary>
internal sealed partial class InvoicesPersonalData(
    PortalDb db,
    DocumentPdf pdf,
    FileStore files,
    IStore store,
    TimeProvider clock,
    IStringLocalizer<Texts> texts,
    ILogger<InvoicesPersonalData> log
) : IKeepPersonalData
{
    public async Task<IReadOnlyList<PersonalTable>> TablesAsync(CustomerId person, CancellationToken ct)
    {
        var seller = await store.GetAsync(ct);
        var since = seller.KeptSince(clock.GetUtcNow());
        var newest = await db.Set<Document>().OrderByDescending(d => d.ListedAt).Select(d => (DateTimeOffset?)d.ListedAt).FirstOrDefaultAsync(ct);
        return
        [
            PersonalTable
                .Of<Document>(db, "invoices", texts["DataInvoices"])
                .Naming(nameof(Document.ListedAt), "issued_at")
                .Without(nameof(Document.Content))
                .With("document", d => d.ErasedAt is null ? JsonElement.Parse(d.Content) : null)
                .Keep(texts["WhyInvoices", seller.KeepInvoicesYears], newest is { } last ? seller.KeptUntil(last) : null, d => d.ListedAt >= since)
                .Anonymize(texts["GoneInvoices"], LetGoAsync, d => d.ListedAt < since),
        ];
    }

    public async Task<IReadOnlyList<PersonalFile>> FilesAsync(CancellationToken ct) =>
        [
            .. (await db.Set<Document>().OrderBy(d => d.Id).Select(d => d.Id).ToListAsync(ct)).Select(id => new PersonalFile(token =>
                OpenAsync(id, token)
            )),
        ];

    /// <summary>The PDF; where none can be made, the page it would be printed from.</summary>
    private async Task<(string Name, Stream Content)> OpenAsync(long id, CancellationToken ct)
    {
        var document = await db.Set<Document>().AsNoTracking().SingleAsync(d => d.Id == id, ct);
        try
        {
            return ($"invoices/{document.Number}.pdf", File.OpenRead(await pdf.PathAsync(document, ct)));
        }
        catch (Exception failure) when (failure is PdfUnavailableException or PdfRenderException)
        {
            PageInstead(document.Number, failure.Message);
            var page = await pdf.PageAsync(document.Snapshot(), ct);
            return ($"invoices/{document.Number}.html", new MemoryStream(Encoding.UTF8.GetBytes(page)));
        }
    }

    private async Task LetGoAsync(IQueryable<Document> documents, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var due = documents.Where(d => d.ErasedAt == null);
        var printed = await due.Where(d => d.PdfHash != null).Select(d => d.PdfHash!).ToListAsync(ct);
        await due.ExecuteUpdateAsync(
            set => set.SetProperty(d => d.Content, "").SetProperty(d => d.PdfHash, (string?)null).SetProperty(d => d.ErasedAt, now),
            ct
        );

        // Should the transaction fail after all, the file is made again when somebody asks for it.
        printed.ForEach(files.Delete);
    }

    [LoggerMessage(LogLevel.Warning, "The PDF of {Number} could not be made for an export; its page is in it instead: {Reason}")]
    private partial void PageInstead(string number, string reason);
}
