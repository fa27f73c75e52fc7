using Microsoft.AspNetCore.Mvc;
using Portal.Access.Contract;
using Portal.Kernel;

namespace Portal.Access.ShowSecurity;

/// <summary>Where a buyer is signed in, and what happened to her account.</summary>
[Route("profile/security")]
[ForBuyers]
internal sealed class ShowSecurityController(ISessions sessions, IActivityLog log, Buyer buyer) : Controller
{
    private CustomerId Her => buyer.Id!.Value;

    [HttpGet]
    public IActionResult Security() => View();

    [HttpPost("sessions/{id}/end")]
    public async Task<IActionResult> EndSession(string id, CancellationToken ct)
    {
        var hers = await sessions.ListAsync(Audience.Buyer, Her.Value, ct);
        if (hers.SingleOrDefault(s => s.Id == id) is not { } session)
        {
            return NotFound();
        }

        await sessions.EndAsync(Audience.Buyer, Her.Value, id, ct);
        await log.RecordAsync(AccessActivity.SessionEnded, Her, [BrowserNames.Of(session.UserAgent)], ct);
        return session.IsCurrent ? LocalRedirect("~/sign-in") : RedirectToAction(nameof(Security));
    }

    [HttpPost("sign-out-everywhere")]
    public async Task<IActionResult> SignOutEverywhere(CancellationToken ct)
    {
        await sessions.EndAllAsync(Audience.Buyer, Her.Value, ct);
        await sessions.EndAsync(Audience.Buyer, ct);
        await log.RecordAsync(AccessActivity.SessionsEnded, Her, [], ct);
        return LocalRedirect("~/sign-in");
    }
}
