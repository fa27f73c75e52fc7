using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Portal.Kernel;

namespace Portal.Access.Passkeys;

/// <summary>The way in by passkey, the same for buyers and merchants. Whatever is wrong with one, the answer is the same.</summary>
internal abstract class PasskeySignInController(PasskeyDoor door, SignInWithPasskey signIn) : Controller
{
    /// <summary>Only where a language is chosen on the page of a refusal.</summary>
    [HttpGet]
    public IActionResult Return() => LocalRedirect("~" + door.SignInPath);

    [HttpPost("options")]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> Options(CancellationToken ct) => (await signIn.AskAsync(door.Audience, ct)).ToResult();

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> SignIn(PasskeySignInForm form, CancellationToken ct)
    {
        var returnTo = ReturnPath.Check(form.ReturnTo);
        if (await signIn.SignInAsync(door.Audience, form, ct))
        {
            return LocalRedirect("~" + (returnTo ?? door.HomePath));
        }

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("/Passkeys/PasskeyRefused.cshtml", door.SignInPath + (returnTo is null ? default : QueryString.Create("returnTo", returnTo)));
    }
}

/// <summary>For buyers.</summary>
[Route("sign-in/passkey")]
[ForEverybody]
internal sealed class BuyerPasskeySignInController(SignInWithPasskey signIn) : PasskeySignInController(PasskeyDoor.Buyers, signIn);

/// <summary>For merchants. Neither password nor code is asked for besides.</summary>
[Route("admin/sign-in/passkey")]
[ForEverybody]
internal sealed class MerchantPasskeySignInController(SignInWithPasskey signIn) : PasskeySignInController(PasskeyDoor.Merchants, signIn);

/// <summary>What a device answered, and where she was going.</summary>
internal sealed record PasskeySignInForm : PasskeyAnswer
{
    public string? ReturnTo { get; init; }
}

/// <summary>Where an audience's pages about passkeys are.</summary>
internal sealed record PasskeyDoor(Audience Audience, string SignInPath, string HomePath, string SecurityPath)
{
    public static readonly PasskeyDoor Buyers = new(Audience.Buyer, "/sign-in", "/", "/profile/security");
    public static readonly PasskeyDoor Merchants = new(Audience.Merchant, "/admin/sign-in", "/admin", "/admin/security");

    public string PasskeysPath => SecurityPath + "/passkeys";

    public static PasskeyDoor Of(Audience audience) => audience == Audience.Merchant ? Merchants : Buyers;
}
