using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.TestSupport;

/// <summary>A mail server on a free port of loopback that keeps what is said to it, and can be told to say nothing itself.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> talks = [];
    private readonly ConcurrentQueue<string> mails = new();
    private readonly TaskCompletionSource greets = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task listening;
    private int callers;

    /// <summary>Starts one.</summary>
    /// <param name="silent">Takes connections, but greets nobody before <see cref="Speak"/>.</param>
    public SmtpSink(bool silent = false)
    {
        listener.Start();
        if (!silent)
        {
            Speak();
        }

        listening = ListenAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How many connections were opened so far.</summary>
    public int Callers => callers;

    /// <summary>Of each mail taken, every line the sender said: commands, headers and text.</summary>
    public IReadOnlyList<string> Mails => [.. mails];

    /// <summary>Answers from now on, and whoever waits.</summary>
    public void Speak() => greets.TrySetResult();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await Task.WhenAll([listening, .. talks]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task ListenAsync()
    {
        while (true)
        {
            var caller = await listener.AcceptTcpClientAsync(stop.Token);
            Interlocked.Increment(ref callers);
            talks.Add(TalkAsync(caller));
        }
    }

    private async Task TalkAsync(TcpClient caller)
    {
        using var _ = caller;
        await greets.Task.WaitAsync(stop.Token);
        using var reader = new StreamReader(caller.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(caller.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 sink");
        var said = new StringBuilder();
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            said.Append(line).Append('\n');
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteLineAsync("250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    while (await reader.ReadLineAsync(stop.Token) is { } text and not ".")
                    {
                        said.Append(text).Append('\n');
                    }

                    mails.Enqueue(said.ToString());
                    said.Clear();
                    await writer.WriteLineAsync("250 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 fine");
                    break;
            }
        }
    }
}
