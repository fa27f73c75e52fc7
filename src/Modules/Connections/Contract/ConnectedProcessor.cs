using System.Runtime.CompilerServices;
using Portal.Connections.CallProcessor;
using Portal.Processors;

namespace Portal.Connections.Contract;

/// <summary>How a processor cancels subscriptions.</summary>
/// <param name="Timings">What it does natively.</param>
/// <param name="SafetyMargin">How long before the renewal the portal must act when it supplies the period end itself.</param>
public sealed record CancelFacts(CancelTiming Timings, TimeSpan SafetyMargin);

/// <summary>
/// The only road to a plugin: every call has a deadline, every fault becomes a <see cref="ProcessorException"/>,
/// is counted, and rests a failing plugin without touching the others.
/// </summary>
public sealed class ConnectedProcessor
{
    // A buyer waits this long at most; webhooks are answered sooner.
    internal static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(12);
    internal static readonly TimeSpan VerifyLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PageLimit = TimeSpan.FromSeconds(60);

    private readonly IProcessor adapter;
    private readonly Breaker breaker;
    private readonly TimeProvider clock;

    internal ConnectedProcessor(ConnectionInfo connection, IProcessor adapter, CancelFacts? cancels, Breaker breaker, TimeProvider clock)
    {
        (Connection, Cancels) = (connection, cancels);
        (this.adapter, this.breaker, this.clock) = (adapter, breaker, clock);
    }

    /// <summary>Whose road it is.</summary>
    public ConnectionInfo Connection { get; }

    /// <summary>Whether the processor has a capability.</summary>
    public bool Can<TCapability>()
        where TCapability : class => adapter is TCapability;

    /// <summary>What the processor's own cancellation can do; null when it has none. Read once, when the connection was opened.</summary>
    public CancelFacts? Cancels { get; }

    /// <summary>Calls the processor.</summary>
    /// <param name="call">The call; its token also ends at the deadline.</param>
    /// <param name="ct">Use the host's stopping token for commands: a closed browser never cancels what was sent.</param>
    /// <exception cref="ProcessorException">It could not be used; <see cref="ProcessorException.Fault"/> says what to do.</exception>
    public Task<TResult> CallAsync<TCapability, TResult>(Func<TCapability, CancellationToken, Task<TResult>> call, CancellationToken ct)
        where TCapability : class => GuardAsync(token => call((TCapability)(object)adapter, token), CallLimit, typeof(TCapability).Name, ct);

    /// <summary>Reads a stored delivery.</summary>
    /// <exception cref="ProcessorException">It could not be used.</exception>
    /// <exception cref="FormatException">The adapter cannot understand what it was given to read.</exception>
    internal Task<IReadOnlyList<ProcessorRecord>> ReadAsync(WebhookRequest request, CancellationToken ct) =>
        GuardAsync(token => ((IReceiveWebhooks)adapter).ReadAsync(request, token), CallLimit, nameof(IReceiveWebhooks), ct, Call.Read);

    /// <summary>Proves the credentials.</summary>
    /// <exception cref="ProcessorException">They are refused, or the processor cannot be reached.</exception>
    public Task CheckAsync(CancellationToken ct) =>
        GuardAsync(
            async token =>
            {
                await adapter.CheckAsync(token);
                return true;
            },
            CallLimit,
            nameof(IProcessor),
            ct
        );

    internal Task<Delivery> VerifyAsync(WebhookRequest request, CancellationToken ct) =>
        GuardAsync(token => ((IReceiveWebhooks)adapter).VerifyAsync(request, token), VerifyLimit, nameof(IReceiveWebhooks), ct, Call.Verify);

    internal async IAsyncEnumerable<ProcessorRecord> ListAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var books = ((IListRecords)adapter).ListAsync(since, giveUp.Token).GetAsyncEnumerator(giveUp.Token);
        var turning = Task.FromResult(false);
        try
        {
            while (await GuardAsync(_ => turning = books.MoveNextAsync().AsTask(), PageLimit, nameof(IListRecords), ct, Call.Read))
            {
                yield return books.Current;
            }
        }
        finally
        {
            await giveUp.CancelAsync();

            // An enumerator must not be disposed while it turns a page; one that never ends is left to the collector.
            await Task.WhenAny(turning, Task.Delay(DisposeLimit, clock, CancellationToken.None));
            if (turning.IsCompleted)
            {
                await books.DisposeAsync();
            }
        }
    }

    private void Worked(bool counts)
    {
        if (counts)
        {
            breaker.Worked();
        }
    }

    private async Task<TResult> GuardAsync<TResult>(
        Func<CancellationToken, Task<TResult>> call,
        TimeSpan limit,
        string capability,
        CancellationToken ct,
        Call kind = Call.Command
    )
    {
        // What anybody can send must never be able to open or close the breaker.
        var counts = kind != Call.Verify;
        if (counts && !breaker.Lets(clock.GetUtcNow()))
        {
            throw new ProcessorException(ProcessorFault.NotSent, $"The plugin {Connection.Plugin} rests after repeated failures.");
        }

        using var timeout = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        var started = clock.GetTimestamp();
        var outcome = "ok";
        try
        {
            // Task.Run: a plugin that blocks its thread must not block the caller's.
            var result = await Task.Run(() => call(either.Token), either.Token).WaitAsync(either.Token);
            Worked(counts);
            return result;
        }
        catch (ProcessorException refused)
        {
            outcome = refused.Fault.ToString();
            Worked(counts);
            throw;
        }
        catch (FormatException) when (kind != Call.Command)
        {
            outcome = "Format";
            throw;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            outcome = "Canceled";
            throw;
        }
        catch (OperationCanceledException late) when (timeout.IsCancellationRequested)
        {
            outcome = nameof(ProcessorFault.NoReply);
            throw new ProcessorException(ProcessorFault.NoReply, $"{Connection.Plugin} gave no reply within {limit.TotalSeconds:0} s.", late);
        }
        catch (Exception bug)
        {
            outcome = "Bug";
            if (counts)
            {
                breaker.Failed(clock.GetUtcNow());
            }

            throw new ProcessorException(ProcessorFault.NoReply, $"The plugin {Connection.Plugin} failed.", bug);
        }
        finally
        {
            ProcessorMetrics.Record(Connection.Plugin, capability, outcome, clock.GetElapsedTime(started));
        }
    }

    /// <summary>What a call is for decides how its failures count.</summary>
    private enum Call
    {
        /// <summary>Something was sent: an answer that cannot be read is as good as none.</summary>
        Command,

        /// <summary>What cannot be read is said to be so.</summary>
        Read,

        /// <summary>Anybody can cause it.</summary>
        Verify,
    }
}
