using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;

namespace Portal.Invoices.RenderPdf;

/// <summary>One running browser with its own throw-away profile. Disposal ends every process and removes the profile.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string FolderPrefix = "portal-pdf-";
    private const string LockFile = "portal.lock";
    private static readonly TimeSpan CleanupTime = TimeSpan.FromSeconds(5);

    // Besides fonts and locale nothing: the portal's own variables may hold secrets.
    private static readonly string[] KeptVariables =
    [
        "PATH",
        "LANG",
        "LC_ALL",
        "TZ",
        "FONTCONFIG_FILE",
        "FONTCONFIG_PATH",
        "LD_LIBRARY_PATH",
        "SystemRoot",
        "SystemDrive",
        "windir",
        "ProgramFiles",
        "ProgramData",
    ];

    private static readonly Environment.SpecialFolder[] WindowsRoots =
    [
        Environment.SpecialFolder.ProgramFiles,
        Environment.SpecialFolder.ProgramFilesX86,
        Environment.SpecialFolder.LocalApplicationData,
    ];

    private static readonly string[] WindowsApps =
    [
        @"Google\Chrome\Application\chrome.exe",
        @"Chromium\Application\chrome.exe",
        @"Microsoft\Edge\Application\msedge.exe",
    ];
    private static readonly string[] MacPlaces =
    [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];

    // The plain binary first: distributions put a shell script in front of it that adds flags of its own.
    private static readonly string[] LinuxPlaces = ["/usr/lib/chromium/chromium", "/usr/bin/chromium", "/opt/google/chrome/chrome"];
    private static readonly string[] CommandNames = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];
    private static readonly string[] RedirectedVariables = ["HOME", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA", "APPDATA"];

    private readonly Process _process;
    private readonly string _profile;
    private readonly FileStream _profileLock;
    private readonly TimeProvider _time;
    private readonly StringBuilder _startMessages = new();
    private volatile bool _started;

    private Chromium(string path, string workFolder, TimeProvider time, Action<DevTools, string, string, JsonElement> onEvent)
    {
        _time = time;
        _profile = Path.Combine(workFolder, FolderPrefix + Path.GetRandomFileName());
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_profile);
        }
        else
        {
            Directory.CreateDirectory(_profile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _profileLock = new(Path.Combine(_profile, LockFile), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        var toBrowser = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        var fromBrowser = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        _process = new Process { StartInfo = StartInfo(path, _profile, toBrowser.GetClientHandleAsString(), fromBrowser.GetClientHandleAsString()) };
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        try
        {
            _process.Start();
            _process.BeginErrorReadLine();
            _process.BeginOutputReadLine();
        }
        catch
        {
            toBrowser.Dispose();
            fromBrowser.Dispose();
            _process.Dispose();
            _profileLock.Dispose();
            Directory.Delete(_profile, recursive: true);
            throw;
        }

        toBrowser.DisposeLocalCopyOfClientHandle();
        fromBrowser.DisposeLocalCopyOfClientHandle();
        Tools = new DevTools(toBrowser, fromBrowser, onEvent);
    }

    /// <summary>The connection.</summary>
    public DevTools Tools { get; }

    /// <summary>Process id of the main process.</summary>
    public int Id => _process.Id;

    /// <summary>Renders under way; this and the next three belong to the owner, who guards them by its lock.</summary>
    public int Leases { get; set; }

    /// <summary>Renders begun.</summary>
    public int Renders { get; set; }

    /// <summary>True once it shall take no more renders.</summary>
    public bool Retired { get; set; }

    /// <summary>Timestamp of the last release.</summary>
    public long IdleSince { get; set; }

    /// <summary>True while the main process runs and the pipe stands.</summary>
    public bool IsAlive => !Tools.Closed.IsCompleted && !_process.HasExited;

    /// <summary>The configured path, else the first usual place that exists; null when there is none.</summary>
    public static string? Find(string? configured)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return File.Exists(configured) ? configured : null;
        }

        var places =
            OperatingSystem.IsWindows() ? from root in WindowsRoots from app in WindowsApps select Path.Combine(Environment.GetFolderPath(root), app)
            : OperatingSystem.IsMacOS() ? MacPlaces
            : LinuxPlaces.Concat(
                from name in CommandNames
                from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                select Path.Combine(folder, name)
            );
        return places.FirstOrDefault(File.Exists);
    }

    /// <summary>Starts a browser and waits until it answers.</summary>
    /// <exception cref="PdfUnavailableException">It cannot be run, or ended before it answered.</exception>
    public static async Task<Chromium> StartAsync(
        string path,
        string workFolder,
        TimeProvider time,
        Action<DevTools, string, string, JsonElement> onEvent,
        CancellationToken ct
    )
    {
        RemoveAbandonedProfiles(workFolder);
        Chromium? browser = null;
        try
        {
            browser = new Chromium(path, workFolder, time, onEvent);
            await browser.Tools.SendAsync("Browser.getVersion", null, "", ct).ConfigureAwait(false);
            browser._started = true;
            return browser;
        }
        catch (Exception e) when (browser is null && e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new PdfUnavailableException(new(PdfReadinessReason.ChromiumFailedToStart, e.Message), e);
        }
        catch (Exception e) when (browser is not null)
        {
            await browser.DisposeAsync().ConfigureAwait(false);
            if (e is not BrowserGoneException)
            {
                throw;
            }

            string said;
            lock (browser._startMessages)
            {
                said = browser._startMessages.ToString().Trim();
            }

            var reason = said.Contains("sandbox", StringComparison.OrdinalIgnoreCase)
                ? PdfReadinessReason.SandboxUnavailable
                : PdfReadinessReason.ChromiumFailedToStart;
            throw new PdfUnavailableException(new(reason, said), e);
        }
    }

    /// <summary>Ends all processes now; renders under way fail at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // Mostly a child that ended in between; one that truly resists shows when the profile cannot be removed.
            Note(e.Message);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The profile is still in use; the next start tries again.</exception>
    public async ValueTask DisposeAsync()
    {
        Kill();
        using var limit = new CancellationTokenSource(CleanupTime, _time);
        try
        {
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            await Tools.DisposeAsync().AsTask().WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new IOException("The browser does not end.", e);
        }
        finally
        {
            _process.Dispose();
            await _profileLock.DisposeAsync().ConfigureAwait(false);
        }

        // Children end a moment after their parent and may still write.
        while (!TryDelete(_profile))
        {
            if (limit.IsCancellationRequested)
            {
                throw new IOException($"The browser profile {_profile} cannot be removed.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static ProcessStartInfo StartInfo(string path, string profile, string commands, string answers)
    {
        List<string> flags =
        [
            "--headless",
            "--remote-debugging-pipe",
            $"--user-data-dir={profile}",
            "--no-startup-window",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-extensions",
            "--disable-default-apps",
            "--disable-component-update",
            "--disable-component-extensions-with-background-pages",
            "--disable-background-networking",
            "--disable-domain-reliability",
            "--disable-client-side-phishing-detection",
            "--disable-sync",
            "--disable-quic",
            "--disable-breakpad",
            "--metrics-recording-only",
            "--no-pings",
            "--mute-audio",
            "--password-store=basic",
            "--use-mock-keychain",
            "--font-render-hinting=none",
            "--disable-features=Translate,MediaRouter,DialMediaRouteProvider,OptimizationHints,OptimizationGuideOnDeviceModel,PreloadTopChromeWebUI,WebUIReload",
            // The second wall, also against what DevTools cannot intercept (preconnect, DNS prefetch): all goes to a proxy
            // whose address, like every other, does not resolve. So no socket is ever opened.
            "--proxy-server=closed.invalid:1",
            "--proxy-bypass-list=<-loopback>",
            "--host-resolver-rules=MAP * ~NOTFOUND",
        ];
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        if (OperatingSystem.IsWindows())
        {
            start.FileName = path;
            flags.Add($"--remote-debugging-io-pipes={commands},{answers}");
        }
        else
        {
            // Chromium wants the pipes as descriptors 3 and 4. They are reopened by name, as not every sh takes two-digit
            // descriptors in a redirection; exec keeps the process id.
            start.FileName = "/bin/sh";
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add($"exec \"$0\" \"$@\" 3</dev/fd/{commands} 4>/dev/fd/{answers}");
            start.ArgumentList.Add(path);
            if (Environment.IsPrivilegedProcess)
            {
                flags.Add("--no-sandbox"); // It refuses to run as root otherwise.
            }
        }

        flags.ForEach(start.ArgumentList.Add);
        foreach (var name in start.Environment.Keys.Except(KeptVariables, StringComparer.OrdinalIgnoreCase).ToList())
        {
            start.Environment.Remove(name);
        }

        // All that it writes lands in the profile and goes with it.
        foreach (var name in RedirectedVariables)
        {
            start.Environment[name] = profile;
        }

        // A relative name, as it puts a socket there whose whole path may have 107 characters only.
        start.WorkingDirectory = profile;
        start.Environment["TMPDIR"] = ".";
        return start;
    }

    /// <summary>Memory of a process in bytes: unshared pages on Linux, where else the binary's would count for each process.</summary>
    public static long MemoryOf(int id)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                using var process = Process.GetProcessById(id);
                return process.WorkingSet64;
            }

            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
            return line is null
                ? 0
                : long.Parse(
                    line.AsSpan(8, line.Length - 10),
                    NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                    CultureInfo.InvariantCulture
                ) * 1024;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return 0; // It ended since the list was made.
        }
    }

    // Left by a portal that was killed. Its lock went with it, so one that can be taken has no owner.
    private static void RemoveAbandonedProfiles(string workFolder)
    {
        foreach (var folder in Directory.EnumerateDirectories(workFolder, FolderPrefix + "*"))
        {
            try
            {
                using (new FileStream(Path.Combine(folder, LockFile), FileMode.Open, FileAccess.ReadWrite, FileShare.None)) { }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // In use, half made, or another user's.
            }

            TryDelete(folder);
        }
    }

    private static bool TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return !Directory.Exists(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Kept only until the first answer: later lines might quote a document.
    private void Note(string? line)
    {
        lock (_startMessages)
        {
            // Chromium complains of absent desktop services in every container; that is never the reason.
            if (!_started && line is not null && _startMessages.Length < 1000 && !line.Contains("dbus", StringComparison.Ordinal))
            {
                _startMessages.AppendLine(line);
            }
        }
    }
}
