using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.RateLimiting;
using Portal.Access.Contract;
using Portal.Admin.Data;
using Portal.Kernel;

namespace Portal.Admin.SignInMerchant;

/// <summary>The merchant's way in. A wrong address and a wrong password look and last the same.</summary>
[Route("admin/sign-in")]
[ForEverybody]
internal sealed class SignInMerchantController(MerchantBook merchants, ISessions sessions, IFailedSecrets failed) : Controller
{
    private const int LongestTyped = 300;

    [HttpGet]
    public async Task<IActionResult> SignInMerchant(string? returnTo, CancellationToken ct) =>
        await merchants.SetUpCodeAsync(ct) is null
            ? View(new MerchantSignInForm { ReturnTo = ReturnPath.Check(returnTo) })
            : LocalRedirect("~/admin/setup");

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> SignInMerchant(MerchantSignInForm form, CancellationToken ct)
    {
        var returnTo = ReturnPath.Check(form.ReturnTo);
        if (
            form is { Email: { Length: <= LongestTyped } email, Password: { Length: <= LongestTyped } password }
            && await merchants.ProveAsync(email, password, ct) is { } merchant
        )
        {
            await sessions.StartAsync(Audience.Merchant, merchant, ct);
            return LocalRedirect("~" + (returnTo ?? "/admin"));
        }

        if (await failed.CountAsync(SecretKind.Password, ct) is { } tooMany)
        {
            return tooMany;
        }

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(
            new MerchantSignInForm
            {
                Email = form.Email,
                ReturnTo = returnTo,
                Refused = true,
            }
        );
    }
}

/// <summary>What the merchant typed.</summary>
internal sealed record MerchantSignInForm
{
    public string? Email { get; init; }
    public string? Password { get; init; }
    public string? ReturnTo { get; init; }

    [BindNever]
    public bool Refused { get; init; }
}
