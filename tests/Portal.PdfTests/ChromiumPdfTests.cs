using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using Portal.Invoices.RenderPdf;
using Portal.TestSupport;

namespace Portal.PdfTests;

[TestFixture, Platform("Linux")]
internal sealed class ChromiumPdfTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pdf-test-").FullName;

    [TearDown]
    public void NothingIsLeftBehind()
    {
        SpinWait.SpinUntil(() => Processes().Count == 0, TimeSpan.FromSeconds(3));
        var (processes, folders) = (Processes(), Directory.GetDirectories(_folder));
        processes.ForEach(p => Signal("KILL", p));
        Directory.Delete(_folder, recursive: true);
        processes.Should().BeEmpty("disposal ends every process");
        folders.Should().BeEmpty("disposal removes the profile");
    }

    [Test]
    public async Task Every_script_is_readable_and_its_font_embedded()
    {
        await using var pdf = Renderer();
        var file = await SaveAsync(
            pdf,
            new PdfPage
            {
                Html = MixedScripts,
                Language = "pl",
                FooterHtml = "Seite <span class=pageNumber></span> / <span class=totalPages></span>",
            }
        );

        var text = (await RunAsync("pdftotext", "-layout", file, "-")).Normalize(NormalizationForm.FormKC);
        foreach (var word in new[] { "Grüße", "فاتورة", "חשבונית", "चालान", "ใบแจ้งหนี้", "請求書", "发票", "청구서", "Seite 1 / 1" })
        {
            text.Should().Contain(word.Normalize(NormalizationForm.FormKC));
        }

        var info = await RunAsync("pdfinfo", file);
        info.Should().MatchRegex(@"Title:\s+Rechnung 42").And.MatchRegex(@"Tagged:\s+yes").And.MatchRegex("Page size: .*A4");
        var fonts = (await RunAsync("pdffonts", file)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToList();
        fonts.Should().HaveCountGreaterThan(4).And.OnlyContain(f => Columns(f)[0] == "yes", "each font is embedded");
        (await RunAsync("qpdf", "--check", file)).Should().Contain("No syntax or stream encoding errors");
        (await RunAsync("qpdf", "--qdf", "--object-streams=disable", file, "-"))
            .Should()
            .MatchRegex(@"/Lang \(pl\)", "no element is Polish, so it is the document's own")
            .And.Contain("/StructTreeRoot");
    }

    [Test]
    public async Task Letter_is_the_paper_when_asked_for_and_a_long_table_breaks()
    {
        await using var pdf = Renderer();
        var rows = string.Concat(Enumerable.Range(1, 500).Select(i => $"<tr><td>Line {i}<td>{i}.00"));
        var file = await SaveAsync(pdf, Page($"<table><thead><tr><th>Item<th>Price</thead>{rows}</table>") with { PaperSize = "Letter" });
        (await RunAsync("pdfinfo", file)).Should().MatchRegex("Page size: .*letter").And.MatchRegex(@"Pages:\s+\d\d");
        (await RunAsync("pdftotext", "-layout", file, "-")).Should().Contain("Line 500");
    }

    [SecurityCase("I3", "images, frames, styles, scripts and refreshes reach no listener and no file")]
    [TestCase(true)]
    [TestCase(false)]
    public async Task Hostile_markup_reaches_nothing(bool encoded)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var secret = Path.Combine(_folder, "secret.txt");
        await File.WriteAllTextAsync(secret, "TOPSECRET");
        var markup = Hostile(port, secret);
        await using var pdf = Renderer();
        var file = await SaveAsync(
            pdf,
            Page("<p>before</p>" + (encoded ? WebUtility.HtmlEncode(markup) : markup) + "<p>after</p>") with
            {
                FooterHtml =
                    $"<img src='http://127.0.0.1:{port}/footer' onerror='fetch(\"http://127.0.0.1:{port}/onerror\")'><span class=pageNumber></span>",
            }
        );
        await Task.Delay(500);

        listener.Pending().Should().BeFalse("not even a connection may be opened");
        var text = await RunAsync("pdftotext", "-layout", file, "-");
        text.Should().NotContain("TOPSECRET").And.NotContain("root:").And.NotContain("written by script");
        if (encoded)
        {
            text.Should().Contain("<meta http-equiv=").And.Contain("<iframe src=").And.Contain("<script>").And.Contain("before").And.Contain("after");
        }
        else
        {
            text.Should().NotContain("<iframe").And.Contain("before");
        }

        (await RunAsync("qpdf", "--check", file)).Should().Contain("No syntax or stream encoding errors");
    }

    [SecurityCase("I3", "a very long text is survived")]
    [Test]
    public async Task Images_as_data_urls_are_shown_and_huge_text_is_survived()
    {
        await using var pdf = Renderer();
        const string pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        var began = Stopwatch.GetTimestamp();
        var file = await SaveAsync(
            pdf,
            Page(
                $"<img src='{pixel}' style='width:2cm;height:2cm'><p style='overflow-wrap:anywhere'>{new string('W', 50_000)}</p>{string.Concat(Enumerable.Repeat("line<br>", 5000))}"
            )
        );
        Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(10));
        (await RunAsync("pdfimages", "-list", file)).Should().Contain("image");
        new FileInfo(file).Length.Should().BeLessThan(100 << 20);
    }

    [SecurityCase("I3", "broken letters still print")]
    [Test]
    public async Task Text_with_a_zero_byte_or_half_a_surrogate_pair_still_prints()
    {
        await using var pdf = Renderer();
        var file = await SaveAsync(pdf, Page("<p>left \0 \ud83d right</p>"));
        (await RunAsync("pdftotext", file, "-")).Should().Contain("left").And.Contain("right");
    }

    [Test]
    public async Task A_dead_browser_is_replaced()
    {
        await using var pdf = Renderer();
        await pdf.RenderAsync(Page("one"), default);
        var first = MainProcess();
        Signal("KILL", first);
        (await pdf.RenderAsync(Page("two"), default)).Should().NotBeEmpty();
        MainProcess().Should().NotBe(first);
    }

    [Test]
    public async Task A_browser_killed_in_the_middle_is_replaced_for_the_same_document()
    {
        await using var pdf = Renderer();
        await pdf.RenderAsync(Page("one"), default);
        var render = pdf.RenderAsync(Page(string.Concat(Enumerable.Repeat("<p>long</p>", 30_000))), default);
        await Task.Delay(200);
        render.IsCompleted.Should().BeFalse("otherwise nothing is tested");
        Signal("KILL", MainProcess());
        (await render).Should().NotBeEmpty();
    }

    [Test]
    public async Task A_hung_browser_is_replaced_within_the_deadline()
    {
        await using var pdf = Renderer(o => o.ResponseTimeout = TimeSpan.FromSeconds(1));
        await pdf.RenderAsync(Page("one"), default);
        var first = MainProcess();
        Signal("STOP", first);
        var began = Stopwatch.GetTimestamp();
        (await pdf.RenderAsync(Page("two"), default)).Should().NotBeEmpty();
        Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(10));
        (await pdf.RenderAsync(Page("three"), default)).Should().NotBeEmpty();
        MainProcess().Should().NotBe(first);
    }

    [Test]
    public async Task A_browser_that_hangs_in_the_middle_is_replaced_for_the_same_document()
    {
        await using var pdf = Renderer(o => o.ResponseTimeout = TimeSpan.FromSeconds(1));
        await pdf.RenderAsync(Page("one"), default);
        var render = pdf.RenderAsync(Page(string.Concat(Enumerable.Repeat("<p>long</p>", 20_000))), default);
        await Task.Delay(200);
        render.IsCompleted.Should().BeFalse("otherwise nothing is tested");
        Signal("STOP", MainProcess());
        (await render).Should().NotBeEmpty();
    }

    [Test]
    public async Task A_document_past_the_deadline_fails_and_the_next_one_works()
    {
        await using var pdf = Renderer(o => o.RenderTimeout = TimeSpan.FromSeconds(3));
        await pdf.RenderAsync(Page("one"), default);
        var endless = Page(string.Concat(Enumerable.Repeat("<p>long</p>", 400_000)));
        await pdf.Awaiting(p => p.RenderAsync(endless, default)).Should().ThrowAsync<PdfRenderException>();
        (await pdf.RenderAsync(Page("two"), default)).Should().NotBeEmpty();
        SpinWait.SpinUntil(() => Renderers() <= 1, TimeSpan.FromSeconds(3)).Should().BeTrue("the busy page's process is ended too");
    }

    [Test]
    public async Task A_caller_who_gives_up_leaves_the_browser_to_the_others()
    {
        await using var pdf = Renderer();
        await pdf.RenderAsync(Page("one"), default);
        var first = MainProcess();
        using var soon = new CancellationTokenSource(300);
        var heavy = Page(string.Concat(Enumerable.Repeat("<p>long</p>", 100_000)));
        await pdf.Awaiting(p => p.RenderAsync(heavy, soon.Token)).Should().ThrowAsync<OperationCanceledException>();
        (await pdf.RenderAsync(Page("two"), default)).Should().NotBeEmpty();
        MainProcess().Should().Be(first);
    }

    [Test]
    public async Task Too_much_memory_ends_the_browser_but_not_the_service()
    {
        await using var pdf = Renderer(o => o.MaxMemoryMiB = 150);
        await pdf.RenderAsync(Page("one"), default);
        var greedy = Page(string.Concat(Enumerable.Repeat("<p>a <b>long</b> document</p>", 150_000)));
        (await pdf.Awaiting(p => p.RenderAsync(greedy, default)).Should().ThrowAsync<PdfRenderException>()).WithMessage("*twice*");
        (await pdf.RenderAsync(Page("two"), default)).Should().NotBeEmpty();
    }

    [Test]
    public async Task It_is_replaced_after_its_number_of_documents_and_stopped_when_idle()
    {
        await using var pdf = Renderer(o => (o.MaxRenders, o.IdleTimeout) = (2, TimeSpan.FromSeconds(2)));
        await pdf.RenderAsync(Page("one"), default);
        var first = MainProcess();
        await pdf.RenderAsync(Page("two"), default);
        MainProcess().Should().Be(first);
        await pdf.RenderAsync(Page("three"), default);
        MainProcess().Should().NotBe(first);
        SpinWait.SpinUntil(() => Processes().Count == 0 && Directory.GetDirectories(_folder).Length == 0, TimeSpan.FromSeconds(8)).Should().BeTrue();
        (await pdf.RenderAsync(Page("four"), default)).Should().NotBeEmpty();
    }

    [Test]
    public async Task Eight_at_once_come_out_each_with_its_own_text_from_one_browser()
    {
        await using var pdf = Renderer();
        var files = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SaveAsync(pdf, Page($"<p>document number {i}</p>"))));
        for (var i = 0; i < files.Length; i++)
        {
            (await RunAsync("pdftotext", files[i], "-")).Should().Contain($"document number {i}");
        }

        Directory.GetDirectories(_folder).Should().ContainSingle();
    }

    [Test]
    public async Task Disposal_in_the_middle_of_a_render_ends_it()
    {
        var pdf = Renderer();
        await pdf.RenderAsync(Page("one"), default);
        var render = pdf.RenderAsync(Page(string.Concat(Enumerable.Repeat("<p>long</p>", 100_000))), default);
        await Task.Delay(200);
        await pdf.DisposeAsync();
        await FluentActions.Awaiting(() => render).Should().ThrowAsync<OperationCanceledException>();
        await pdf.Awaiting(p => p.RenderAsync(Page("two"), default)).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Test]
    public async Task A_profile_left_by_a_killed_portal_is_removed_and_one_in_use_is_not()
    {
        var left = Directory.CreateDirectory(Path.Combine(_folder, "portal-pdf-left")).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "portal.lock"), "");
        await using var one = Renderer();
        await one.RenderAsync(Page("one"), default);
        Directory.Exists(left).Should().BeFalse();
        await using var two = Renderer();
        await two.RenderAsync(Page("two"), default);
        Directory.GetDirectories(_folder).Should().HaveCount(2);
    }

    [Test]
    public async Task The_portals_environment_and_a_debugging_port_are_not_handed_out()
    {
        Environment.SetEnvironmentVariable("PORTAL_SECRET_CANARY", "canary");
        await using var pdf = Renderer();
        await pdf.RenderAsync(Page("one"), default);
        Proc(MainProcess(), "environ").Should().Contain("HOME=", "otherwise nothing is tested");
        foreach (var id in Processes())
        {
            Proc(id, "environ").Should().NotContain("canary");
            (
                await RunAsync(
                    "/bin/sh",
                    "-c",
                    $"ls -l /proc/{id}/fd | grep -o 'socket:.[0-9]*' | tr -dc '0-9\\n' | sort -u > {_folder}/fds; awk '$4==\"0A\"{{print $10}}' /proc/{id}/net/tcp /proc/{id}/net/tcp6 | sort -u | comm -12 - {_folder}/fds"
                )
            )
                .Should()
                .BeEmpty("nothing may listen on the network");
        }
    }

    [Test]
    public async Task A_missing_chromium_is_said_so()
    {
        await using var pdf = Renderer(o => o.ChromiumPath = "/nowhere/chromium");
        pdf.Check().Should().Be(new PdfReadiness(PdfReadinessReason.ChromiumPathMissing, "/nowhere/chromium"));
        (await pdf.Awaiting(p => p.RenderAsync(Page("x"), default)).Should().ThrowAsync<PdfUnavailableException>())
            .Which.Readiness.ResourceKey.Should()
            .Be("Pdf_ChromiumPathMissing");
    }

    [TestCase("/bin/false", false)]
    [TestCase("/etc/hostname", false)]
    [TestCase("#!/bin/sh\nsleep 60\n", true)]
    public async Task A_program_that_is_no_chromium_is_said_so_afterwards(string program, bool script)
    {
        if (script)
        {
            var path = Path.Combine(_folder, "chromium");
            await File.WriteAllTextAsync(path, program);
            await RunAsync("chmod", "500", path);
            program = path;
        }

        await using var pdf = Renderer(o => (o.ChromiumPath, o.RenderTimeout) = (program, TimeSpan.FromSeconds(2)));
        pdf.Check().IsReady.Should().BeTrue("it has not been tried yet");
        await pdf.Awaiting(p => p.RenderAsync(Page("x"), default)).Should().ThrowAsync<PdfUnavailableException>();
        pdf.Check().Reason.Should().Be(PdfReadinessReason.ChromiumFailedToStart);
    }

    private static PdfPage Page(string body) =>
        new() { Html = $"<!doctype html><html><head><meta charset=utf-8><title>T</title></head><body>{body}</body></html>", Language = "en" };

    private ChromiumPdf Renderer(Action<PdfOptions>? change = null)
    {
        var options = new PdfOptions { WorkFolder = _folder };
        change?.Invoke(options);
        return new ChromiumPdf(Options.Create(options), TimeProvider.System, NullLogger<ChromiumPdf>.Instance);
    }

    private async Task<string> SaveAsync(ChromiumPdf pdf, PdfPage page)
    {
        var file = Path.Combine(
            Environment.GetEnvironmentVariable("PDF_KEEP") ?? _folder,
            $"{TestContext.CurrentContext.Test.MethodName}-{Guid.NewGuid():N}.pdf"
        );
        await File.WriteAllBytesAsync(file, await pdf.RenderAsync(page, default));
        return file;
    }

    private static string[] Columns(string pdffontsLine) => pdffontsLine.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^5..];

    // By the profile's path in the command line; ended but unreaped ones have an empty command line.
    private List<int> Processes() =>
        [
            .. Directory
                .GetDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(n => int.TryParse(n, out _))
                .Select(n => int.Parse(n!, null))
                .Where(id => CommandLine(id).Contains(_folder + "/portal-pdf-", StringComparison.Ordinal)),
        ];

    private int MainProcess() =>
        Processes()
            .Single(id =>
                CommandLine(id) is var line
                && line.Contains("--remote-debugging-pipe", StringComparison.Ordinal)
                && !line.Contains("--type=", StringComparison.Ordinal)
            );

    private int Renderers() => Processes().Count(id => CommandLine(id).Contains("--type=renderer", StringComparison.Ordinal));

    private static string CommandLine(int id) => Proc(id, "cmdline");

    private static string Proc(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (IOException)
        {
            return ""; // Ended meanwhile.
        }
    }

    private static void Signal(string name, int id)
    {
        using var kill = Process.Start("kill", $"-{name} {id}");
        kill.WaitForExit();
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    private static string Hostile(int port, string file)
    {
        var to = $"http://127.0.0.1:{port}/";
        return $$"""
            <link rel=preconnect href="{{to}}"><link rel=dns-prefetch href="{{to}}"><link rel=prefetch href="{{to}}a"><link rel=preload as=image href="{{to}}b">
            <link rel=stylesheet href="{{to}}c"><link rel=icon href="{{to}}d"><link rel=modulepreload href="{{to}}e"><link rel=manifest href="{{to}}f">
            <style>@import url({{to}}g); @font-face { font-family: x; src: url({{to}}h) } body { background: url({{to}}i); font-family: x, sans-serif } p::before { content: url({{to}}j) }</style>
            <img src={{to}}k><img srcset="{{to}}l 1x"><picture><source srcset="{{to}}m"><img></picture><video src={{to}}n poster={{to}}o autoplay></video><audio src={{to}}p autoplay></audio>
            <iframe src=file:///etc/passwd></iframe><iframe src="file://{{file}}"></iframe><iframe src={{to}}q></iframe><iframe srcdoc="<img src={{to}}r><script src={{to}}s></script>"></iframe>
            <iframe src="data:text/html,<img src={{to}}t><script>fetch('{{to}}u')</script><meta http-equiv=refresh content='0;url={{to}}v'>"></iframe>
            <object data={{to}}w></object><embed src={{to}}x><object data="file://{{file}}"></object><svg><image href="{{to}}y" /><use href="{{to}}z#a" /></svg><table background={{to}}1><tr><td></table>
            <script src={{to}}2></script><script>document.write('written by ' + 'script'); new WebSocket('ws://127.0.0.1:{{port}}/'); fetch('{{to}}3')</script><img src=x onerror="fetch('{{to}}4')">
            <script type=speculationrules>{"prerender":[{"urls":["{{to}}5"]}]}</script><form action={{to}}6><input autofocus onfocus=submit()></form><img src=http://169.254.169.254/latest/>
            <meta http-equiv=refresh content="0;url={{to}}7"><img src="http://localhost:{{port}}/8"><img src="http://[::1]:{{port}}/9"><iframe src="view-source:{{to}}10"></iframe><iframe src="blob:{{to}}11"></iframe>
            """;
    }

    private const string MixedScripts = """
        <!doctype html><html><head><meta charset=utf-8><title>Rechnung 42</title><style>@page { size: A4; margin: 20mm } body { font-family: "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans CJK JP", sans-serif } td { border: 1px solid #999; padding: 4px }</style></head>
        <body dir=ltr><h1>Rechnung 42</h1><table><tr><td lang=de>Grüße aus Köln<tr><td lang=ar dir=rtl>فاتورة ضريبية رقم ٤٢<tr><td lang=he dir=rtl>חשבונית מס 42<tr><td lang=hi>चालान संख्या<tr><td lang=th>ใบแจ้งหนี้
        <tr><td lang=ja>請求書<tr><td lang=zh-Hans>发票<tr><td lang=ko>청구서<tr><td>Aan: שרה כהן, Amsterdam — produkt: ใบแจ้งหนี้</table></body></html>
        """;
}
