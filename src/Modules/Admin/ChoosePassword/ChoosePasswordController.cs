using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Admin.ProveSecondFactor;
using Portal.Admin.SecureAccount;
using Portal.Admin.SignInMerchant;
using Portal.Kernel;

namespace Portal.Admin.ChoosePassword;

/// <summary>Asks for a link, and chooses a password with one: for who forgot hers, and for who was invited.</summary>
[Route("admin/password")]
[ForEverybody]
internal sealed class ChoosePasswordController(
    PortalDb db,
    MerchantLinks links,
    Passwords passwords,
    ISessions sessions,
    SignInSteps steps,
    TryGuard guard,
    MerchantEntry entry,
    SecurityNews news,
    IFailedSecrets failed,
    Actor actor,
    TimeProvider clock
) : Controller
{
    [HttpGet]
    public IActionResult ForgotPassword() => View(false);

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> ForgotPassword(string? email, CancellationToken ct)
    {
        if (MerchantBook.Address(email) is not { } address)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View(true);
        }

        db.Add(new PasswordResetRequest(address, CultureInfo.CurrentUICulture.Name, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        return LocalRedirect("~/admin/password/sent");
    }

    [HttpGet("sent")]
    public IActionResult PasswordMailSent() => View();

    [HttpGet("{token}")]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> ChoosePassword(string token, CancellationToken ct) =>
        await links.FindAsync(token, ct) is { } found
            ? View(new ChoosePasswordView(found.Merchant.Email, found.Link.Purpose, false))
            : await DeadAsync(ct);

    [HttpPost("{token}")]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> ChoosePassword(string token, string? password, CancellationToken ct)
    {
        if (await links.FindAsync(token, ct) is not { } found)
        {
            return await DeadAsync(ct);
        }

        if (!Passwords.IsAcceptable(password))
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View(new ChoosePasswordView(found.Merchant.Email, found.Link.Purpose, true));
        }

        found.Merchant.PasswordHash = passwords.Hash(password!);
        return await db.InTransactionAsync(() => UseAsync(token, found.Link, found.Merchant, ct), ct) switch
        {
            false => await DeadAsync(ct),
            true when found.Link.Purpose == LinkPurpose.Invitation => LocalRedirect("~/admin"),
            true => LocalRedirect("~/admin/sign-in?chosen=true"),
        };
    }

    private async Task<bool> UseAsync(string token, MerchantLink link, Merchant merchant, CancellationToken ct)
    {
        if (!await links.SpendAsync(token, ct))
        {
            return false;
        }

        if (link.Purpose == LinkPurpose.Invitation)
        {
            merchant.SecondFactorDueAt = clock.GetUtcNow() + Merchant.Grace;
            await db.SaveChangesAsync(ct);
            await entry.EnterAsync(merchant, AdminActivity.InvitationAccepted, ct);
            return true;
        }

        // The mailbox proves the password's place, not the second factor's: she signs in with both.
        await db.SaveChangesAsync(ct);
        await sessions.EndAllAsync(Audience.Merchant, merchant.Id, ct);
        await steps.VoidAsync(merchant.Id, ct);
        await guard.ForgetAsync(merchant.Email, ct);
        actor.Is(Audience.Merchant, merchant.Id, merchant.Email);
        await news.TellAsync(merchant, MerchantChange.PasswordChanged, AdminActivity.PasswordReset, ct);
        return true;
    }

    private async Task<IActionResult> DeadAsync(CancellationToken ct)
    {
        if (await failed.CountAsync(SecretKind.MailedLink, ct) is { } tooMany)
        {
            return tooMany;
        }

        Response.StatusCode = StatusCodes.Status410Gone;
        return View("DeadPasswordLink");
    }
}

/// <summary>The form.</summary>
/// <param name="Email">Whose password.</param>
/// <param name="Purpose">Why she chooses one.</param>
/// <param name="Wrong">The password cannot be taken.</param>
internal sealed record ChoosePasswordView(string Email, LinkPurpose Purpose, bool Wrong);
