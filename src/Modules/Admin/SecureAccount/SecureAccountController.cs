using Microsoft.AspNetCore.Mvc;
using Portal.Admin.KeepRecoveryCodes;
using Portal.Admin.SetUpSecondFactor;
using Portal.Kernel;

namespace Portal.Admin.SecureAccount;

/// <summary>A merchant's own account: password, second factor, where she is signed in.</summary>
[Route("admin/security")]
[ForMerchants]
internal sealed class SecureAccountController(SecondFactors factors, SecondFactorDue due, ShownCodes shown, Actor actor, TimeProvider clock)
    : Controller
{
    [HttpGet]
    public async Task<IActionResult> SecureAccount(AccountChange? saved, CancellationToken ct)
    {
        // Who comes here has written them down.
        shown.Forget();
        var by = await due.OfMeAsync(ct);
        return View(
            new SecureAccountView(
                await factors.OfAsync(actor.Subject!.Value, ct),
                by <= clock.GetUtcNow(),
                saved is { } s && Enum.IsDefined(s) ? s : null
            )
        );
    }
}

/// <summary>What was just saved.</summary>
internal enum AccountChange
{
    Password,
    AppOn,
    AppOff,
}

/// <summary>The page.</summary>
/// <param name="Factors">What she has.</param>
/// <param name="MustSetUp">Nothing else works until she has a second factor.</param>
/// <param name="Saved">What was just saved.</param>
internal sealed record SecureAccountView(Factors Factors, bool MustSetUp, AccountChange? Saved);
