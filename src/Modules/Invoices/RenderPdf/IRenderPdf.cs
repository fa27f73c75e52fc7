namespace Portal.Invoices.RenderPdf;

/// <summary>Turns a finished HTML document into a PDF file.</summary>
internal interface IRenderPdf
{
    /// <summary>Says, without starting anything, whether PDFs can be made here. Cheap enough for a health check.</summary>
    PdfReadiness Check();

    /// <summary>Renders one document; waits for a free slot first.</summary>
    /// <exception cref="PdfUnavailableException">No Chromium is found, or it cannot start.</exception>
    /// <exception cref="PdfRenderException">This document could not be rendered (too slow, too large, crashed).</exception>
    Task<byte[]> RenderAsync(PdfPage page, CancellationToken ct);
}

/// <summary>A document to print. Nothing outside of it is loaded: images and fonts only as data: URLs or from the system.</summary>
internal sealed record PdfPage
{
    /// <summary>The whole HTML document, with all text from people already encoded. Its title becomes the PDF's title.</summary>
    public required string Html { get; init; }

    /// <summary>BCP 47 tag; put on the html element, so it is the PDF's language and picks the Han glyph style.</summary>
    public required string Language { get; init; }

    /// <summary><c>A4</c> or <c>Letter</c>; a size in the document's own @page rule wins.</summary>
    public string PaperSize { get; init; } = "A4";

    /// <summary>
    /// HTML put in the bottom margin of each page, encoded by the caller. Elements with the class <c>pageNumber</c> or
    /// <c>totalPages</c> are filled in. The document's styles do not apply here; null for no footer.
    /// </summary>
    public string? FooterHtml { get; init; }
}

/// <summary>Why PDFs can or cannot be made.</summary>
internal enum PdfReadinessReason
{
    /// <summary>A Chromium is there and has not failed to start.</summary>
    Ready,

    /// <summary>No path is configured and none of the usual places has a Chromium.</summary>
    ChromiumNotFound,

    /// <summary>The configured path (the detail) is not a file.</summary>
    ChromiumPathMissing,

    /// <summary>The last start failed; the detail is what the process or the system said.</summary>
    ChromiumFailedToStart,

    /// <summary>The last start failed because the system does not let Chromium build its sandbox.</summary>
    SandboxUnavailable,
}

/// <summary>The answer of <see cref="IRenderPdf.Check"/>.</summary>
/// <param name="Reason">What is the matter.</param>
/// <param name="Detail">Argument of the text: a path or the technical message. Never document content.</param>
internal sealed record PdfReadiness(PdfReadinessReason Reason, string? Detail = null)
{
    /// <summary>True when a render may be tried.</summary>
    public bool IsReady => Reason == PdfReadinessReason.Ready;

    /// <summary>Name of the text in the resources; <see cref="Detail"/> is its only argument.</summary>
    public string ResourceKey => $"Pdf_{Reason}";
}

/// <summary>PDFs cannot be made on this machine now; the document is not to blame, so trying later makes sense.</summary>
internal sealed class PdfUnavailableException(PdfReadiness readiness, Exception? inner = null)
    : Exception($"PDF rendering is unavailable: {readiness.Reason} {readiness.Detail}", inner)
{
    /// <summary>What is missing, for a person to read.</summary>
    public PdfReadiness Readiness { get; } = readiness;
}

/// <summary>This document could not be rendered; the message holds no document content.</summary>
internal sealed class PdfRenderException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Settings, section <c>Pdf</c>.</summary>
internal sealed class PdfOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Pdf";

    /// <summary>Full path of the Chromium or Chrome binary; empty to look in the usual places.</summary>
    public string? ChromiumPath { get; set; }

    /// <summary>Folder for temporary browser profiles; empty for the system's. Must be private or sticky like /tmp.</summary>
    public string? WorkFolder { get; set; }

    /// <summary>Longest time for one document (hh:mm:ss), from its slot to the last byte, retry and browser start included.</summary>
    public TimeSpan RenderTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest time (hh:mm:ss) a browser may take to answer a trivial command before it counts as hung.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time without a render (hh:mm:ss) after which the browser is stopped to free its memory; zero to keep it.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Documents rendered at once, at least 1. More than the number of cores brings nothing.</summary>
    public int MaxParallel { get; set; } = 2;

    /// <summary>Documents after which the browser is replaced.</summary>
    public int MaxRenders { get; set; } = 500;

    /// <summary>
    /// Memory of all browser processes together, in MiB (unshared on Linux, working sets elsewhere). Above it the browser
    /// is replaced once its renders are done; above twice as much it is ended at once.
    /// </summary>
    public int MaxMemoryMiB { get; set; } = 800;

    /// <summary>Largest PDF accepted, in MiB.</summary>
    public int MaxPdfMiB { get; set; } = 100;
}
