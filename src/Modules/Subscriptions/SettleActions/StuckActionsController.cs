using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Kernel;
using Portal.Kernel.Work;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions.SettleActions;

/// <summary>Buyers' wishes the processor never settled, once the reason is mended.</summary>
[Route("admin/subscription-actions")]
[ForMerchants]
internal sealed class StuckActionsController(PortalDb db, IActivityLog log, TimeProvider clock) : Controller
{
    [HttpPost("try-again")]
    [SupportMay]
    public async Task<IActionResult> TryAllAgain(CancellationToken ct)
    {
        await db.InTransactionAsync(
            async () =>
            {
                var count = await db.AllOwners<SubscriptionAction>().TryAllAgainAsync(clock.GetUtcNow(), ct);
                await log.RecordAsync(SubscriptionsActivity.ActionsTriedAgain, null, [count.ToString(CultureInfo.InvariantCulture)], ct);
            },
            ct
        );
        return LocalRedirect("~/admin");
    }
}

/// <summary>On the dashboard: wishes given up on, and deferred cancellations whose day has passed.</summary>
internal sealed class StuckActionsViewComponent(PortalDb db, TimeProvider clock) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        var now = clock.GetUtcNow();
        var stuck = db.AllOwners<SubscriptionAction>()
            .Where(a => a.OpenFor != null && (a.State == WorkState.Parked || (a.IsDeferred && a.EffectAt < now)));
        var count = await stuck.CountAsync(HttpContext.RequestAborted);
        if (count == 0)
        {
            return Content("");
        }

        var reason = await stuck.OrderByDescending(a => a.Id).Select(a => a.Reason).FirstOrDefaultAsync(HttpContext.RequestAborted);
        return View("/SettleActions/StuckActions.cshtml", (count, reason));
    }
}
