using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access.Contract;
using Portal.Access.Data;
using Portal.Kernel;

namespace Portal.Access.Sessions;

/// <summary>Starts, finds and ends sessions.</summary>
internal sealed class SessionBook(
    PortalDb db,
    IHttpContextAccessor http,
    IPublish<AllSessionsEnded> allEnded,
    IPublish<SessionStarted> started,
    IOptions<SessionOptions> options,
    TimeProvider clock
) : ISessions
{
    // Fine enough for an idle limit of minutes, coarse enough not to write on every page.
    private static readonly TimeSpan LastSeenGrain = TimeSpan.FromSeconds(5);

    /// <summary>How every cookie of this room is set.</summary>
    public static readonly CookieOptions Cookie = new()
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
                agent.Length == 0 ? null : agent[..Math.Min(agent.Length, 300)],
                Http.Connection.RemoteIpAddress?.ToString(),
                clock.GetUtcNow(),
                TimeSpan.FromHours(options.Value.SessionCapHours)
            )
        );
        await db.SaveChangesAsync(ct);
        await started.PublishAsync(new SessionStarted(audience, subject), ct);
        Http.Response.Cookies.Append(CookieName(audience), token, Cookie);
    }

    public async Task EndAsync(Audience audience, CancellationToken ct)
    {
        if (Token(audience) is not { } token)
        {
            return;
        }

        var hash = SecretToken.Hash(token);
        await EndAsync(db.Set<Session>().Where(s => s.TokenHash == hash && s.Audience == audience), ct);
        Http.Response.Cookies.Delete(CookieName(audience), Cookie);
    }

    public Task EndAsync(Audience audience, long subject, string id, CancellationToken ct) =>
        EndAsync(Of(audience, subject).Where(s => s.PublicId == id), ct);

    public Task EndAllAsync(Audience audience, long subject, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                await EndAsync(Of(audience, subject), ct);
                await allEnded.PublishAsync(new AllSessionsEnded(audience, subject), ct);
            },
            ct
        );

    public Task EndOthersAsync(Audience audience, long subject, CancellationToken ct)
    {
        var current = CurrentHash(audience);
        return EndAsync(Of(audience, subject).Where(s => s.TokenHash != current), ct);
    }

    public async Task<IReadOnlyList<SessionInfo>> ListAsync(Audience audience, long subject, CancellationToken ct)
    {
        var current = CurrentHash(audience);
        var sessions = await Living(Of(audience, subject)).AsNoTracking().OrderByDescending(s => s.LastSeenAt).ThenBy(s => s.Id).ToListAsync(ct);
        return
        [
            .. sessions.Select(s => new SessionInfo(
                s.PublicId,
                s.UserAgent,
                s.Address,
                s.CreatedAt,
                s.LastSeenAt,
                s.TokenHash.AsSpan().SequenceEqual(current)
            )),
        ];
    }

    /// <summary>The session the request's cookie is the key to; null when it is none that lives.</summary>
    public async Task<Session?> CurrentAsync(Audience audience, CancellationToken ct)
    {
        if (Token(audience) is not { Length: SecretToken.TokenLength } token)
        {
            return null;
        }

        var (hash, now) = (SecretToken.Hash(token), clock.GetUtcNow());
        var session = await Living(db.Set<Session>().Where(s => s.TokenHash == hash && s.Audience == audience))
            .AsNoTracking()
            .SingleOrDefaultAsync(ct);
        if (session is not null && session.LastSeenAt < now - LastSeenGrain)
        {
            await db.Set<Session>().Where(s => s.Id == session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now), ct);
        }

        return session;
    }

    /// <summary>Whose session the request's cookie was the key to, over or not; null when it never was one.</summary>
    public async Task<long?> LastSubjectAsync(Audience audience, CancellationToken ct)
    {
        if (Token(audience) is not { Length: SecretToken.TokenLength } token)
        {
            return null;
        }

        var hash = SecretToken.Hash(token);
        return await db.Set<Session>()
            .Where(s => s.TokenHash == hash && s.Audience == audience)
            .Select(s => (long?)s.Subject)
            .SingleOrDefaultAsync(ct);
    }

    private IQueryable<Session> Of(Audience audience, long subject) => db.Set<Session>().Where(s => s.Audience == audience && s.Subject == subject);

    private IQueryable<Session> Living(IQueryable<Session> sessions)
    {
        var now = clock.GetUtcNow();
        var idleSince = now - TimeSpan.FromMinutes(options.Value.SessionIdleMinutes);
        return sessions.Where(s => s.EndedAt == null && s.EndsAt > now && s.LastSeenAt > idleSince);
    }

    private Task<int> EndAsync(IQueryable<Session> sessions, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return sessions.Where(s => s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), ct);
    }

    private string? Token(Audience audience) => Http.Request.Cookies[CookieName(audience)] is { Length: > 0 } token ? token : null;

    private byte[] CurrentHash(Audience audience) => Token(audience) is { } token ? SecretToken.Hash(token) : [];

    // __Host-: the browser itself insists on Secure, the root path and no domain.
    private static string CookieName(Audience audience) => audience == Audience.Merchant ? "__Host-portal-admin" : "__Host-portal";
}
