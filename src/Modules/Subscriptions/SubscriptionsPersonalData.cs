using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Kernel;
using Portal.Kernel.Personal;
using Portal.Processors;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions;

/// <summary>What she subscribed to and how she paid for it. While something still renews she cannot be erased: it would be charged to nobody.</summary>
internal sealed class SubscriptionsPersonalData(PortalDb db, IStringLocalizer<Texts> texts) : IKeepPersonalData
{
    public Task<IReadOnlyList<PersonalTable>> TablesAsync(CustomerId person, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<PersonalTable>>([
            PersonalTable
                .Of<Subscription>(db, "subscriptions", texts["DataSubscriptions"])
                .Naming(nameof(Subscription.ListedAt), "started_at")
                .Anonymize(
                    texts["GoneSubscriptions"],
                    (hers, token) =>
                        hers.ExecuteUpdateAsync(
                            set =>
                                set.SetProperty(s => s.MethodBrand, (string?)null)
                                    .SetProperty(s => s.MethodLastFour, (string?)null)
                                    .SetProperty(s => s.MethodExpiryMonth, (int?)null)
                                    .SetProperty(s => s.MethodExpiryYear, (int?)null)
                                    .SetProperty(s => s.ManageAt, (string?)null),
                            token
                        )
                ),
            PersonalTable.Of<StoredPaymentMethod>(db, "payment-methods", texts["DataPaymentMethods"]).Delete(),
            PersonalTable
                .Of<SubscriptionAction>(db, "subscription-wishes", texts["DataWishes"])
                .Without(nameof(SubscriptionAction.OpenFor), nameof(SubscriptionAction.Key))
                .Anonymize(
                    texts["GoneWishes"],
                    (hers, token) =>
                        hers.ExecuteUpdateAsync(
                            set => set.SetProperty(a => a.LeavingWords, (string?)null).SetProperty(a => a.RefusedBecause, (string?)null),
                            token
                        )
                ),
        ]);

    public async Task<string?> ObstacleAsync(CancellationToken ct)
    {
        var running = await db.Set<Subscription>()
            .AsNoTracking()
            .Where(s => s.State != SubscriptionState.Canceled && s.State != SubscriptionState.Expired)
            .OrderBy(s => s.Id)
            .ToListAsync(ct);
        return running.Count == 0 ? null : texts["StillRunning", string.Join(", ", running.Select(s => SubscriptionWords.Name(s, texts)))].Value;
    }
}
