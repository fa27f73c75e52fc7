using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Contract;
using Portal.Subscriptions.Data;
using Portal.Subscriptions.SettleActions;

namespace Portal.Subscriptions.UndoCancellation;

/// <summary>Lets a subscription run on while its end has not come.</summary>
[Route("subscriptions/{id}/undo-cancel")]
[ForBuyers]
internal sealed class UndoCancellationController(
    PortalDb db,
    IConnections connections,
    SettleAction settle,
    IPublish<CancellationTakenBack> takenBack,
    TimeProvider clock
) : Controller
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    [HttpPost]
    public async Task<IActionResult> UndoCancellation(string id, CancellationToken ct)
    {
        if (await db.Set<Subscription>().AsNoTracking().SingleOrDefaultAsync(s => s.PublicId == id, ct) is not { } subscription)
        {
            return NotFound();
        }

        var open = await db.Set<SubscriptionAction>().SingleOrDefaultAsync(a => a.OpenFor == subscription.Id, ct);
        var processor = await connections.OpenAsync(subscription.ConnectionId, ct);
        if (SubscriptionWays.Of(subscription, open, processor).CanUndo)
        {
            await (open is null ? AskProcessorAsync(subscription, processor, ct) : WithdrawAsync(subscription, open, ct));
        }

        return LocalRedirect("~/subscriptions/" + id);
    }

    /// <summary>Nothing was sent yet. Should the worker have claimed it this very moment, the save fails and the page shows how it stands.</summary>
    private async Task WithdrawAsync(Subscription subscription, SubscriptionAction open, CancellationToken ct)
    {
        try
        {
            await db.InTransactionAsync(
                async () =>
                {
                    open.Close(ActionEnd.Withdrawn, clock.GetUtcNow());
                    await db.SaveChangesAsync(ct);
                    await takenBack.PublishAsync(new CancellationTakenBack(subscription.ToInfo()), ct);
                },
                ct
            );
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task AskProcessorAsync(Subscription subscription, ConnectedProcessor? processor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var action = SubscriptionAction.Native(subscription, ActionKind.UndoCancel, CancelTiming.AtPeriodEnd, null, now);
        action.Take(now, Lease);
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
                    if (SubscriptionWays.Of(stands, null, processor).CanUndo)
                    {
                        return true;
                    }

                    db.Remove(action);
                    await db.SaveChangesAsync(ct);
                    return false;
                },
                ct
            );
        }
        catch (DbUpdateException failure) when (db.IsDuplicate(failure))
        {
            return;
        }

        if (isFirst)
        {
            await settle.WorkAsync(action, ct);
        }
    }
}
