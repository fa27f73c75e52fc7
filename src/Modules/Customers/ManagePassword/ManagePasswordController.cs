using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Store.Contract;

namespace Portal.Customers.ManagePassword;

/// <summary>A password beside the mail, where the merchant allows it. Whoever is freshly signed in may choose one without knowing the former.</summary>
[Route("profile/password")]
[ForBuyers]
[FreshSignIn]
internal sealed class ManagePasswordController(PortalDb db, Passwords passwords, ISessions sessions, IStore store, IActivityLog log, Buyer buyer)
    : Controller
{
    private CustomerId Her => buyer.Id!.Value;

    [HttpGet]
    public async Task<IActionResult> ChoosePassword(CancellationToken ct) => await IsAllowedAsync(ct) ? View(await FormAsync(ct)) : NotFound();

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> ChoosePassword(string? password, CancellationToken ct)
    {
        if (!await IsAllowedAsync(ct))
        {
            return NotFound();
        }

        if (!Passwords.IsAcceptable(password))
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View(await FormAsync(ct) with { Refused = true });
        }

        await KeepAsync(passwords.Hash(password!), CustomersActivity.PasswordSet, ct);
        return LocalRedirect("~/profile/security");
    }

    [HttpPost("remove")]
    public async Task<IActionResult> RemovePassword(CancellationToken ct)
    {
        await KeepAsync(null, CustomersActivity.PasswordRemoved, ct);
        return LocalRedirect("~/profile/security");
    }

    private Task KeepAsync(string? hash, ActivityKind kind, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                (await db.CustomerAsync(Her, ct))!.PasswordHash = hash;
                await db.SaveChangesAsync(ct);
                await sessions.EndOthersAsync(Audience.Buyer, Her.Value, ct);
                await log.RecordAsync(kind, Her, [], ct);
            },
            ct
        );

    private async Task<bool> IsAllowedAsync(CancellationToken ct) => (await store.GetAsync(ct)).AllowPasswords;

    private async Task<PasswordForm> FormAsync(CancellationToken ct)
    {
        var her = (await db.CustomerAsync(Her, ct))!;
        return new PasswordForm(her.Email, her.PasswordHash is not null, false);
    }
}

/// <summary>What the page shows; a typed password is never sent back.</summary>
internal sealed record PasswordForm(string? Email, bool HasOne, bool Refused);

/// <summary>On the security page: whether she has a password, and the way to change that.</summary>
internal sealed class MyPasswordViewComponent(PortalDb db, IStore store, Buyer buyer) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        var ct = HttpContext.RequestAborted;
        return (await store.GetAsync(ct)).AllowPasswords
            ? View("/ManagePassword/MyPassword.cshtml", (await db.CustomerAsync(buyer.Id!.Value, ct))!.PasswordHash is not null)
            : Content("");
    }
}
