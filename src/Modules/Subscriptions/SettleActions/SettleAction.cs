using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Kernel.Work;
using Portal.Processors;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions.SettleActions;

/// <summary>
/// Brings an action to its end: sends it once, and where the answer was lost asks the processor's books before anything is sent again.
/// Run by the request that made the action, and by the worker for what is due later or was left behind.
/// </summary>
internal sealed partial class SettleAction(
    PortalDb db,
    IConnections connections,
    IRecordIntake intake,
    IHostApplicationLifetime host,
    TimeProvider clock,
    ILogger<SettleAction> log
) : IWorkOn<SubscriptionAction>
{
    // Asking after 15 s, 1 min, 5 min, 1 h, then daily for a fortnight.
    private static readonly TimeSpan[] Asks =
    [
        TimeSpan.FromSeconds(15),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromHours(1),
        TimeSpan.FromDays(1),
    ];

    // Until then a command may still be working its way through the processor, whatever the books say.
    private static readonly TimeSpan InFlight = TimeSpan.FromMinutes(10);

    private const int Tries = 20;

    /// <summary>The buyer must consent at the processor before the command counts; null when nothing of her is needed.</summary>
    public HostedPage? Consent { get; private set; }

    // More than Tries: what is due before a renewal is not given up on before the renewal.
    public int MaxAttempts => 1000;

    public async Task WorkAsync(SubscriptionAction item, CancellationToken ct)
    {
        // A closed browser must not cancel what is being sent; only the host's own end may.
        var stopping = host.ApplicationStopping;
        var subscription = await db.AllOwners<Subscription>().AsNoTracking().SingleAsync(s => s.Id == item.SubscriptionId, ct);
        if (await connections.OpenAsync(subscription.ConnectionId, ct) is not { } processor)
        {
            await WaitAsync(item, "The connection is off or its plugin is not active.", stopping);
            return;
        }

        try
        {
            if (item.SentAt is { } sentAt && await AskAsync(item, subscription, processor, sentAt, stopping))
            {
                return;
            }

            await SendAsync(item, subscription, processor, stopping);
        }
        catch (ProcessorException fault)
        {
            await FaultAsync(item, fault, stopping);
        }
        catch (DbUpdateConcurrencyException)
        {
            // The webhook was quicker than the reply and has settled it.
            SettledElsewhere(item.Key);
        }
    }

    /// <summary>True when the books have settled it, or it is too early to send again.</summary>
    private async Task<bool> AskAsync(
        SubscriptionAction item,
        Subscription subscription,
        ConnectedProcessor processor,
        DateTimeOffset sentAt,
        CancellationToken ct
    )
    {
        var record = processor.Can<IListRecords>()
            ? await processor.CallAsync(
                (IListRecords books, CancellationToken token) => books.FindAsync(RecordKind.Subscription, subscription.ProcessorId, token),
                ct
            )
            : null;
        if (record is SubscriptionRecord now && item.IsFulfilledBy(now.State, now.WillCancel))
        {
            await ApplyAsync(item, subscription, now, ct);
            return true;
        }

        if (record is null || clock.GetUtcNow() < sentAt + InFlight)
        {
            await WaitAsync(item, "The processor's books do not show it yet.", ct);
            return true;
        }

        item.NotSent();
        return false;
    }

    private async Task SendAsync(SubscriptionAction item, Subscription subscription, ConnectedProcessor processor, CancellationToken ct)
    {
        item.Sent(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        var outcome = item.Kind switch
        {
            ActionKind.Cancel => await processor.CallAsync(
                (ICancelSubscriptions p, CancellationToken token) =>
                    p.CancelAsync(
                        new Processors.CancelSubscription
                        {
                            SubscriptionId = subscription.ProcessorId,
                            Timing = item.Timing,
                            IdempotencyKey = item.Key,
                        },
                        token
                    ),
                ct
            ),
            _ => await processor.CallAsync(
                (IUndoCancellations p, CancellationToken token) =>
                    p.UndoCancelAsync(
                        new Processors.UndoCancellation { SubscriptionId = subscription.ProcessorId, IdempotencyKey = item.Key },
                        token
                    ),
                ct
            ),
        };
        switch (outcome)
        {
            case Outcome.Succeeded { Record: SubscriptionRecord record }:
                await ApplyAsync(item, subscription, record, ct);
                break;
            case Outcome.Declined declined:
                item.Close(ActionEnd.Refused, clock.GetUtcNow(), declined.BuyerMessage);
                await db.SaveChangesAsync(ct);
                Refused(item.Key, declined.Code);
                break;
            case Outcome.RequiresAction action:
                Consent = action.Page;
                await WaitAsync(item, "The buyer must consent at the processor.", ct);
                break;
            default:
                await WaitAsync(item, "The processor has not decided yet.", ct);
                break;
        }
    }

    private async Task ApplyAsync(SubscriptionAction item, Subscription subscription, SubscriptionRecord record, CancellationToken ct)
    {
        var waiting = await intake.ApplyAsync(subscription.ConnectionId, [record], historic: false, null, ct);
        if (waiting is null && item.End == ActionEnd.Done)
        {
            return;
        }

        // Accepted, but the processor does not have it so yet: its webhook or its books will tell.
        db.ChangeTracker.Clear();
        db.Attach(item);
        await WaitAsync(item, "The processor accepted it; its state does not show it yet.", ct);
    }

    private Task FaultAsync(SubscriptionAction item, ProcessorException fault, CancellationToken ct)
    {
        Faulted(item.Key, fault.Fault, fault.Message);
        switch (fault.Fault)
        {
            case ProcessorFault.NoReply:
                break;
            case ProcessorFault.NotFound:
                item.Close(ActionEnd.Refused, clock.GetUtcNow());
                return db.SaveChangesAsync(ct);
            default:
                item.NotSent();
                break;
        }

        return WaitAsync(item, $"{fault.Fault}: {fault.Message}", ct, fault.RetryAfter);
    }

    private async Task WaitAsync(SubscriptionAction item, string reason, CancellationToken ct, TimeSpan? atLeast = null)
    {
        var now = clock.GetUtcNow();
        var timeLeft = item is { IsDeferred: true, EffectAt: { } effectAt } ? effectAt - now : TimeSpan.Zero;
        if (item.Attempts >= Tries && timeLeft <= TimeSpan.Zero)
        {
            item.Park(now, reason);
        }
        else
        {
            var pause = Asks[Math.Clamp(item.Attempts, 1, Asks.Length) - 1];
            if (timeLeft > TimeSpan.Zero && pause > timeLeft / 20)
            {
                // The renewal comes: the nearer, the more often.
                pause = timeLeft / 20 > Asks[1] ? timeLeft / 20 : Asks[1];
            }

            item.Postpone(now + (atLeast > pause ? atLeast.Value : pause), reason);
        }

        await db.SaveChangesAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Action {Key} met {Fault}: {Message}")]
    private partial void Faulted(string key, ProcessorFault fault, string message);

    [LoggerMessage(LogLevel.Warning, "Action {Key} was refused with {Code}")]
    private partial void Refused(string key, string code);

    [LoggerMessage(LogLevel.Information, "Action {Key} was settled by a webhook")]
    private partial void SettledElsewhere(string key);
}
