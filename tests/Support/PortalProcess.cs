using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Portal.TestSupport;

/// <summary>The real program as a process of its own, on a free port of this machine.</summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Process process;
    private readonly ConcurrentQueue<string> said = new();
    private readonly SemaphoreSlim news = new(0);

    private PortalProcess(ProcessStartInfo start, Uri address)
    {
        Address = address;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
    }

    /// <summary>Where it answers.</summary>
    public Uri Address { get; }

    /// <summary>Its process id.</summary>
    public int Id => process.Id;

    /// <summary>From the start of the process to its first <c>/health/ready</c>.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>Everything it printed and logged so far.</summary>
    public string Output => string.Join(Environment.NewLine, said);

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="program">The published or built <c>portal</c>.</param>
    /// <param name="dataDirectory">Its data; may be empty.</param>
    /// <param name="settings">As <c>Section:Key</c>.</param>
    public static async Task<PortalProcess> StartAsync(string program, string dataDirectory, IReadOnlyDictionary<string, string> settings)
    {
        // The name, not the number: browsers accept a Secure cookie from it without HTTPS, and links in mails carry it.
        var address = new Uri($"http://localhost:{FreePort()}");
        var start = StartInfo(program, dataDirectory, settings);
        start.Environment["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority);
        var portal = new PortalProcess(start, address);
        try
        {
            await portal.BecomeReadyAsync();
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one verb of the command line to its end.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(
        string program,
        string dataDirectory,
        IReadOnlyDictionary<string, string> settings,
        params string[] arguments
    )
    {
        var start = StartInfo(program, dataDirectory, settings);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
    }

    /// <summary>Waits until it has said something, and returns what.</summary>
    public async Task<Match> SaidAsync(Regex wanted)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            if (said.Select(line => wanted.Match(line)).FirstOrDefault(m => m.Success) is { } found)
            {
                return found;
            }

            try
            {
                await news.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The portal never said \"{wanted}\":{Environment.NewLine}{Output}");
            }
        }
    }

    /// <summary>Asks it to end, as a service manager would, and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await EndAsync();
        }

        process.Dispose();
        news.Dispose();
    }

    private async Task EndAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
        }
        else
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The portal does not end:{Environment.NewLine}{Output}");
        }
    }

    private async Task BecomeReadyAsync()
    {
        var began = Stopwatch.GetTimestamp();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = Address };
        while (!await AnswersAsync(http))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"The portal does not become ready:{Environment.NewLine}{Output}");
            }

            await Task.Delay(Pause);
        }

        ReadyAfter = Stopwatch.GetElapsedTime(began);
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // Nobody listens yet.
        }
    }

    private static ProcessStartInfo StartInfo(string program, string dataDirectory, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["Portal__DataDirectory"] = dataDirectory;
        start.Environment.TryAdd("DOTNET_ROOT", Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")));
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return start;
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            said.Enqueue(text);
            news.Release();
        }
    }
}
