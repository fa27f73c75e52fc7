using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Invoices.RenderPdf;

/// <summary>
/// Prints through one headless Chromium that is started by the first render, kept warm, and replaced when it died, hangs,
/// has grown too large or has served its number of documents. Register as a singleton; it ends with the host.
/// </summary>
internal sealed partial class ChromiumPdf : IRenderPdf, IAsyncDisposable
{
    private const int ChunkBytes = 1 << 20;
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(500);
    private readonly PdfOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ChromiumPdf> _log;
    private readonly SemaphoreSlim _slots;
    private readonly SemaphoreSlim _starting = new(1);
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Lock _state = new();
    private Chromium? _current;
    private Task _watch = Task.CompletedTask;
    private PdfReadiness? _lastFailure;
    private bool _disposed;

    /// <summary>Starts nothing yet.</summary>
    public ChromiumPdf(IOptions<PdfOptions> options, TimeProvider time, ILogger<ChromiumPdf> log)
    {
        (_options, _time, _log) = (options.Value, time, log);
        _slots = new SemaphoreSlim(_options.MaxParallel);
    }

    /// <inheritdoc/>
    public PdfReadiness Check() =>
        Chromium.Find(_options.ChromiumPath) is not null ? _lastFailure ?? new(PdfReadinessReason.Ready)
        : string.IsNullOrWhiteSpace(_options.ChromiumPath) ? new(PdfReadinessReason.ChromiumNotFound)
        : new(PdfReadinessReason.ChromiumPathMissing, _options.ChromiumPath);

    /// <inheritdoc/>
    public async Task<byte[]> RenderAsync(PdfPage page, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, _shutdown.Token);
        await _slots.WaitAsync(stop.Token).ConfigureAwait(false);
        try
        {
            using var deadline = new CancellationTokenSource(_options.RenderTimeout, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, deadline.Token);
            try
            {
                // Twice, as the first may fail by no fault of its own: a browser found dead or hung, or pulled down by a neighbour.
                return await TryRenderAsync(page, both.Token).ConfigureAwait(false)
                    ?? await TryRenderAsync(page, both.Token).ConfigureAwait(false)
                    ?? throw new PdfRenderException("The browser broke down twice over this document.");
            }
            catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                throw new PdfRenderException($"The document was not rendered within {_options.RenderTimeout}.", e);
            }
            catch (DevToolsException e)
            {
                throw new PdfRenderException("The browser refused to render the document.", e);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _shutdown.CancelAsync().ConfigureAwait(false);
        for (var i = 0; i < _options.MaxParallel; i++)
        {
            await _slots.WaitAsync().ConfigureAwait(false);
        }

        await _watch.ConfigureAwait(false);
        if (_current is { } browser)
        {
            await EndAsync(browser).ConfigureAwait(false);
        }
    }

    // Null when the browser, not the document, failed; it has been ended then.
    private async Task<byte[]?> TryRenderAsync(PdfPage page, CancellationToken ct)
    {
        var browser = await LeaseAsync(ct).ConfigureAwait(false);
        var sound = false;
        try
        {
            var context = await AskAsync(browser, "Target.createBrowserContext", new() { ["disposeOnDetach"] = true }, ct).ConfigureAwait(false);
            var contextId = context.GetProperty("browserContextId").GetString();
            try
            {
                return await PrintAsync(browser.Tools, contextId, page, ct).ConfigureAwait(false);
            }
            finally
            {
                // Ends the page's process even when that is deep in a layout, so an impatient caller costs no neighbour his browser.
                await AskAsync(browser, "Target.disposeBrowserContext", new() { ["browserContextId"] = contextId }, _shutdown.Token)
                    .ConfigureAwait(false);
                sound = true;
            }
        }
        catch (BrowserGoneException e)
        {
            LogBroken(browser.Id, e.Message);
            return null;
        }
        finally
        {
            await ReleaseAsync(browser, sound).ConfigureAwait(false);
        }
    }

