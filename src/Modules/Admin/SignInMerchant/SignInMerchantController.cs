using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.RateLimiting;
using Portal.Access.Contract;
using Portal.Admin.Data;
using Portal.Admin.ProveSecondFactor;
using Portal.Admin.SetUpSecondFactor;
using Portal.Kernel;

namespace Portal.Admin.SignInMerchant;

/// <summary>The merchant's way in. A wrong address and a wrong password look and last the same.</summary>
[Route("admin/sign-in")]
[ForEverybody]
internal sealed class SignInMerchantController(
    MerchantBook merchants,
    SecondFactors factors,
    TryGuard guard,
    SignInSteps steps,
    MerchantEntry entry,
    IFailedSecrets failed
) : Controller
{
    private const int LongestTyped = 300;

    [HttpGet]
    public async Task<IActionResult> SignInMerchant(string? returnTo, bool again, bool chosen, CancellationToken ct) =>
        await merchants.SetUpCodeAsync(ct) is null
            ? View(
                new MerchantSignInForm
                {
                    ReturnTo = ReturnPath.Check(returnTo),
                    StartsOver = again,
                    PasswordChosen = chosen,
                }
            )
            : LocalRedirect("~/admin/setup");

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> SignInMerchant(MerchantSignInForm form, CancellationToken ct)
    {
        var returnTo = ReturnPath.Check(form.ReturnTo);
        form = new MerchantSignInForm
        {
            Email = form.Email,
            Password = form.Password,
            ReturnTo = returnTo,
        };
        if (form is not { Email: { Length: <= LongestTyped } email, Password: { Length: <= LongestTyped } password })
        {
            return await RefuseAsync(form, ct);
        }

        if (await guard.BeginAsync(email, ct) is { } wait)
        {
            var seconds = (int)Math.Ceiling(wait.TotalSeconds);
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return View(form with { WaitSeconds = seconds });
        }

        if (await merchants.ProveAsync(email, password, ct) is not { } merchant)
        {
            return await RefuseAsync(form, ct);
        }

        if ((await factors.OfAsync(merchant.Id, ct)).IsProtected)
        {
            await steps.BeginAsync(merchant.Id, returnTo, ct);
            return LocalRedirect("~/admin/sign-in/second-factor");
        }

        await entry.EnterAsync(merchant, AdminActivity.SignedIn, ct);
        return LocalRedirect("~" + (returnTo ?? "/admin"));
    }

    private async Task<IActionResult> RefuseAsync(MerchantSignInForm form, CancellationToken ct)
    {
        if (await failed.CountAsync(SecretKind.Password, ct) is { } tooMany)
        {
            return tooMany;
        }

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(form with { Refused = true });
    }
}

/// <summary>What the merchant typed, and what to tell her.</summary>
internal sealed record MerchantSignInForm
{
    public string? Email { get; init; }
    public string? Password { get; init; }
    public string? ReturnTo { get; init; }

    [BindNever]
    public bool Refused { get; init; }

    /// <summary>Until the next try is looked at.</summary>
    [BindNever]
    public int? WaitSeconds { get; init; }

    /// <summary>The second step took too long or too many tries.</summary>
    [BindNever]
    public bool StartsOver { get; init; }

    /// <summary>She comes from choosing a new password.</summary>
    [BindNever]
    public bool PasswordChosen { get; init; }
}
