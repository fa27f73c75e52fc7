using Microsoft.EntityFrameworkCore;
using Portal.Admin.Data;
using Portal.Kernel;

namespace Portal.Admin.ChoosePassword;

/// <summary>Mailed links with which a merchant chooses a password.</summary>
internal sealed class MerchantLinks(PortalDb db, TimeProvider clock)
{
    /// <summary>A fresh link in place of former ones.</summary>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> MakeAsync(long merchant, LinkPurpose purpose, CancellationToken ct)
    {
        await VoidAsync(merchant, ct);
        var token = SecretToken.New();
        var link = new MerchantLink(merchant, purpose, token, clock.GetUtcNow());
        db.Add(link);
        await db.SaveChangesAsync(ct);
        return (token, link.ExpiresAt);
    }

    /// <summary>A link and whose it is; null when it is spent, expired, none, or hers who is kept out.</summary>
    public async Task<(MerchantLink Link, Merchant Merchant)?> FindAsync(string token, CancellationToken ct) =>
        await Living(token).AsNoTracking().SingleOrDefaultAsync(ct) is { } link
        && await db.Set<Merchant>().SingleOrDefaultAsync(m => m.Id == link.MerchantId && m.DisabledAt == null, ct) is { } merchant
            ? (link, merchant)
            : null;

    /// <summary>Uses it up: of all who do so at once, one is told yes.</summary>
    public async Task<bool> SpendAsync(string token, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await Living(token).ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, (DateTimeOffset?)now), ct) == 1;
    }

    /// <summary>None of hers works any more.</summary>
    public Task VoidAsync(long merchant, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.Set<MerchantLink>()
            .Where(l => l.MerchantId == merchant && l.SpentAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, (DateTimeOffset?)now), ct);
    }

    private IQueryable<MerchantLink> Living(string token)
    {
        var (hash, now) = (SecretToken.Hash(token), clock.GetUtcNow());
        return db.Set<MerchantLink>().Where(l => l.TokenHash == hash && l.SpentAt == null && l.ExpiresAt > now);
    }
}