    private async Task<byte[]> PrintAsync(DevTools tools, string? contextId, PdfPage page, CancellationToken ct)
    {
        var target = await tools
            .SendAsync("Target.createTarget", new() { ["url"] = "about:blank", ["browserContextId"] = contextId }, "", ct)
            .ConfigureAwait(false);
        var targetId = target.GetProperty("targetId").GetString();
        var attached = await tools
            .SendAsync("Target.attachToTarget", new() { ["targetId"] = targetId, ["flatten"] = true }, "", ct)
            .ConfigureAwait(false);
        var session = attached.GetProperty("sessionId").GetString()!;
        Task<JsonElement> Send(string method, JsonObject? parameters = null) => tools.SendAsync(method, parameters, session, ct);

        await Task.WhenAll(Lockdown.Select(c => Send(c.Method, c.Parameters())).Append(Send("Page.enable"))).ConfigureAwait(false);
        var loaded = tools.NextAsync("Page.loadEventFired", session);
        await Send("Page.setDocumentContent", new() { ["frameId"] = targetId, ["html"] = page.Html }).ConfigureAwait(false);
        // For images; bounded, as a document that is about to navigate never says that it is complete.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(loaded, Task.Delay(_options.ResponseTimeout, _time, patience.Token)).ConfigureAwait(false);
        await patience.CancelAsync().ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
        var document = await Send("DOM.getDocument", new() { ["depth"] = 1 }).ConfigureAwait(false);
        var html = document.GetProperty("root").GetProperty("children").EnumerateArray().First(n => n.GetProperty("nodeType").GetInt32() == 1);
        await Send(
                "DOM.setAttributeValue",
                new()
                {
                    ["nodeId"] = html.GetProperty("nodeId").GetInt32(),
                    ["name"] = "lang",
                    ["value"] = page.Language,
                }
            )
            .ConfigureAwait(false);

        var printed = await Send("Page.printToPDF", PrintOptions(page)).ConfigureAwait(false);
        var handle = printed.GetProperty("stream").GetString();
        using var pdf = new MemoryStream();
        for (var ended = false; !ended; )
        {
            var chunk = await Send("IO.read", new() { ["handle"] = handle, ["size"] = ChunkBytes }).ConfigureAwait(false);
            ended = chunk.GetProperty("eof").GetBoolean();
            pdf.Write(chunk.GetProperty("base64Encoded").GetBoolean() ? chunk.GetProperty("data").GetBytesFromBase64() : []);
            if (pdf.Length > (long)_options.MaxPdfMiB << 20)
            {
                throw new PdfRenderException($"The PDF is larger than {_options.MaxPdfMiB} MiB.");
            }
        }

        return pdf.ToArray();
    }

    private static JsonObject PrintOptions(PdfPage page)
    {
        var (width, height) = page.PaperSize switch
        {
            "A4" => (210 / 25.4, 297 / 25.4),
            "Letter" => (8.5, 11.0),
            _ => throw new PdfRenderException($"Unknown paper size '{page.PaperSize}'."),
        };
        return new()
        {
            ["paperWidth"] = width,
            ["paperHeight"] = height,
            ["preferCSSPageSize"] = true,
            ["printBackground"] = true,
            ["generateTaggedPDF"] = true,
            ["generateDocumentOutline"] = true,
            ["transferMode"] = "ReturnAsStream",
            ["displayHeaderFooter"] = page.FooterHtml is not null,
            ["headerTemplate"] = "<span></span>", // Otherwise there is a built-in one with date and title.
            ["footerTemplate"] =
                $"<div lang=\"{System.Net.WebUtility.HtmlEncode(page.Language)}\" style=\"width:100%;font-size:8pt;text-align:center\">{page.FooterHtml}</div>",
        };
    }

