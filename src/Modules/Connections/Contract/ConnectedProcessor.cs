using System.Runtime.CompilerServices;
using Portal.Connections.CallProcessor;
using Portal.Processors;

namespace Portal.Connections.Contract;

/// <summary>
/// The only road to a plugin: every call has a deadline, every fault becomes a <see cref="ProcessorException"/>,
/// is counted, and rests a failing plugin without touching the others.
/// </summary>
public sealed class ConnectedProcessor
{
    // A buyer waits this long at most; webhooks are answered sooner.
    internal static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(12);
    internal static readonly TimeSpan VerifyLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PageLimit = TimeSpan.FromSeconds(60);

    private readonly IProcessor adapter;
    private readonly Breaker breaker;
    private readonly TimeProvider clock;

    internal ConnectedProcessor(ConnectionInfo connection, IProcessor adapter, Breaker breaker, TimeProvider clock) =>
        (Connection, this.adapter, this.breaker, this.clock) = (connection, adapter, breaker, clock);

    /// <summary>Whose road it is.</summary>
    public ConnectionInfo Connection { get; }

    /// <summary>Whether the processor has a capability.</summary>
    public bool Can<TCapability>()
        where TCapability : class => adapter is TCapability;

    /// <summary>Reads a capability's own facts (timings, terms); null when the processor lacks it.</summary>
    public TCapability? Facts<TCapability>()
        where TCapability : class => adapter as TCapability;

    /// <summary>Calls the processor.</summary>
    /// <param name="call">The call; its token also ends at the deadline.</param>
    /// <param name="ct">Use the host's stopping token for commands: a closed browser never cancels what was sent.</param>
    /// <exception cref="ProcessorException">It could not be used; <see cref="ProcessorException.Fault"/> says what to do.</exception>
    /// <exception cref="FormatException">The adapter cannot understand what it was given to read.</exception>
    public Task<TResult> CallAsync<TCapability, TResult>(Func<TCapability, CancellationToken, Task<TResult>> call, CancellationToken ct)
        where TCapability : class => GuardAsync(token => call((TCapability)(object)adapter, token), CallLimit, typeof(TCapability).Name, ct);

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
        GuardAsync(token => ((IReceiveWebhooks)adapter).VerifyAsync(request, token), VerifyLimit, nameof(IReceiveWebhooks), ct, attackable: true);

    internal async IAsyncEnumerable<ProcessorRecord> ListAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        var books = ((IListRecords)adapter).ListAsync(since, ct).GetAsyncEnumerator(ct);
        await using (books)
        {
            while (await GuardAsync(_ => books.MoveNextAsync().AsTask(), PageLimit, nameof(IListRecords), ct))
            {
                yield return books.Current;
            }
        }
    }

    private async Task<TResult> GuardAsync<TResult>(
        Func<CancellationToken, Task<TResult>> call,
        TimeSpan limit,
        string capability,
        CancellationToken ct,
        bool attackable = false
    )
    {
        if (!breaker.Lets(clock.GetUtcNow()))
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
            breaker.Worked();
            return result;
        }
        catch (ProcessorException refused)
        {
            outcome = refused.Fault.ToString();
            breaker.Worked();
            throw;
        }
        catch (FormatException)
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
            if (!attackable)
            {
                // What anybody can send must never be able to switch a processor off.
                breaker.Failed(clock.GetUtcNow());
            }

            throw new ProcessorException(ProcessorFault.NoReply, $"The plugin {Connection.Plugin} failed.", bug);
        }
        finally
        {
            ProcessorMetrics.Record(Connection.Plugin, capability, outcome, clock.GetElapsedTime(started));
        }
    }
}
