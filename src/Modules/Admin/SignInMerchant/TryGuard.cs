using Microsoft.EntityFrameworkCore;
using Portal.Admin.Data;
using Portal.Kernel;

namespace Portal.Admin.SignInMerchant;

/// <summary>Slows down guessing one account's password from many places. Addresses without an account cost the same.</summary>
internal sealed class TryGuard(PortalDb db, TimeProvider clock)
{
    private const int Free = 10;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    // Short enough that whoever guesses in somebody's name cannot keep her out for long.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Counts a try before it is looked at, so that many at once gain nothing.</summary>
    /// <returns>How long to wait before the next one is looked at; null when this one is.</returns>
    public async Task<TimeSpan?> BeginAsync(string email, CancellationToken ct)
    {
        try
        {
            return await db.InTransactionAsync(() => CountAsync(email, ct), ct);
        }
        catch (DbUpdateException failure) when (db.IsDuplicate(failure))
        {
            // Two first tries at once: the other's row is there now.
            db.ChangeTracker.Clear();
            return await db.InTransactionAsync(() => CountAsync(email, ct), ct);
        }
    }

    /// <summary>She is in.</summary>
    public Task ForgetAsync(string email, CancellationToken ct) => Of(email).ExecuteDeleteAsync(ct);

    private async Task<TimeSpan?> CountAsync(string email, CancellationToken ct)
    {
        // Locks the row, so that tries at once count each other. Where there is none, only one of them adds it.
        var isThere = await Of(email).ExecuteUpdateAsync(set => set.SetProperty(t => t.Count, t => t.Count), ct) == 1;
        var (tries, now) = (isThere ? await Of(email).SingleAsync(ct) : new FailedTries(Hash(email)), clock.GetUtcNow());
        if (!isThere)
        {
            db.Add(tries);
        }

        if (tries.NextAt > now)
        {
            return tries.NextAt - now;
        }

        tries.Count = tries.LastAt < now - Memory ? 1 : tries.Count + 1;
        (tries.LastAt, tries.NextAt) = (now, now + WaitAfter(tries.Count));
        await db.SaveChangesAsync(ct);
        return null;
    }

    private static TimeSpan WaitAfter(int tries) =>
        tries < Free ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, tries - Free + 1)));

    private IQueryable<FailedTries> Of(string email)
    {
        var hash = Hash(email);
        return db.Set<FailedTries>().Where(t => t.AddressHash == hash);
    }

    private static byte[] Hash(string email) => SecretToken.Hash(MerchantBook.Fold(email));
}
