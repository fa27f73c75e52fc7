using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Customers.SignIn;
using Portal.Kernel;

namespace Portal.Customers.EnterCode;

/// <summary>The way in for those who read their mail elsewhere: six digits, on the browser that asked or on any other.</summary>
[Route("sign-in")]
[ForEverybody]
internal sealed class EnterCodeController(PortalDb db, WayIn way, AskedAddress asked, SignInCodes codes, IFailedSecrets failed, TimeProvider clock)
    : Controller
{
    // Of a million codes. Beyond them only the link is left, which cannot be guessed.
    private const int MostWrongTriesADay = 20;

    [HttpGet("sent")]
    public IActionResult MailSent() => View("EnterCode", Page(isSent: true));

    [HttpGet("code")]
    public IActionResult EnterCode() => View(Page(isSent: false));

    [HttpPost("code")]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> EnterCode(CodeForm form, CancellationToken ct)
    {
        var email = string.IsNullOrWhiteSpace(form.Email) ? asked.Recall()?.EmailCanonical : EmailAddress.Canonical(form.Email);
        var returnTo = email is null ? null : await db.InTransactionAsync(() => TryAsync(email, form.Code, ct), ct);
        if (returnTo is not null)
        {
            return LocalRedirect("~" + returnTo);
        }

        if (await failed.CountAsync(SecretKind.SignInCode, ct) is { } tooMany)
        {
            return tooMany;
        }

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(
            Page(isSent: false) with
            {
                AsksEmail = asked.Recall() is null || !string.IsNullOrWhiteSpace(form.Email),
                Email = form.Email,
                IsRefused = true,
            }
        );
    }

    /// <summary>Once more to the address this browser asked for: within the same limits, with the same answer.</summary>
    [HttpPost("sent")]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> SendAgain(CancellationToken ct)
    {
        if (asked.Recall() is not { } before)
        {
            return LocalRedirect("~/sign-in");
        }

        await way.AskAsync(before, ct);
        return RedirectToAction(nameof(MailSent));
    }

    /// <summary>Does the same work for every address that was asked for, known or not.</summary>
    private async Task<string?> TryAsync(string email, string? code, CancellationToken ct)
    {
        var (now, day) = (clock.GetUtcNow(), clock.GetUtcNow().AddDays(-1));
        var requests = db.Set<SignInRequest>();
        var newest = await requests
            .MailedFor(email)
            .AsNoTracking()
            .OrderByDescending(r => r.MailedAt)
            .ThenByDescending(r => r.Id)
            .FirstOrDefaultAsync(ct);
        if (newest is null)
        {
            return null;
        }

        // Counted before it is compared: guesses made at once queue here, and none is free.
        var open = requests.Where(r => r.Id == newest.Id && r.ExpiresAt > now);
        var counted = await open.Where(r => r.WrongTries < SignInRequest.MostWrongTries)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.WrongTries, r => r.WrongTries + 1), ct);
        var today = await requests.MailedFor(email).Where(r => r.ExpiresAt > day).SumAsync(r => r.WrongTries, ct);
        if (!codes.IsRight(newest.SealedCode!, code) || counted != 1 || today - counted > MostWrongTriesADay)
        {
            return null;
        }

        await open.ExecuteUpdateAsync(set => set.SetProperty(r => r.WrongTries, r => r.WrongTries - 1), ct);
        return await way.UseAsync(db.Set<SignInLink>().Where(l => l.RequestId == newest.Id), CustomersActivity.SignedInByCode, ct);
    }

    private EnterCodeView Page(bool isSent)
    {
        var before = asked.Recall();
        return new EnterCodeView
        {
            IsSent = isSent,
            AsksEmail = before is null,
            MailedTo = before is { IsHint: true } ? EmailAddress.Mask(before.EmailCanonical) : null,
        };
    }
}

/// <summary>What the buyer typed.</summary>
internal sealed record CodeForm
{
    /// <summary>Left out by the browser that asked.</summary>
    public string? Email { get; init; }
    public string? Code { get; init; }
}

/// <summary>The page with the field for the code.</summary>
internal sealed record EnterCodeView
{
    /// <summary>A mail was asked for a moment ago.</summary>
    public required bool IsSent { get; init; }

    /// <summary>This browser did not ask.</summary>
    public required bool AsksEmail { get; init; }

    /// <summary>A masked address, for whoever proved a purchase.</summary>
    public required string? MailedTo { get; init; }
    public string? Email { get; init; }
    public bool IsRefused { get; init; }
}
