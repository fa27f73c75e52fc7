using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Contract;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions.RecordSubscription;

/// <summary>Takes in a subscription, and settles what the buyer had asked for when the processor now has it so.</summary>
internal sealed class RecordSubscription(
    PortalDb db,
    ICustomers customers,
    IPublish<CancellationScheduled> scheduled,
    IPublish<CancellationTakenBack> takenBack,
    IPublish<SubscriptionEnded> ended,
    TimeProvider clock
) : IApplyRecords<SubscriptionRecord>
{
    public async Task<Application> ApplyAsync(SubscriptionRecord record, RecordSource source, CancellationToken ct)
    {
        var owner = await customers.ResolveAsync(source.Connection.Id, record.Customer, ct);
        if (owner is Owner.Unheard unheard)
        {
            return Application.WaitsFor(RecordKind.Customer, unheard.ProcessorCustomerId);
        }

        var connection = source.Connection.Id;
        var subscription = await db.AllOwners<Subscription>()
            .SingleOrDefaultAsync(s => s.ConnectionId == connection && s.ProcessorId == record.Id, ct);
        var isNew = subscription is null;
        if (subscription is null)
        {
            db.Add(subscription = new Subscription(connection, record));
        }

        subscription.CustomerId ??= (owner as Owner.Known)?.Id;
        var (hadEnded, wouldCancel) = (subscription.HasEnded, subscription.WillCancel);
        subscription.Tell(record);
        await db.SaveChangesAsync(ct);
        var deferred = await SettleAsync(subscription, ct);
        await TellAsync(subscription, isNew || source.Historic, hadEnded, wouldCancel, deferred, ct);
        return Application.Done;
    }

    /// <summary>Closes the open action the processor's state fulfills; returns a deferred cancellation that took effect by it.</summary>
    private async Task<SubscriptionAction?> SettleAsync(Subscription subscription, CancellationToken ct)
    {
        var open = await db.AllOwners<SubscriptionAction>().SingleOrDefaultAsync(a => a.OpenFor == subscription.Id, ct);
        if (open is null || !open.IsFulfilledBy(subscription.State, subscription.WillCancel))
        {
            return null;
        }

        if (open.IsDeferred)
        {
            subscription.AccessUntil = open.EffectAt;
        }

        open.Close(ActionEnd.Done, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return open.IsDeferred ? open : null;
    }

    private async Task TellAsync(
        Subscription subscription,
        bool silent,
        bool hadEnded,
        bool wouldCancel,
        SubscriptionAction? deferred,
        CancellationToken ct
    )
    {
        if (silent)
        {
            return;
        }

        if (subscription.HasEnded && !hadEnded)
        {
            var paidUntil = deferred?.EffectAt ?? subscription.EndedAt ?? clock.GetUtcNow();
            await ended.PublishAsync(new SubscriptionEnded(subscription.ToInfo(), paidUntil), ct);
        }
        else if (subscription.WillCancel && !wouldCancel && subscription.EndsAt(null) is { } endsAt)
        {
            await scheduled.PublishAsync(new CancellationScheduled(subscription.ToInfo(), endsAt), ct);
        }
        else if (wouldCancel && !subscription.WillCancel && !subscription.HasEnded)
        {
            await takenBack.PublishAsync(new CancellationTakenBack(subscription.ToInfo()), ct);
        }
    }
}
