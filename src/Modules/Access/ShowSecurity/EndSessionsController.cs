using Microsoft.AspNetCore.Mvc;
using Portal.Access.Contract;
using Portal.Kernel;

namespace Portal.Access.ShowSecurity;

/// <summary>Ends somebody's own sessions. Buyers and merchants do the same under their own addresses.</summary>
internal abstract class EndSessionsController(ISessions sessions, IActivityLog log, Actor actor, string page, string signIn) : Controller
{
    private long Subject => actor.Subject!.Value;

    private CustomerId? Customer => actor.Audience == Audience.Buyer ? new CustomerId(Subject) : null;

    [HttpPost("sessions/{id}/end")]
    public async Task<IActionResult> EndSession(string id, CancellationToken ct)
    {
        var own = await sessions.ListAsync(actor.Audience, Subject, ct);
        if (own.SingleOrDefault(s => s.Id == id) is not { } session)
        {
            return NotFound();
        }

        await sessions.EndAsync(actor.Audience, Subject, id, ct);
        await log.RecordAsync(AccessActivity.SessionEnded, Customer, [BrowserNames.Of(session.UserAgent)], ct);
        return LocalRedirect("~" + (session.IsCurrent ? signIn : page));
    }

    [HttpPost("sign-out-everywhere")]
    public async Task<IActionResult> SignOutEverywhere(CancellationToken ct)
    {
        await sessions.EndAllAsync(actor.Audience, Subject, ct);
        await sessions.EndAsync(actor.Audience, ct);
        await log.RecordAsync(AccessActivity.SessionsEnded, Customer, [], ct);
        return LocalRedirect("~" + signIn);
    }
}
