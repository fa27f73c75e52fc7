using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Too much, too slow, too long: the real program, its memory watched from outside.</summary>
[NonParallelizable]
public sealed class HostileInputTests
{
    private const string Host = "localhost";
    private const int SlowBodies = 300;
    private const int HeadsOnly = 100;
    private const int Idle = 500;
    private const double MostGrowth = 50;
    private static readonly TimeSpan CutWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Drip = TimeSpan.FromSeconds(1);
    private TempFolder data = null!;
    private PortalProcess portal = null!;
    private string webhook = null!;
    private int deliveries;

    [OneTimeSetUp]
    public async Task Start()
    {
        data = new TempFolder();
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Portal:PublicUrl"] = "http://localhost",
            ["Mail:Transport"] = "Folder",
            ["Logging:LogLevel:Default"] = "Error",
            ["RateLimits:SecretsPerMinute"] = "1000000",
        };
        var added = JsonDocument.Parse(
            await PortalProcess.RunAsync(
                CommandLine.Program,
                data.Path,
                settings,
                ["connections", "add", "sandbox", "--name", "Sandbox", "--set", "apiKey=key", "--set", "webhookSecret=" + Signatures.Secret, "--json"]
            )
        );
        webhook = new Uri(added.RootElement.GetProperty("webhook_url").GetString()!).AbsolutePath;
        portal = await PortalProcess.StartAsync(CommandLine.Program, data.Path, settings);
        for (var i = 0; i < 200; i++)
        {
            await GoodAsync();
        }
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await portal.DisposeAsync();
        data.Dispose();
    }

    [Test]
    [SecurityCase(
        "W7",
        "300 bodies at a byte a second and 100 heads that never end: all cut within 15 s; with 500 idle connections, 100 MB told, chunked and encoded; good ones answered within a second (median), under 50 MB more memory"
    )]
    public async Task Slow_and_swollen_bodies_are_cut_while_good_ones_are_answered()
    {
        // What is loaded with the first of each is no growth.
        await GoodAsync();
        await PourAsync("Content-Length: 104857600", chunked: false);
        await PourAsync("Transfer-Encoding: chunked", chunked: true);
        var before = Memory();
        List<TcpClient> idle = [];
        for (var i = 0; i < Idle; i++)
        {
            idle.Add(await ConnectAsync());
        }

        var slow = Enumerable
            .Range(0, SlowBodies)
            .Select(_ => HoldAsync($"POST {webhook} HTTP/1.1\r\nHost: {Host}\r\nContent-Length: 1000000\r\n\r\n"))
            .Concat(Enumerable.Range(0, HeadsOnly).Select(_ => HoldAsync($"POST {webhook} HTTP/1.1\r\nHost: {Host}\r\nX-Slow: ")))
            .ToList();
        List<double> good = [];
        foreach (
            var headers in (string[])["Content-Length: 104857600", "Transfer-Encoding: chunked", "Content-Length: 10240\r\nContent-Encoding: gzip"]
        )
        {
            for (var i = 0; i < 5; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await GoodAsync();
                good.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                var answer = await PourAsync(headers, headers.StartsWith("Transfer", StringComparison.Ordinal));
                answer.Code.Should().Be(headers.Contains("gzip", StringComparison.Ordinal) ? 415 : 413, headers);
            }
        }

        var cut = await Task.WhenAll(slow);
        var after = Memory();
        idle.ForEach(c => c.Dispose());
        await TestContext.Out.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Cut after {cut.Max().TotalSeconds:0.0} s at most; good ones {good.Max():0.000} s at most; memory {before:0} to {after:0} MB"
            )
        );
        cut.Max().Should().BeLessThan(CutWithin);
        good.Order().ElementAt(good.Count / 2).Should().BeLessThan(1);
        (after - before).Should().BeLessThan(MostGrowth);
    }

    [TestCase("ten thousand fields", 400)]
    [TestCase("a field of 5 MB", 400)]
    [TestCase("100 MB of parts", 400)]
    [TestCase("a header of 64 kB", 431)]
    [TestCase("a hundred headers and more", 431)]
    [TestCase("an address of 16 kB", 414)]
    [TestCase("a page that is no number of ours", 302)]
    [TestCase("a way back of 8 kB", 200)]
    [TestCase("a name a thousand brackets deep", 400)]
    [SecurityCase("I1", "fields, values, parts, headers, addresses and depths beyond reason: refused quickly, under 50 MB more memory")]
    public async Task What_is_too_large_is_refused(string what, int code)
    {
        var before = Memory();
        const string Form = "Content-Type: application/x-www-form-urlencoded";
        var request = what switch
        {
            "ten thousand fields" => Post(string.Join('&', Enumerable.Range(0, 10_000).Select(i => $"f{i}=1")), Form),
            "a field of 5 MB" => Post("Email=" + new string('a', 5 * 1024 * 1024), Form),
            "a name a thousand brackets deep" => Post("Email" + string.Concat(Enumerable.Repeat("[a]", 1000)) + "=1", Form),
            "100 MB of parts" => Encoding.ASCII.GetBytes(
                $"POST /sign-in HTTP/1.1\r\nHost: {Host}\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 104857600\r\n\r\n--x\r\n"
            ),
            "a header of 64 kB" => Wire.Request(Host, "GET", "/sign-in", [], "X-Long: " + new string('a', 64 * 1024)),
            "a hundred headers and more" => Wire.Request(Host, "GET", "/sign-in", [], [.. Enumerable.Range(0, 150).Select(i => $"X-{i}: 1")]),
            "an address of 16 kB" => Wire.Request(Host, "GET", "/sign-in?returnTo=" + new string('a', 16 * 1024), []),
            "a page that is no number of ours" => Wire.Request(Host, "GET", "/orders?page=n2147483647-1&pageSize=1000000000&q=%25%25%25%25", []),
            _ => Wire.Request(Host, "GET", "/sign-in?returnTo=/" + new string('a', 8 * 1024), []),
        };

        var answer = await Wire.SendAsync(portal.Address, request);

        answer.Code.Should().Be(code, answer.Text[..Math.Min(300, answer.Text.Length)]);
        answer.After.Should().BeLessThan(TimeSpan.FromSeconds(5));
        (Memory() - before).Should().BeLessThan(MostGrowth);
    }

    private static byte[] Post(string body, params string[] headers) =>
        Wire.Request(Host, "POST", "/sign-in", Encoding.ASCII.GetBytes(body), headers);

    private async Task GoodAsync()
    {
        var body = Encoding.UTF8.GetBytes("""{"type":"nothing","data":{"object":{"object":"nothing"}}}""");
        var headers = Signatures.Sandbox($"msg_good_{deliveries++}", body, TimeProvider.System.GetUtcNow()).Select(h => $"{h.Name}: {h.Value}");
        (await Wire.SendAsync(portal.Address, Wire.Request(Host, "POST", webhook, body, [.. headers]))).Code.Should().Be(200);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(portal.Address.Host, portal.Address.Port);
        return connection;
    }

    /// <summary>Sends a beginning and then a byte a second; how long until the other side has had enough.</summary>
    private async Task<TimeSpan> HoldAsync(string beginning)
    {
        using var connection = await ConnectAsync();
        var began = Stopwatch.GetTimestamp();
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning));
        var hungUp = Wire.ReadAsync(stream, CancellationToken.None);
        using var drip = new PeriodicTimer(Drip);
        while (!hungUp.IsCompleted && Stopwatch.GetElapsedTime(began) < 2 * CutWithin)
        {
            await Task.WhenAny(hungUp, drip.WaitForNextTickAsync().AsTask());
            try
            {
                await stream.WriteAsync("a"u8.ToArray());
            }
            catch (IOException)
            {
                break;
            }
        }

        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Sends up to 100 MB for as long as the other side takes them.</summary>
    private async Task<RawAnswer> PourAsync(string headers, bool chunked)
    {
        var began = Stopwatch.GetTimestamp();
        using var connection = await ConnectAsync();
        var stream = connection.GetStream();
        var answer = Wire.ReadAsync(stream, CancellationToken.None);
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {webhook} HTTP/1.1\r\nHost: {Host}\r\nConnection: close\r\n{headers}\r\n\r\n"));
            var chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string('a', 0x10000) + "\r\n");
            for (var i = 0; i < 1600 && chunked && !answer.IsCompleted; i++)
            {
                await stream.WriteAsync(chunk);
            }
        }
        catch (IOException)
        {
            // It has answered and hung up.
        }

        return new RawAnswer(await answer, Stopwatch.GetElapsedTime(began));
    }

    private double Memory()
    {
        using var process = Process.GetProcessById(portal.Id);
        return process.WorkingSet64 / 1024d / 1024d;
    }
}
