using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.RateLimiting;
using Portal.Customers.Data;
using Portal.Customers.EnterCode;
using Portal.Kernel;

namespace Portal.Customers.SignIn;

/// <summary>The page that asks for an address. Its answer is the same for every address there is.</summary>
[Route("sign-in")]
[ForEverybody]
internal sealed class SignInController(WayIn way, Actor actor) : Controller
{
    [HttpGet]
    public async Task<IActionResult> SignIn(string? returnTo)
    {
        var (back, session) = (ReturnPath.Check(returnTo), await HttpContext.AuthenticateAsync(nameof(Audience.Buyer)));
        return session.Succeeded && back is null
            ? LocalRedirect("~/")
            : View(
                new SignInForm
                {
                    Email = session.Succeeded ? actor.Name : null,
                    ReturnTo = back,
                    IsAgain = session.Succeeded,
                }
            );
    }

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> SignIn(SignInForm form, CancellationToken ct)
    {
        var back = ReturnPath.Check(form.ReturnTo);
        if (EmailAddress.Canonical(form.Email) is not { } canonical)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return View(
                new SignInForm
                {
                    Email = form.Email,
                    ReturnTo = back,
                    IsRefused = true,
                }
            );
        }

        await way.AskAsync(new Asked(canonical, back, IsHint: false), ct);
        return RedirectToAction(nameof(EnterCodeController.MailSent), "EnterCode");
    }
}

/// <summary>What the buyer typed.</summary>
internal sealed record SignInForm
{
    public string? Email { get; init; }
    public string? ReturnTo { get; init; }

    /// <summary>The address is none.</summary>
    [BindNever]
    public bool IsRefused { get; init; }

    /// <summary>She is signed in, and asked to prove it once more.</summary>
    [BindNever]
    public bool IsAgain { get; init; }
}
