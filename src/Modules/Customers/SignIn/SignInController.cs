using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.SignIn;

/// <summary>The way in by mail. Opening a link never uses it up: mail scanners open links, people press buttons.</summary>
[Route("sign-in")]
[ForEverybody]
internal sealed class SignInController(PortalDb db, ISessions sessions, IActivityLog log, Actor actor, TimeProvider clock) : Controller
{
    [HttpGet]
    public IActionResult SignIn(string? returnTo) => View(new SignInForm { ReturnTo = ReturnPath.Check(returnTo) });

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> SignIn(SignInForm form, CancellationToken ct)
    {
        if (EmailAddress.Canonical(form.Email) is not { } canonical)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return View(form with { Refused = true, ReturnTo = ReturnPath.Check(form.ReturnTo) });
        }

        db.Add(new SignInRequest(canonical, CultureInfo.CurrentUICulture.Name, ReturnPath.Check(form.ReturnTo), clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        return RedirectToAction(nameof(LinkSent));
    }

    [HttpGet("sent")]
    public IActionResult LinkSent() => View();

    [HttpGet("{token}")]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> OpenLink(string token, CancellationToken ct)
    {
        HideToken();
        var link = await LivingLink(token).AsNoTracking().SingleOrDefaultAsync(ct);
        return link is not null && await OwnerAsync(link, ct) is { Email: { } email } ? View(new OpenLinkView(EmailAddress.Mask(email))) : Dead();
    }

    [HttpPost("{token}")]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> UseLink(string token, CancellationToken ct)
    {
        HideToken();
        var returnTo = await db.InTransactionAsync(() => SpendAsync(token, ct), ct);
        return returnTo is null ? Dead() : LocalRedirect("~" + returnTo);
    }

    /// <summary>Null when the link is spent, expired or none; else where to go on.</summary>
    private async Task<string?> SpendAsync(string token, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var link = await LivingLink(token).AsNoTracking().SingleOrDefaultAsync(ct);
        if (link is null)
        {
            return null;
        }

        // The update decides who was first, however many press at once.
        var won = await LivingLink(token).ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct);
        var customer = await OwnerAsync(link, ct);
        if (won != 1 || customer is null)
        {
            return null;
        }

        customer.LastSignInAt = now;
        customer.Speaks(CultureInfo.CurrentUICulture.Name);
        await sessions.StartAsync(Audience.Buyer, customer.Id.Value, ct);
        actor.Is(Audience.Buyer, customer.Id.Value, customer.Email!);
        await log.RecordAsync(CustomersActivity.SignedIn, customer.Id, [], ct);
        return ReturnPath.Check(link.ReturnTo) ?? "/";
    }

    private Task<Customer?> OwnerAsync(SignInLink link, CancellationToken ct) =>
        db.Set<Customer>().SingleOrDefaultAsync(c => c.RowId == link.CustomerId.Value && c.DisabledAt == null, ct);

    private IQueryable<SignInLink> LivingLink(string token)
    {
        var (hash, now) = (SecretToken.Hash(token), clock.GetUtcNow());
        return db.Set<SignInLink>().Where(l => l.TokenHash == hash && l.SpentAt == null && l.ExpiresAt > now);
    }

    private ViewResult Dead()
    {
        Response.StatusCode = StatusCodes.Status410Gone;
        return View("DeadLink");
    }

    private void HideToken() => Response.Headers["Referrer-Policy"] = "no-referrer";
}

/// <summary>What the buyer typed.</summary>
internal sealed record SignInForm
{
    public string? Email { get; init; }
    public string? ReturnTo { get; init; }

    /// <summary>The address is none.</summary>
    public bool Refused { get; init; }
}

/// <summary>The page behind the mailed link.</summary>
/// <param name="MaskedEmail">Enough to recognize it by.</param>
internal sealed record OpenLinkView(string MaskedEmail);
