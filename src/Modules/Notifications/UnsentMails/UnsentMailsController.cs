using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Kernel;
using Portal.Kernel.Work;
using Portal.Notifications.Data;

namespace Portal.Notifications.UnsentMails;

/// <summary>Mails that could not be sent, once the reason is mended.</summary>
[Route("admin/mails")]
[ForMerchants]
internal sealed class UnsentMailsController(PortalDb db, IActivityLog log, TimeProvider clock) : Controller
{
    [HttpPost("try-again")]
    [SupportMay]
    public async Task<IActionResult> TryAllAgain(CancellationToken ct)
    {
        await db.InTransactionAsync(
            async () =>
            {
                var count = await db.Set<OutboxMail>().TryAllAgainAsync(clock.GetUtcNow(), ct);
                await log.RecordAsync(NotificationsActivity.MailsTriedAgain, null, [count.ToString(CultureInfo.InvariantCulture)], ct);
            },
            ct
        );
        return LocalRedirect("~/admin");
    }
}

/// <summary>On the dashboard: how many mails were given up on, and why.</summary>
internal sealed class UnsentMailsViewComponent(PortalDb db) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        var unsent = db.Set<OutboxMail>().Where(m => m.State == WorkState.Parked);
        var count = await unsent.CountAsync(HttpContext.RequestAborted);
        if (count == 0)
        {
            return Content("");
        }

        var reason = await unsent.OrderByDescending(m => m.Id).Select(m => m.Reason).FirstOrDefaultAsync(HttpContext.RequestAborted);
        return View("/UnsentMails/UnsentMails.cshtml", (count, reason));
    }
}
