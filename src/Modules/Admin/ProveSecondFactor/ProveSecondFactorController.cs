using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Admin.SecureAccount;
using Portal.Admin.SetUpSecondFactor;
using Portal.Admin.SignInMerchant;
using Portal.Kernel;

namespace Portal.Admin.ProveSecondFactor;

/// <summary>After the password: a code of the app, or a recovery code.</summary>
[Route("admin/sign-in/second-factor")]
[ForEverybody]
internal sealed class ProveSecondFactorController(
    PortalDb db,
    SignInSteps steps,
    SecondFactors factors,
    TryGuard guard,
    MerchantEntry entry,
    SecurityNews news,
    IFailedSecrets failed,
    IActivityLog log,
    Actor actor
) : Controller
{
    private const int LongestTyped = 100;

    [HttpGet]
    public async Task<IActionResult> ProveSecondFactor(CancellationToken ct) =>
        await steps.FindAsync(ct) is { } step
            ? View(new ProveSecondFactorView(step.ReturnTo, await factors.OfAsync(step.MerchantId, ct)))
            : StartOver();

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> ProveSecondFactor(string? code, string? recoveryCode, CancellationToken ct)
    {
        var outcome = await db.InTransactionAsync(() => TryAsync(code, recoveryCode, ct), ct);
        if (outcome is not { } tried)
        {
            return StartOver();
        }

        if (tried.IsIn)
        {
            return LocalRedirect("~" + (tried.Step.ReturnTo ?? "/admin"));
        }

        // Counts with the wrong passwords: starting over does not begin anew.
        await guard.BeginAsync(tried.Email, ct);
        if (await failed.CountAsync(SecretKind.SecondFactor, ct) is { } tooMany)
        {
            return tooMany;
        }

        if (tried.Step.Tries >= SignInStep.MostTries)
        {
            return StartOver();
        }

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(
            new ProveSecondFactorView(tried.Step.ReturnTo, await factors.OfAsync(tried.Step.MerchantId, ct))
            {
                WrongCode = recoveryCode is null,
                WrongRecoveryCode = recoveryCode is not null,
            }
        );
    }

    private async Task<Tried?> TryAsync(string? code, string? recoveryCode, CancellationToken ct)
    {
        if (
            await steps.TryAsync(ct) is not { } step
            || await db.Set<Merchant>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == step.MerchantId && m.DisabledAt == null, ct)
                is not { } merchant
        )
        {
            return null;
        }

        var isRight = (code, recoveryCode) switch
        {
            (_, { Length: > 0 and <= LongestTyped }) => await factors.SpendCodeAsync(merchant.Id, recoveryCode, ct),
            ({ Length: > 0 and <= LongestTyped }, _) => await factors.ProveAppAsync(merchant.Id, code, ct),
            _ => false,
        };
        if (!isRight)
        {
            actor.Is(Audience.Merchant, merchant.Id, merchant.Email);
            await log.RecordAsync(AdminActivity.SecondFactorFailed, null, [], ct);
            return new Tried(step, merchant.Email, false);
        }

        await steps.EndAsync(ct);
        await entry.EnterAsync(merchant, AdminActivity.SignedIn, ct);
        if (recoveryCode is not null)
        {
            await news.TellAsync(merchant, MerchantChange.CodeUsed, AdminActivity.CodeUsed, ct);
        }

        return new Tried(step, merchant.Email, true);
    }

    private LocalRedirectResult StartOver()
    {
        steps.Forget();
        return LocalRedirect("~/admin/sign-in?again=true");
    }

    private sealed record Tried(SignInStep Step, string Email, bool IsIn);
}

/// <summary>The second step.</summary>
/// <param name="ReturnTo">Where she was going.</param>
/// <param name="Factors">What she has.</param>
internal sealed record ProveSecondFactorView(string? ReturnTo, Factors Factors)
{
    public bool WrongCode { get; init; }
    public bool WrongRecoveryCode { get; init; }
}
