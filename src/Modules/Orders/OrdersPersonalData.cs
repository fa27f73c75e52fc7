using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Kernel;
using Portal.Kernel.Personal;
using Portal.Orders.Data;
using Portal.Store.Contract;

namespace Portal.Orders;

/// <summary>What she bought and paid. The books keep paid orders with who was billed for as long as the law asks.</summary>
internal sealed class OrdersPersonalData(PortalDb db, IStore store, TimeProvider clock, IStringLocalizer<Texts> texts) : IKeepPersonalData
{
    public async Task<IReadOnlyList<PersonalTable>> TablesAsync(CustomerId person, CancellationToken ct)
    {
        var seller = await store.GetAsync(ct);
        var since = seller.KeptSince(clock.GetUtcNow());
        var newest = await db.Set<Order>()
            .Where(o => o.PaidAt != null)
            .OrderByDescending(o => o.ListedAt)
            .Select(o => (DateTimeOffset?)o.ListedAt)
            .FirstOrDefaultAsync(ct);
        return
        [
            PersonalTable
                .Of<Order>(db, "orders", texts["DataOrders"])
                .Naming(nameof(Order.ListedAt), "placed_at")
                .Keep(
                    texts["WhyBooks", seller.KeepInvoicesYears],
                    newest is { } last ? seller.KeptUntil(last) : null,
                    o => o.PaidAt != null && o.ListedAt >= since
                )
                .Anonymize(texts["GoneOrders"], NamelessAsync, o => o.PaidAt == null || o.ListedAt < since),
            PersonalTable
                .Of<Payment>(db, "payments", texts["DataPayments"])
                .Naming(nameof(Payment.ListedAt), "made_at")
                .Anonymize(
                    texts["GonePayments"],
                    (hers, token) =>
                        hers.ExecuteUpdateAsync(
                            set => set.SetProperty(p => p.MethodLastFour, (string?)null).SetProperty(p => p.PayAt, (string?)null),
                            token
                        )
                ),
        ];
    }

    private static Task NamelessAsync(IQueryable<Order> orders, CancellationToken ct) =>
        orders.ExecuteUpdateAsync(
            set =>
                set.SetProperty(o => o.BillingName, (string?)null)
                    .SetProperty(o => o.BusinessName, (string?)null)
                    .SetProperty(o => o.TaxId, (string?)null)
                    .SetProperty(o => o.Address, PostalAddress.None),
            ct
        );
}
