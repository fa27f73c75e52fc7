using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Portal.Admin.Data;
using Portal.Kernel;

namespace Portal.Admin.ProveSecondFactor;

/// <summary>Remembers, between two pages, that a browser proved a password.</summary>
internal sealed class SignInSteps(PortalDb db, IHttpContextAccessor http, TimeProvider clock)
{
    private HttpContext Http => http.HttpContext ?? throw new InvalidOperationException("A sign-in is a request's.");

    public async Task BeginAsync(long merchant, string? returnTo, CancellationToken ct)
    {
        var token = SecretToken.New();
        db.Add(new SignInStep(merchant, token, returnTo, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        HostCookie.Set(Http.Response, HostCookie.SignInStep, token);
    }

    /// <summary>The step this browser is at; null when it has to start over.</summary>
    public Task<SignInStep?> FindAsync(CancellationToken ct) => Living().AsNoTracking().SingleOrDefaultAsync(ct);

    /// <summary>Counts a try before it is looked at. Whoever tries at the same time waits for the end of this transaction.</summary>
    public async Task<SignInStep?> TryAsync(CancellationToken ct) =>
        await Living().ExecuteUpdateAsync(set => set.SetProperty(s => s.Tries, s => s.Tries + 1), ct) == 1
            ? await OfThisBrowser().AsNoTracking().SingleAsync(ct)
            : null;

    /// <summary>It led in, and leads nobody else in.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await OfThisBrowser().ExecuteUpdateAsync(set => set.SetProperty(s => s.SpentAt, (DateTimeOffset?)now), ct);
        Forget();
    }

    public void Forget() => HostCookie.Remove(Http.Response, HostCookie.SignInStep);

    /// <summary>What a password began that is not hers any more.</summary>
    public Task VoidAsync(long merchant, CancellationToken ct) => db.Set<SignInStep>().Where(s => s.MerchantId == merchant).ExecuteDeleteAsync(ct);

    private IQueryable<SignInStep> Living()
    {
        var now = clock.GetUtcNow();
        return OfThisBrowser().Where(s => s.SpentAt == null && s.ExpiresAt > now && s.Tries < SignInStep.MostTries);
    }

    private IQueryable<SignInStep> OfThisBrowser()
    {
        var hash = SecretToken.Hash(Http.Request.Cookies[HostCookie.SignInStep] ?? "");
        return db.Set<SignInStep>().Where(s => s.TokenHash == hash);
    }
}
