using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Kernel;
using Portal.Store.Contract;

namespace Portal.Store.Data;

/// <summary>Reads the store; every page asks, so the answer is kept for a few seconds.</summary>
internal sealed class StoreBook(PortalDb db, StoreCache cache, IActivityLog log, TimeProvider clock) : IStore
{
    public async Task<StoreInfo> GetAsync(CancellationToken ct)
    {
        if (cache.Get(clock.GetUtcNow()) is { } known)
        {
            return known;
        }

        try
        {
            var profile = await db.Set<StoreProfile>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == StoreProfile.TheOne, ct);
            return cache.Keep((profile ?? new StoreProfile()).ToInfo(), clock.GetUtcNow());
        }
        catch (Exception away) when (away is DbException || away.InnerException is DbException)
        {
            // The page that says so needs a name, too; whatever else asks the database fails by itself.
            return cache.Last ?? new StoreProfile().ToInfo();
        }
    }

    public Task RenameAsync(string name, CancellationToken ct) => ChangeAsync(store => store.Name = name, ct);

    public Task DescribeAsync(StoreDescription description, CancellationToken ct) =>
        ChangeAsync(
            store =>
            {
                (store.Name, store.LegalName, store.Address) = (description.Name, description.LegalName, description.Address);
                (store.Country, store.TaxId, store.SupportEmail) = (description.Country, description.TaxId, description.SupportEmail);
            },
            ct
        );

    /// <summary>Changes what <paramref name="change"/> changes; the log gets the names of those fields, not their values.</summary>
    public async Task ChangeAsync(Action<StoreProfile> change, CancellationToken ct)
    {
        await db.InTransactionAsync(
            async () =>
            {
                var profile = await db.Set<StoreProfile>().SingleOrDefaultAsync(s => s.Id == StoreProfile.TheOne, ct);
                if (profile is null)
                {
                    db.Add(profile = new StoreProfile());
                }

                var before = Values(profile);
                change(profile);
                var changed = Values(profile).Where(v => !Equals(v.Value, before[v.Key])).Select(v => v.Key).Order(StringComparer.Ordinal).ToList();
                await db.SaveChangesAsync(ct);
                if (changed.Count > 0)
                {
                    await log.RecordAsync(StoreActivity.Changed, null, [string.Join(", ", changed)], ct);
                }
            },
            ct
        );
        cache.Forget();
    }

    private Dictionary<string, object?> Values(StoreProfile profile) =>
        db.Entry(profile).Properties.ToDictionary(p => p.Metadata.Name, p => p.CurrentValue);
}

/// <summary>The last answer; other nodes see a change within its life.</summary>
internal sealed class StoreCache
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(5);
    private Kept? kept;

    public StoreInfo? Last => kept?.Info;

    public StoreInfo? Get(DateTimeOffset now) => kept is { } k && now < k.Until ? k.Info : null;

    public StoreInfo Keep(StoreInfo info, DateTimeOffset now)
    {
        kept = new Kept(info, now + Life);
        return info;
    }

    public void Forget() => kept = kept is null ? null : kept with { Until = DateTimeOffset.MinValue };

    // A reference, so that readers never see half of it.
    private sealed record Kept(StoreInfo Info, DateTimeOffset Until);
}
