using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions.ListSubscriptions;

/// <summary>The buyer's subscriptions; what is past due comes first.</summary>
[Route("subscriptions")]
[ForBuyers]
internal sealed class ListSubscriptionsController(PortalDb db) : Controller
{
    [HttpGet]
    public async Task<IActionResult> ListSubscriptions(string? page, CancellationToken ct)
    {
        var found = await db.Set<Subscription>().AsNoTracking().NewestFirstAsync(page, ct);
        return View(await SubscriptionRow.WithActionsAsync(db, found, ct));
    }
}

/// <summary>One subscription of a list.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Open">What is under way.</param>
internal sealed record SubscriptionRow(Subscription Subscription, SubscriptionAction? Open)
{
    public static async Task<Page<SubscriptionRow>> WithActionsAsync(PortalDb db, Page<Subscription> found, CancellationToken ct)
    {
        var ids = found.Rows.Select(s => (long?)s.Id).ToList();
        var open = await db.Set<SubscriptionAction>().AsNoTracking().Where(a => ids.Contains(a.OpenFor)).ToDictionaryAsync(a => a.SubscriptionId, ct);
        return found.Select(s => new SubscriptionRow(s, open.GetValueOrDefault(s.Id)));
    }
}

/// <summary>On the overview: what runs, past due first.</summary>
internal sealed class MySubscriptionsViewComponent(PortalDb db) : ViewComponent
{
    private const int AtMost = 6;

    public async Task<IViewComponentResult> InvokeAsync()
    {
        var ct = HttpContext.RequestAborted;
        var running = db.Set<Subscription>().AsNoTracking().Where(s => s.State != SubscriptionState.Canceled && s.State != SubscriptionState.Expired);
        var rows = await SubscriptionRow.WithActionsAsync(db, await running.NewestFirstAsync(null, ct, AtMost), ct);
        return View(
            "/ListSubscriptions/MySubscriptions.cshtml",
            rows.Rows.OrderByDescending(r => r.Subscription.State == SubscriptionState.PastDue).ToList()
        );
    }
}

/// <summary>The next charges, on the overview and above the billing history.</summary>
internal abstract class UpcomingViewComponent(PortalDb db, string view) : ViewComponent
{
    private const int AtMost = 10;

    public async Task<IViewComponentResult> InvokeAsync()
    {
        var ct = HttpContext.RequestAborted;
        var renewing = await db.Set<Subscription>()
            .AsNoTracking()
            .Where(s =>
                !s.WillCancel
                && s.CurrentPeriodEnd != null
                && (s.State == SubscriptionState.Active || s.State == SubscriptionState.Trialing || s.State == SubscriptionState.PastDue)
                && !db.Set<SubscriptionAction>().Any(a => a.OpenFor == s.Id && a.Kind == ActionKind.Cancel)
            )
            .OrderBy(s => s.CurrentPeriodEnd)
            .Take(AtMost)
            .ToListAsync(ct);
        return View(view, renewing);
    }
}

internal sealed class NextPaymentViewComponent(PortalDb db) : UpcomingViewComponent(db, "/ListSubscriptions/NextPayment.cshtml");

internal sealed class UpcomingPaymentsViewComponent(PortalDb db) : UpcomingViewComponent(db, "/ListSubscriptions/UpcomingPayments.cshtml");
