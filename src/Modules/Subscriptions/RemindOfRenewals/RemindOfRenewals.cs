using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Contract;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions.RemindOfRenewals;

/// <summary>Tells of charges that come up; who is mailed once already is not mailed again, whenever this runs.</summary>
internal sealed class RemindOfRenewals(PortalDb db, IPublish<RenewalComesUp> comesUp, TimeProvider clock) : IRecurringTask
{
    // Yearly ones surprise people; monthly ones would be a mail a month.
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(7);
    private const int Batch = 200;

    public string Name => "remind-of-renewals";

    public string Cron => "0 5 7 * * ?";

    public async Task RunAsync(CancellationToken ct)
    {
        var (now, until) = (clock.GetUtcNow(), clock.GetUtcNow() + Ahead);
        for (long after = 0; ; )
        {
            var due = await db.AllOwners<Subscription>()
                .AsNoTracking()
                .Where(s =>
                    s.Id > after
                    && !s.WillCancel
                    && s.CycleUnit == CycleUnit.Year
                    && (s.State == SubscriptionState.Active || s.State == SubscriptionState.Trialing)
                    && !db.AllOwners<SubscriptionAction>().Any(a => a.OpenFor == s.Id && a.Kind == ActionKind.Cancel)
                    && s.CurrentPeriodEnd > now
                    && s.CurrentPeriodEnd <= until
                )
                .OrderBy(s => s.Id)
                .Take(Batch)
                .ToListAsync(ct);
            if (due.Count == 0)
            {
                return;
            }

            await db.InTransactionAsync(
                async () =>
                {
                    foreach (var subscription in due)
                    {
                        await comesUp.PublishAsync(new RenewalComesUp(subscription.ToInfo(), subscription.CurrentPeriodEnd!.Value), ct);
                    }
                },
                ct
            );
            after = due[^1].Id;
        }
    }
}
