using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Contract;
using Portal.Subscriptions.Data;
using Portal.Subscriptions.SettleActions;
using Portal.Subscriptions.UpdatePaymentMethod;

namespace Portal.Subscriptions.CancelSubscription;

/// <summary>Ends a subscription at the end of what is paid for: by the processor where it can, else by the portal at the right moment.</summary>
[Route("subscriptions/{id}/cancel")]
[ForBuyers]
internal sealed class CancelSubscriptionController(
    PortalDb db,
    IConnections connections,
    SettleAction settle,
    IPublish<CancellationScheduled> scheduled,
    TimeProvider clock
) : Controller
{
    // Longer than the call's own deadline, so that no worker takes it over while this request is still at it.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    [HttpGet]
    public async Task<IActionResult> CancelSubscription(string id, CancellationToken ct)
    {
        var (subscription, open, processor) = await FindAsync(id, ct);
        if (subscription is null)
        {
            return NotFound();
        }

        var ways = SubscriptionWays.Of(subscription, open, processor);
        return ways.Cancel == Way.None
            ? LocalRedirect("~/subscriptions/" + id)
            : View(
                new CancelView(
                    subscription,
                    ways.Cancel,
                    UndoUntil(subscription, ways.Cancel, processor),
                    processor?.Connection.Processor,
                    new CancelForm()
                )
            );
    }

    [HttpPost]
    public async Task<IActionResult> CancelSubscription(string id, CancelForm form, CancellationToken ct)
    {
        var (subscription, open, processor) = await FindAsync(id, ct);
        if (subscription is null)
        {
            return NotFound();
        }

        var way = SubscriptionWays.Of(subscription, open, processor).Cancel;
        if (way is not (Way.Native or Way.Portal) || processor is null)
        {
            return LocalRedirect("~/subscriptions/" + id);
        }

        if (form.Reason is { } reason && !CancelForm.Reasons.Contains(reason))
        {
            return BadRequest();
        }

        var now = clock.GetUtcNow();
        var periodEnd = subscription.CurrentPeriodEnd ?? now;
        var action =
            way == Way.Native
                ? SubscriptionAction.Native(subscription, ActionKind.Cancel, CancelTiming.AtPeriodEnd, periodEnd, now)
                : SubscriptionAction.Deferred(subscription, periodEnd, processor.Cancels!.SafetyMargin, now);
        action.LeavingReason = form.Reason;
        action.LeavingWords = form.Words?.Trim() is { Length: > 0 } words ? words[..Math.Min(words.Length, 1000)] : null;
        if (way == Way.Native)
        {
            action.Take(now, Lease);
        }

        bool isFirst;
        try
        {
            isFirst = await db.InTransactionAsync(
                async () =>
                {
                    db.Add(action);
                    await db.SaveChangesAsync(ct);

                    // From here on nobody else can act on it; but whoever pressed a moment earlier may be done already.
                    var stands = await db.Set<Subscription>().AsNoTracking().SingleAsync(s => s.Id == subscription.Id, ct);
                    if (SubscriptionWays.Of(stands, null, processor).Cancel != way)
                    {
                        db.Remove(action);
                        await db.SaveChangesAsync(ct);
                        return false;
                    }

                    if (action.IsDeferred)
                    {
                        await scheduled.PublishAsync(new CancellationScheduled(subscription.ToInfo(), periodEnd), ct);
                    }

                    return true;
                },
                ct
            );
        }
        catch (DbUpdateException failure) when (db.IsDuplicate(failure))
        {
            // Pressed twice, or in two tabs: the first one counts.
            return LocalRedirect("~/subscriptions/" + id);
        }

        if (isFirst && way == Way.Native)
        {
            await settle.WorkAsync(action, ct);
            if (settle.Consent is { } page)
            {
                return View(
                    "/UpdatePaymentMethod/ContinueAtProcessor.cshtml",
                    new UpdatePaymentMethodView(subscription, Way.Hosted, processor.Connection.Processor, page.Location)
                );
            }
        }

        return LocalRedirect("~/subscriptions/" + id);
    }

    /// <summary>Where the portal ends it, it does so a margin before the renewal; from then on it cannot be taken back.</summary>
    private static DateTimeOffset? UndoUntil(Subscription subscription, Way way, ConnectedProcessor? processor) =>
        way == Way.Portal ? subscription.CurrentPeriodEnd - processor!.Cancels!.SafetyMargin : subscription.CurrentPeriodEnd;

    private async Task<(Subscription?, SubscriptionAction?, ConnectedProcessor?)> FindAsync(string id, CancellationToken ct)
    {
        var subscription = await db.Set<Subscription>().AsNoTracking().SingleOrDefaultAsync(s => s.PublicId == id, ct);
        return subscription is null
            ? default
            : (
                subscription,
                await db.Set<SubscriptionAction>().AsNoTracking().SingleOrDefaultAsync(a => a.OpenFor == subscription.Id, ct),
                await connections.OpenAsync(subscription.ConnectionId, ct)
            );
    }
}

/// <summary>What the buyer says on leaving; all of it may stay blank.</summary>
internal sealed record CancelForm
{
    public static IReadOnlyList<string> Reasons { get; } = ["price", "unused", "missing", "quality", "complex", "service", "switched", "other"];

    public string? Reason { get; init; }
    public string? Words { get; init; }
}

/// <summary>The page that says what canceling means before anything happens.</summary>
/// <param name="Subscription">Which.</param>
/// <param name="Way">How it would end.</param>
/// <param name="UndoUntil">Until when it can be taken back.</param>
/// <param name="Processor">Who charges it.</param>
/// <param name="Form">What she said so far.</param>
internal sealed record CancelView(Subscription Subscription, Way Way, DateTimeOffset? UndoUntil, string? Processor, CancelForm Form);