    // The first wall. It is put around every frame in a process of its own too, before that runs.
    private static readonly (string Method, Func<JsonObject> Parameters)[] Lockdown =
    [
        (
            "Target.setAutoAttach",
            static () =>
                new()
                {
                    ["autoAttach"] = true,
                    ["waitForDebuggerOnStart"] = true,
                    ["flatten"] = true,
                }
        ),
        ("Emulation.setScriptExecutionDisabled", static () => new() { ["value"] = true }),
        ("Network.enable", static () => []),
        (
            "Network.emulateNetworkConditions",
            static () =>
                new()
                {
                    ["offline"] = true,
                    ["latency"] = 0,
                    ["downloadThroughput"] = 0,
                    ["uploadThroughput"] = 0,
                }
        ),
        ("Fetch.enable", static () => new() { ["patterns"] = new JsonArray(new JsonObject { ["urlPattern"] = "*" }) }),
    ];

    private void OnEvent(DevTools tools, string method, string session, JsonElement parameters)
    {
        if (method == "Fetch.requestPaused")
        {
            var request = parameters.GetProperty("requestId").GetString();
            if (parameters.GetProperty("request").GetProperty("url").GetString()!.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            {
                tools.Post("Fetch.continueRequest", new() { ["requestId"] = request }, session);
                return;
            }

            // "Aborted", as other reasons would replace a document that tries to navigate by an error page.
            tools.Post("Fetch.failRequest", new() { ["requestId"] = request, ["errorReason"] = "Aborted" }, session);
            LogBlocked(parameters.GetProperty("resourceType").GetString());
        }
        else if (method == "Target.attachedToTarget" && session.Length > 0)
        {
            var child = parameters.GetProperty("sessionId").GetString()!;
            foreach (var command in Lockdown)
            {
                tools.Post(command.Method, command.Parameters(), child);
            }

            tools.Post("Runtime.runIfWaitingForDebugger", null, child);
        }
    }

    // For commands that a healthy browser answers at once, however heavy its pages are.
    private async Task<JsonElement> AskAsync(Chromium browser, string method, JsonObject parameters, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(_options.ResponseTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            return await browser.Tools.SendAsync(method, parameters, "", both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new BrowserGoneException($"The browser hangs: no answer to {method}.", e);
        }
    }

    private async Task<Chromium> LeaseAsync(CancellationToken ct)
    {
        await _starting.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            Chromium? ending = null;
            lock (_state)
            {
                if (_current is { Retired: false, IsAlive: true } warm && warm.Renders < _options.MaxRenders)
                {
                    warm.Leases++;
                    warm.Renders++;
                    return warm;
                }

                if (_current is { } old)
                {
                    old.Retired = true;
                    ending = old.Leases == 0 ? old : null;
                    _current = null;
                }
            }

            if (ending is not null)
            {
                await EndAsync(ending).ConfigureAwait(false);
            }

            var browser = await StartAsync(ct).ConfigureAwait(false);
            lock (_state)
            {
                (browser.Leases, browser.Renders, _current) = (1, 1, browser);
            }

            _watch = Task.WhenAll(_watch.IsCompleted ? Task.CompletedTask : _watch, WatchAsync(browser));
            return browser;
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<Chromium> StartAsync(CancellationToken ct)
    {
        var began = _time.GetTimestamp();
        // Well inside the deadline, so that a wrong program behind the path is told from a slow document.
        using var limit = new CancellationTokenSource(_options.RenderTimeout * 0.75, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            var path = Chromium.Find(_options.ChromiumPath) ?? throw new PdfUnavailableException(Check());
            var folder = string.IsNullOrWhiteSpace(_options.WorkFolder) ? Path.GetTempPath() : _options.WorkFolder;
            var browser = await Chromium.StartAsync(path, folder, _time, OnEvent, both.Token).ConfigureAwait(false);
            _lastFailure = null;
            LogStarted(browser.Id, path, _time.GetElapsedTime(began).TotalMilliseconds);
            return browser;
        }
        catch (PdfUnavailableException e)
        {
            _lastFailure = e.Readiness;
            LogUnavailable(e.Readiness.Reason, e.Readiness.Detail);
            throw;
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            _lastFailure = new(PdfReadinessReason.ChromiumFailedToStart, $"No answer within {_options.RenderTimeout * 0.75}.");
            LogUnavailable(_lastFailure.Reason, _lastFailure.Detail);
            throw new PdfUnavailableException(_lastFailure, e);
        }
    }

    private async Task ReleaseAsync(Chromium browser, bool sound)
    {
        bool end;
        lock (_state)
        {
            browser.Leases--;
            browser.IdleSince = _time.GetTimestamp();
            browser.Retired |= !sound;
            end = browser is { Retired: true, Leases: 0 };
            if (browser.Retired && _current == browser)
            {
                _current = null;
            }
        }

        if (!sound)
        {
            browser.Kill();
        }

        if (end)
        {
            await EndAsync(browser).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(Chromium browser)
    {
        var id = browser.Id;
        try
        {
            await browser.DisposeAsync().ConfigureAwait(false);
            LogEnded(id, browser.Renders);
        }
        catch (IOException e)
        {
            LogNotCleaned(e, id);
        }
    }

    private async Task WatchAsync(Chromium browser)
    {
        using var timer = new PeriodicTimer(WatchPeriod, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_shutdown.Token).ConfigureAwait(false))
            {
                bool idle,
                    busy;
                lock (_state)
                {
                    if (_current != browser && browser.Leases == 0)
                    {
                        return;
                    }

                    busy = browser.Leases > 0;
                    idle = !busy && _options.IdleTimeout > TimeSpan.Zero && _time.GetElapsedTime(browser.IdleSince) > _options.IdleTimeout;
                    if (idle)
                    {
                        (browser.Retired, _current) = (true, null);
                    }
                }

                if (idle)
                {
                    await EndAsync(browser).ConfigureAwait(false);
                }
                else if (busy)
                {
                    await CheckHealthAsync(browser).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_shutdown.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task CheckHealthAsync(Chromium browser)
    {
        try
        {
            var info = await AskAsync(browser, "SystemInfo.getProcessInfo", [], _shutdown.Token).ConfigureAwait(false);
            var mebibytes = info.GetProperty("processInfo").EnumerateArray().Sum(p => Chromium.MemoryOf(p.GetProperty("id").GetInt32())) >> 20;
            if (mebibytes <= _options.MaxMemoryMiB)
            {
                return;
            }

            LogTooLarge(browser.Id, mebibytes);
            lock (_state)
            {
                browser.Retired = true;
            }

            if (mebibytes > 2L * _options.MaxMemoryMiB)
            {
                browser.Kill();
            }
        }
        catch (BrowserGoneException e)
        {
            // Ended here, the renders under way learn of it at once and still have time for another try.
            LogBroken(browser.Id, e.Message);
            browser.Kill();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "PDF browser {Id} started from {Path} in {Milliseconds:F0} ms")]
    private partial void LogStarted(int id, string path, double milliseconds);

    [LoggerMessage(2, LogLevel.Information, "PDF browser {Id} ended after {Renders} documents")]
    private partial void LogEnded(int id, int renders);

    [LoggerMessage(3, LogLevel.Warning, "PDF browser {Id} is replaced: {Reason}")]
    private partial void LogBroken(int id, string reason);

    [LoggerMessage(4, LogLevel.Warning, "PDF browser {Id} uses {Mebibytes} MiB and is replaced")]
    private partial void LogTooLarge(int id, long mebibytes);

    [LoggerMessage(5, LogLevel.Error, "PDF browser cannot start: {Reason} {Detail}")]
    private partial void LogUnavailable(PdfReadinessReason reason, string? detail);

    [LoggerMessage(6, LogLevel.Warning, "A document printed to PDF asked for a resource of type {Type}; refused")]
    private partial void LogBlocked(string? type);

    [LoggerMessage(7, LogLevel.Warning, "PDF browser {Id} was not cleaned up completely")]
    private partial void LogNotCleaned(Exception e, int id);
}
