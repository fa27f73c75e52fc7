using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Portal.Invoices.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Invoices.RenderPdf;

/// <summary>One view for screen, print and PDF; the PDF is made once and is a file from then on.</summary>
internal sealed class DocumentPdf(PortalDb db, ViewText views, IRenderPdf renderer, FileStore files, IWebHostEnvironment site, TimeProvider clock)
    : IWorkOn<PdfJob>
{
    // The United States, Canada, Mexico and some neighbors print on Letter.
    private static readonly HashSet<string> LetterCountries = ["US", "CA", "MX", "CL", "CO", "VE", "PH", "CR", "GT", "PA", "PR", "DO", "SV", "NI"];

    // Documents share turns, far more than are ever printed at once.
    private static readonly SemaphoreSlim[] Turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public TimeSpan Lease => TimeSpan.FromMinutes(3);

    /// <summary>The document as a piece of a page, in its own language whatever the viewer's.</summary>
    public async Task<string> BodyAsync(DocumentSnapshot snapshot, bool embedded)
    {
        using var _ = new InCulture(snapshot.Language);
        return await views.RenderAsync("/RenderPdf/DocumentBody.cshtml", new DocumentView(snapshot, embedded));
    }

    /// <summary>The stored PDF's path, made now if need be.</summary>
    /// <exception cref="PdfUnavailableException">There is no Chromium to make it.</exception>
    /// <exception cref="PdfRenderException">This document could not be printed.</exception>
    public async Task<string> PathAsync(Document document, CancellationToken ct)
    {
        if (document.PdfHash is { } known && files.Find(known) is { } path)
        {
            return path;
        }

        // The job and an impatient buyer want the same document at the same moment: it is printed once, and both get that file.
        var turn = Turns[document.Id % Turns.Length];
        await turn.WaitAsync(ct);
        try
        {
            var madeMeanwhile = await db.AllOwners<Document>().Where(d => d.Id == document.Id).Select(d => d.PdfHash).SingleAsync(ct);
            return (madeMeanwhile is null ? null : files.Find(madeMeanwhile)) ?? await PrintAsync(document, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task WorkAsync(PdfJob item, CancellationToken ct)
    {
        var document = await db.AllOwners<Document>().AsNoTracking().SingleAsync(d => d.Id == item.DocumentId, ct);
        if (document.ErasedAt is null)
        {
            await PathAsync(document, ct);
        }

        item.Finish(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The document alone, as it is printed.</summary>
    public async Task<string> PageAsync(DocumentSnapshot snapshot, CancellationToken ct)
    {
        using var _ = new InCulture(snapshot.Language);
        return await views.RenderAsync(
            "/RenderPdf/DocumentPage.cshtml",
            new DocumentPage(snapshot, await BodyAsync(snapshot, embedded: false), await StyleAsync(ct))
        );
    }

    private async Task<string> PrintAsync(Document document, CancellationToken ct)
    {
        var snapshot = document.Snapshot();
        var pdf = await renderer.RenderAsync(
            new PdfPage
            {
                Html = await PageAsync(snapshot, ct),
                Language = snapshot.Language,
                PaperSize = snapshot.SellerCountry is { } country && LetterCountries.Contains(country) ? "Letter" : "A4",
            },
            ct
        );
        var hash = await files.SaveAsync(pdf, ct);
        await db.AllOwners<Document>().Where(d => d.Id == document.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.PdfHash, hash), ct);
        return files.Find(hash)!;
    }

    private async Task<string> StyleAsync(CancellationToken ct)
    {
        await using var file = site.WebRootFileProvider.GetFileInfo("document.css").CreateReadStream();
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(ct);
    }
}

/// <summary>The document and where it stands: within a page, or alone on paper.</summary>
internal sealed record DocumentView(DocumentSnapshot Snapshot, bool Embedded);

/// <summary>The bare page that is printed.</summary>
internal sealed record DocumentPage(DocumentSnapshot Snapshot, string Body, string Style);
