using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Customers.EnterCode;
using Portal.Customers.SignIn;
using Portal.Kernel;

namespace Portal.Customers.OpenLink;

/// <summary>The page behind the mailed link. Opening it never uses the link up: mail scanners open links, people press buttons.</summary>
[Route("sign-in/{token}")]
[ForEverybody]
[EnableRateLimiting(Limits.Secrets)]
internal sealed class OpenLinkController(PortalDb db, WayIn way, AskedAddress asked, IFailedSecrets failed, TimeProvider clock) : Controller
{
    [HttpGet]
    public async Task<IActionResult> OpenLink(string token, CancellationToken ct)
    {
        var link = await db.Set<SignInLink>().WithToken(token).Living(clock.GetUtcNow()).AsNoTracking().SingleOrDefaultAsync(ct);
        var email = link is null
            ? null
            : await db.Set<Customer>()
                .Where(c => c.RowId == link.CustomerId.Value && c.DisabledAt == null && c.MergedIntoId == null)
                .Select(c => c.Email)
                .SingleOrDefaultAsync(ct);
        return email is null ? await DeadAsync(token, ct) : View(new OpenLinkView(EmailAddress.Mask(email)));
    }

    [HttpPost]
    public async Task<IActionResult> UseLink(string token, CancellationToken ct)
    {
        var links = db.Set<SignInLink>().WithToken(token);
        var returnTo = await db.InTransactionAsync(() => way.UseAsync(links, CustomersActivity.SignedInByLink, ct), ct);
        return returnTo is null ? await DeadAsync(token, ct) : LocalRedirect("~" + returnTo);
    }

    /// <summary>Mails a fresh link where the old one went. A token nobody was ever mailed gets the same answer.</summary>
    [HttpPost("fresh")]
    public async Task<IActionResult> SendFresh(string token, CancellationToken ct)
    {
        var former = await (
            from link in db.Set<SignInLink>().WithToken(token)
            join request in db.Set<SignInRequest>() on link.RequestId equals (long?)request.Id
            select new Asked(request.EmailCanonical, link.ReturnTo, false)
        ).SingleOrDefaultAsync(ct);
        if (former is null)
        {
            asked.Remember(new Asked("", null, IsHint: false));
        }
        else
        {
            await way.AskAsync(former, ct);
        }

        return RedirectToAction(nameof(EnterCodeController.MailSent), "EnterCode");
    }

    private async Task<IActionResult> DeadAsync(string token, CancellationToken ct)
    {
        if (await failed.CountAsync(SecretKind.SignInLink, ct) is { } tooMany)
        {
            return tooMany;
        }

        Response.StatusCode = StatusCodes.Status410Gone;
        return View("DeadLink", new DeadLinkView(token));
    }
}

/// <summary>The page behind a link that works.</summary>
/// <param name="MaskedEmail">Enough to recognize it by.</param>
internal sealed record OpenLinkView(string MaskedEmail);

/// <summary>The page behind a link that does not, for whatever reason.</summary>
/// <param name="Token">As opened.</param>
internal sealed record DeadLinkView(string Token);
