using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Portal.Invoices.RenderPdf;

/// <summary>The other side is gone, or never answered; whether the command took effect is unknown.</summary>
internal sealed class BrowserGoneException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The browser refused a command.</summary>
internal sealed class DevToolsException(string method, string? message) : Exception($"{method}: {message}");

/// <summary>
/// The DevTools protocol over a pair of pipes: JSON messages, each ended by a zero byte. Pipes rather than the usual
/// WebSocket because the latter listens on a port where any local user may ask /json/version for the secret path; and
/// because Chromium ends itself when the pipe closes, even if this process was killed.
/// </summary>
internal sealed class DevTools : IAsyncDisposable
{
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly Action<DevTools, string, string, JsonElement> _onEvent;
    private readonly Channel<byte[]> _outbox = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<int, (string Method, TaskCompletionSource<JsonElement> Reply)> _pending = new();
    private readonly ConcurrentDictionary<(string Method, string Session), TaskCompletionSource> _awaited = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loops;
    private int _lastId;

    /// <summary>Starts talking. Handlers of events run on the reading loop: they may <see cref="Post"/>, not wait.</summary>
    public DevTools(Stream toBrowser, Stream fromBrowser, Action<DevTools, string, string, JsonElement> onEvent)
    {
        (_output, _input, _onEvent) = (toBrowser, fromBrowser, onEvent);
        // Task.Run, because reads and writes on anonymous pipes may block before their first await.
        _loops = Task.WhenAll(Task.Run(ReadLoopAsync), Task.Run(WriteLoopAsync));
    }

    /// <summary>Completes when the connection has ended, for whatever reason.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Sends a command and waits for its answer.</summary>
    public async Task<JsonElement> SendAsync(string method, JsonObject? parameters, string session, CancellationToken ct)
    {
        var reply = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = Interlocked.Increment(ref _lastId);
        _pending[id] = (method, reply);
        try
        {
            Enqueue(id, method, parameters, session);
            var first = await Task.WhenAny(reply.Task, _closed.Task).WaitAsync(ct).ConfigureAwait(false);
            return first == reply.Task || reply.Task.IsCompleted
                ? await reply.Task.ConfigureAwait(false)
                : throw new BrowserGoneException($"The browser was gone before it answered {method}.");
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    /// <summary>Sends a command whose answer does not matter.</summary>
    public void Post(string method, JsonObject? parameters, string session) =>
        Enqueue(Interlocked.Increment(ref _lastId), method, parameters, session);

    /// <summary>Registers for the next such event; call before the command that causes it.</summary>
    public Task NextAsync(string method, string session) =>
        _awaited.GetOrAdd((method, session), static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _outbox.Writer.TryComplete();
        await _output.DisposeAsync().ConfigureAwait(false);
        await _input.DisposeAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
    }

    private void Enqueue(int id, string method, JsonObject? parameters, string session)
    {
        var message = new JsonObject
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters,
        };
        if (session.Length > 0)
        {
            message["sessionId"] = session;
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(message);
        Array.Resize(ref bytes, bytes.Length + 1);
        _outbox.Writer.TryWrite(bytes);
    }

    // Only this loop writes, and it is never cancelled: half a message would spoil all that follow.
    private async Task WriteLoopAsync()
    {
        try
        {
            await foreach (var message in _outbox.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await _output.WriteAsync(message).ConfigureAwait(false);
                await _output.FlushAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            _closed.TrySetResult();
        }
    }

    private async Task ReadLoopAsync()
    {
        var reader = PipeReader.Create(_input, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            ReadResult read;
            do
            {
                read = await reader.ReadAsync().ConfigureAwait(false);
                var buffer = read.Buffer;
                while (buffer.PositionOf((byte)0) is { } end)
                {
                    Dispatch(buffer.Slice(0, end));
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            } while (!read.IsCompleted);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or JsonException)
        {
            // A broken stream and unreadable JSON alike mean that this browser cannot be used any more.
            _closed.TrySetResult();
        }
        finally
        {
            _closed.TrySetResult();
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private void Dispatch(ReadOnlySequence<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.TryGetProperty("id", out var id))
        {
            if (!_pending.TryGetValue(id.GetInt32(), out var waiting))
            {
                return;
            }

            if (root.TryGetProperty("error", out var error))
            {
                waiting.Reply.TrySetException(new DevToolsException(waiting.Method, error.GetProperty("message").GetString()));
            }
            else
            {
                waiting.Reply.TrySetResult(root.GetProperty("result").Clone());
            }

            return;
        }

        var method = root.GetProperty("method").GetString()!;
        var session = root.TryGetProperty("sessionId", out var s) ? s.GetString()! : "";
        if (_awaited.TryRemove((method, session), out var awaited))
        {
            awaited.TrySetResult();
        }

        _onEvent(this, method, session, root.GetProperty("params"));
    }
}
