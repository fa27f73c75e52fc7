using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Customers.ManageEmails;
using Portal.Kernel;
using Portal.Store.Contract;

namespace Portal.Customers.SignInWithPassword;

/// <summary>In with a password. Unknown, without a password, turned off or wrong: one answer, after the same work.</summary>
[Route("sign-in/password")]
[ForEverybody]
internal sealed class SignInWithPasswordController(
    PortalDb db,
    EmailBook emails,
    Passwords passwords,
    ISessions sessions,
    IStore store,
    IActivityLog log,
    IFailedSecrets failed,
    Actor actor,
    TimeProvider clock
) : Controller
{
    [HttpGet]
    public IActionResult SignInWithPassword(string? returnTo) => View(new PasswordSignInForm { ReturnTo = ReturnPath.Check(returnTo) });

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> SignInWithPassword(PasswordSignInForm form, CancellationToken ct)
    {
        var isOn = (await store.GetAsync(ct)).AllowPasswords;
        var holder = await emails.FindHolderAsync(EmailAddress.Canonical(form.Email) ?? "", ct);
        if (!passwords.Prove(isOn ? holder?.Customer.PasswordHash : null, form.Password))
        {
            if (await failed.CountAsync(SecretKind.Password, ct) is { } tooMany)
            {
                return tooMany;
            }

            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View(form with { Password = null, Refused = true, ReturnTo = ReturnPath.Check(form.ReturnTo) });
        }

        var customer = holder!.Customer;
        await db.InTransactionAsync(
            async () =>
            {
                customer.LastSignInAt = clock.GetUtcNow();
                customer.Speaks(CultureInfo.CurrentUICulture.Name);
                await sessions.StartAsync(Audience.Buyer, customer.RowId, ct);
                actor.Is(Audience.Buyer, customer.RowId, customer.Email ?? "");
                await log.RecordAsync(CustomersActivity.SignedInWithPassword, customer.Id, [], ct);
            },
            ct
        );
        return LocalRedirect("~" + (ReturnPath.Check(form.ReturnTo) ?? "/"));
    }
}

/// <summary>What she typed.</summary>
internal sealed record PasswordSignInForm
{
    public string? Email { get; init; }
    public string? Password { get; init; }
    public string? ReturnTo { get; init; }
    public bool Refused { get; init; }
}

/// <summary>Below the mail form, folded away; nothing where the merchant allows no passwords.</summary>
internal sealed class PasswordSignInViewComponent(IStore store) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync(string? returnTo) =>
        (await store.GetAsync(HttpContext.RequestAborted)).AllowPasswords
            ? View("/SignInWithPassword/PasswordPart.cshtml", new PasswordSignInForm { ReturnTo = returnTo })
            : Content("");
}
