using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Data;
using Portal.Kernel;

namespace Portal.Access.Passkeys;

/// <summary>Challenges as rows: each works once, on whichever node, and only for the browser that was given it.</summary>
internal sealed class PasskeyChallenges(PortalDb db, IHttpContextAccessor http, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private const string CookieName = "__Host-portal-passkey";

    private static readonly CookieOptions Cookie = new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        IsEssential = true,
    };

    private HttpContext Http => http.HttpContext ?? throw new InvalidOperationException("Challenges are put and answered within a request.");

    /// <summary>Keeps what the answer will be held against.</summary>
    /// <returns>The challenge's public id.</returns>
    public async Task<string> KeepAsync(Audience audience, long? subject, string state, CancellationToken ct)
    {
        // One token for the browser, so that two open tabs do not take each other's challenge away.
        if (Token() is not { } token)
        {
            token = SecretToken.New();
            Http.Response.Cookies.Append(CookieName, token, Cookie);
        }

        var challenge = new PasskeyChallenge(audience, subject, token, state, clock.GetUtcNow() + Life);
        db.Add(challenge);
        await db.SaveChangesAsync(ct);
        return challenge.PublicId;
    }

    /// <summary>What was kept; null when it was answered before, has expired, or was put to another browser, audience or person.</summary>
    public async Task<string?> TakeAsync(Audience audience, long? subject, string? id, CancellationToken ct)
    {
        if (id is not { Length: > 0 and <= PublicId.MaxLength } || Token() is not { } token)
        {
            return null;
        }

        var (hash, now) = (SecretToken.Hash(token), clock.GetUtcNow());
        var challenge = db.Set<PasskeyChallenge>()
            .Where(c => c.PublicId == id && c.TokenHash == hash && c.Audience == audience && c.Subject == subject && c.ExpiresAt > now);
        var state = await challenge.Select(c => c.State).SingleOrDefaultAsync(ct);

        // The deletion decides who was first, however many answer at once.
        return state is not null && await challenge.ExecuteDeleteAsync(ct) == 1 ? state : null;
    }

    private string? Token() => Http.Request.Cookies[CookieName] is { Length: SecretToken.TokenLength } token ? token : null;
}

/// <summary>Challenges nobody answered.</summary>
internal sealed class ForgetStaleChallenges(PortalDb db, TimeProvider clock) : IRecurringTask
{
    public string Name => "forget-stale-passkey-challenges";

    public string Cron => "0 7 * * * ?";

    public Task RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.Set<PasskeyChallenge>().Where(c => c.ExpiresAt < now).ExecuteDeleteAsync(ct);
    }
}
