using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Portal.Tests.Support;

/// <summary>Talks to the portal in bytes: what no well-behaved client would send.</summary>
internal static class Wire
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends and reads to the end.</summary>
    public static async Task<RawAnswer> SendAsync(Uri address, byte[] request)
    {
        var began = Stopwatch.GetTimestamp();
        using var limit = new CancellationTokenSource(Patience);
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, limit.Token);
        var stream = connection.GetStream();
        try
        {
            await stream.WriteAsync(request, limit.Token);
        }
        catch (IOException)
        {
            // It answered before all was sent, and hung up.
        }

        return new RawAnswer(await ReadAsync(stream, limit.Token), Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Sends a request without a body, its target and headers as they stand.</summary>
    public static Task<RawAnswer> AskAsync(Uri address, string host, string method, string target, params string[] headers) =>
        SendAsync(address, Request(host, method, target, [], headers));

    /// <summary>A request as bytes; headers as whole lines, so that one may be there twice.</summary>
    public static byte[] Request(string host, string method, string target, byte[] body, params string[] headers)
    {
        string[] lines =
        [
            $"{method} {target} HTTP/1.1",
            "Host: " + host,
            "Connection: close",
            .. method is "GET" or "HEAD" or "OPTIONS" ? (string[])[] : ["Content-Length: " + body.Length.ToString(CultureInfo.InvariantCulture)],
            .. headers,
        ];
        return [.. Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n"), .. body];
    }

    /// <summary>What arrives until the other side closes; nothing when it just hangs up.</summary>
    public static async Task<string> ReadAsync(NetworkStream stream, CancellationToken ct)
    {
        using var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all, ct);
        }
        catch (IOException)
        {
            // Reset instead of closed: what came before counts.
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }
}

/// <summary>An answer as it came.</summary>
internal sealed record RawAnswer(string Text, TimeSpan After)
{
    /// <summary>0 when there was none.</summary>
    public int Code => Text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(Text.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;

    public string Body => Text[(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    /// <summary>All headers but the date, and the body.</summary>
    public string Undated => string.Join('\n', Text.Split('\n').Where(l => !l.StartsWith("Date:", StringComparison.OrdinalIgnoreCase)));

    public string? Header(string name) =>
        Text.Split("\r\n").FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
