using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions.ListSubscriptions;

/// <summary>On a customer's page in the administration: her newest subscriptions.</summary>
internal sealed class CustomerSubscriptionsViewComponent(PortalDb db) : ViewComponent
{
    private const int AtMost = 5;

    public async Task<IViewComponentResult> InvokeAsync(long customer)
    {
        var ct = HttpContext.RequestAborted;
        var hers = db.AllOwners<Subscription>().AsNoTracking().Where(s => s.CustomerId == new CustomerId(customer));
        var newest = await hers.NewestFirstAsync(null, ct, AtMost);
        var ids = newest.Rows.Select(s => (long?)s.Id).ToList();
        var open = await db.AllOwners<SubscriptionAction>()
            .AsNoTracking()
            .Where(a => ids.Contains(a.OpenFor))
            .ToDictionaryAsync(a => a.SubscriptionId, ct);
        return View(
            "/ListSubscriptions/CustomerSubscriptions.cshtml",
            (await hers.CountAsync(ct), newest.Select(s => new SubscriptionRow(s, open.GetValueOrDefault(s.Id))).Rows)
        );
    }
}
