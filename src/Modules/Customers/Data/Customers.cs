using Microsoft.EntityFrameworkCore;
using Portal.Kernel;

namespace Portal.Customers.Data;

/// <summary>How the module reads its own tables, always the same way.</summary>
internal static class Customers
{
    /// <summary>The row, whoever asks; null when there is none.</summary>
    public static Task<Customer?> CustomerAsync(this PortalDb db, CustomerId id, CancellationToken ct) =>
        db.Set<Customer>().SingleOrDefaultAsync(c => c.RowId == id.Value, ct);

    /// <summary>Keeps customers as they are until the transaction ends, and reads them anew. In one order, so that two who want the same never wait for each other.</summary>
    public static async Task<List<Customer>> LockAsync(this PortalDb db, IReadOnlyCollection<CustomerId> ids, CancellationToken ct)
    {
        List<Customer> locked = [];
        foreach (var id in ids.Distinct().OrderBy(i => i.Value))
        {
            await Read(db, [id], db.RowLocks.Change).ToListAsync(ct);
            if (await db.CustomerAsync(id, ct) is { } customer)
            {
                await db.Entry(customer).ReloadAsync(ct);
                locked.Add(customer);
            }
        }

        return locked;
    }

    /// <summary>Who of these was merged into whom.</summary>
    public static IQueryable<Merged> Read(PortalDb db, IReadOnlyCollection<CustomerId> ids, string rowLock)
    {
        var list = string.Join(',', ids.Select(id => id.ToString()));
#pragma warning disable EF1002 // Numbers, and a text of ours.
        return db.Database.SqlQueryRaw<Merged>($"""select "Id", "MergedIntoId" from customers_customer where "Id" in ({list}){rowLock}""");
#pragma warning restore EF1002
    }

    /// <summary>A row of <see cref="Read"/>.</summary>
    public sealed class Merged
    {
        public long Id { get; init; }
        public long? MergedIntoId { get; init; }
    }
}

/// <summary>Leads from a merged customer to the one she is now, and keeps both from merging further until the transaction ends.</summary>
internal sealed class FollowMerged : IFollowOwners
{
    public async Task<IReadOnlyDictionary<CustomerId, CustomerId>> FollowAsync(
        PortalDb db,
        IReadOnlyCollection<CustomerId> owners,
        CancellationToken ct
    )
    {
        var now = owners.ToDictionary(o => o);
        for (IReadOnlyCollection<CustomerId> ask = owners; ask.Count > 0; )
        {
            var merged = (await Customers.Read(db, ask, db.RowLocks.Keep).ToListAsync(ct))
                .Where(r => r.MergedIntoId is not null)
                .ToDictionary(r => new CustomerId(r.Id), r => new CustomerId(r.MergedIntoId!.Value));
            foreach (var owner in owners.Where(o => merged.ContainsKey(now[o])))
            {
                now[owner] = merged[now[owner]];
            }

            ask = [.. merged.Values.Distinct()];
        }

        return now.Where(n => n.Key != n.Value).ToDictionary();
    }
}
