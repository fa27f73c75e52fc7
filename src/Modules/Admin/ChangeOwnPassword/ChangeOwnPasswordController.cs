using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Admin.ProveSecondFactor;
using Portal.Admin.SecureAccount;
using Portal.Admin.SignInMerchant;
using Portal.Kernel;

namespace Portal.Admin.ChangeOwnPassword;

/// <summary>A new password for whoever knows the present one; it ends her other sessions.</summary>
[Route("admin/security/password")]
[ForMerchants]
[SupportMay]
internal sealed class ChangeOwnPasswordController(
    PortalDb db,
    MerchantBook merchants,
    Passwords passwords,
    TryGuard guard,
    SignInSteps steps,
    ISessions sessions,
    SecurityNews news,
    Actor actor
) : Controller
{
    [HttpGet]
    public IActionResult ChangeOwnPassword() => View(new ChangePasswordView());

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> ChangeOwnPassword(string? currentPassword, string? newPassword, CancellationToken ct)
    {
        if (await guard.BeginAsync(actor.Name!, ct) is { } wait)
        {
            var seconds = (int)Math.Ceiling(wait.TotalSeconds);
            Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Refuse(StatusCodes.Status429TooManyRequests, new ChangePasswordView { WaitSeconds = seconds });
        }

        if (await merchants.ProveAsync(actor.Name!, currentPassword, ct) is not { } me)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, new ChangePasswordView { WrongCurrent = true });
        }

        if (!Passwords.IsAcceptable(newPassword))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, new ChangePasswordView { WrongChosen = true });
        }

        var hash = passwords.Hash(newPassword!);
        await db.InTransactionAsync(
            async () =>
            {
                await db.Set<Merchant>().Where(m => m.Id == me.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.PasswordHash, hash), ct);
                await sessions.EndOthersAsync(Audience.Merchant, me.Id, ct);
                await steps.VoidAsync(me.Id, ct);
                await guard.ForgetAsync(me.Email, ct);
                await news.TellAsync(me, MerchantChange.PasswordChanged, AdminActivity.PasswordChanged, ct);
            },
            ct
        );
        return LocalRedirect("~/admin/security?saved=Password");
    }

    private ViewResult Refuse(int status, ChangePasswordView view)
    {
        Response.StatusCode = status;
        return View(view);
    }
}

/// <summary>What is wrong with what she typed.</summary>
internal sealed record ChangePasswordView
{
    public bool WrongCurrent { get; init; }
    public bool WrongChosen { get; init; }
    public int? WaitSeconds { get; init; }
}
