using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.Sessions;

/// <summary>Starts, finds and ends sessions.</summary>
internal sealed class SessionBook(PortalDb db, IHttpContextAccessor http, IOptions<SignInOptions> options, TimeProvider clock) : ISessions
{
    // Fine enough for an idle limit of minutes, coarse enough not to write on every page.
    private static readonly TimeSpan LastSeenGrain = TimeSpan.FromSeconds(20);

    private static readonly CookieOptions Cookie = new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };

    private HttpContext Http => http.HttpContext ?? throw new InvalidOperationException("Sessions begin and end within a request.");

    public async Task StartAsync(Audience audience, long subject, CancellationToken ct)
    {
        await EndAsync(audience, ct);
        var token = SecretToken.New();
        var agent = Http.Request.Headers.UserAgent.ToString();
        db.Add(
            new Session(
                audience,
                subject,
                token,
                agent[..Math.Min(agent.Length, 300)],
                Http.Connection.RemoteIpAddress?.ToString(),
                clock.GetUtcNow(),
                TimeSpan.FromHours(options.Value.SessionCapHours)
            )
        );
        await db.SaveChangesAsync(ct);
        Http.Response.Cookies.Append(CookieName(audience), token, Cookie);
    }

    public async Task EndAsync(Audience audience, CancellationToken ct)
    {
        if (Http.Request.Cookies[CookieName(audience)] is not { Length: > 0 } token)
        {
            return;
        }

        var (hash, now) = (SecretToken.Hash(token), clock.GetUtcNow());
        await db.Set<Session>()
            .Where(s => s.TokenHash == hash && s.Audience == audience && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), ct);
        Http.Response.Cookies.Delete(CookieName(audience), Cookie);
    }

    public Task EndAllAsync(Audience audience, long subject, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.Set<Session>()
            .Where(s => s.Audience == audience && s.Subject == subject && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), ct);
    }

    /// <summary>Whose session the request's cookie is; null when it is none that lives.</summary>
    public async Task<long?> SubjectAsync(Audience audience, CancellationToken ct)
    {
        if (Http.Request.Cookies[CookieName(audience)] is not { Length: SecretToken.TokenLength } token)
        {
            return null;
        }

        var (hash, now) = (SecretToken.Hash(token), clock.GetUtcNow());
        var idleSince = now - TimeSpan.FromMinutes(options.Value.SessionIdleMinutes);
        var session = await db.Set<Session>()
            .AsNoTracking()
            .SingleOrDefaultAsync(
                s => s.TokenHash == hash && s.Audience == audience && s.EndedAt == null && s.EndsAt > now && s.LastSeenAt > idleSince,
                ct
            );
        if (session is null)
        {
            return null;
        }

        if (session.LastSeenAt < now - LastSeenGrain)
        {
            await db.Set<Session>().Where(s => s.Id == session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now), ct);
        }

        return session.Subject;
    }

    // __Host-: the browser itself insists on Secure, the root path and no domain.
    private static string CookieName(Audience audience) => audience == Audience.Merchant ? "__Host-portal-admin" : "__Host-portal";
}
