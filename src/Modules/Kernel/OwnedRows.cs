using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Kernel;

/// <summary>An owned row that came with a customer account at a processor: if the account turns out to be another person's, it goes along.</summary>
public interface IOfAccount : IOwned
{
    /// <summary>The connection that told it.</summary>
    long ConnectionId { get; }

    /// <summary>The processor's id of the account; null when the record named none, or it was stored before the portal kept it.</summary>
    string? AccountId { get; }
}

/// <summary>A customer account at a processor.</summary>
/// <param name="ConnectionId">The merchant account it is at.</param>
/// <param name="AccountId">The processor's id; null stands for whatever names no account there.</param>
public sealed record ProcessorAccount(long ConnectionId, string? AccountId);

/// <summary>Rows of one table that changed their owner, so that they can be given back.</summary>
/// <param name="Table">Which table.</param>
/// <param name="Ids">Their row numbers.</param>
public sealed record MovedRows(string Table, IReadOnlyList<long> Ids);

/// <summary>Where a customer's rows belong now that she was merged into another; asked whenever an owned row is about to be stored.</summary>
public interface IFollowOwners
{
    /// <summary>
    /// The owners that are somebody else now. Those asked about cannot be merged before the transaction ends:
    /// a row that is stored while two customers become one would otherwise stay behind with the one that is gone.
    /// </summary>
    Task<IReadOnlyDictionary<CustomerId, CustomerId>> FollowAsync(PortalDb db, IReadOnlyCollection<CustomerId> owners, CancellationToken ct);
}

/// <summary>
/// Gives rows another owner. Which tables have owners the model says, so a new module's rows move without anybody thinking of it.
/// Call it with both customers locked, within the transaction that says why.
/// </summary>
public sealed class OwnedRows(PortalDb db)
{
    private const string Follows = "Portal:OwnerFollows";

    /// <summary>How many rows a customer owns, by table.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountAsync(CustomerId owner, CancellationToken ct)
    {
        var counts = new Dictionary<string, int>();
        foreach (var table in Tables())
        {
            counts[table.Name] = (await OfAsync(table, owner, "", [], ct)).Count;
        }

        return counts;
    }

    /// <summary>Everything of the one becomes the other's.</summary>
    public async Task<IReadOnlyList<MovedRows>> MoveAllAsync(CustomerId from, CustomerId into, CancellationToken ct)
    {
        List<MovedRows> moved = [];
        foreach (var table in Tables())
        {
            await MoveAsync(table, from, into, await OfAsync(table, from, "", [], ct), moved, ct);
        }

        return moved;
    }

    /// <summary>These rows become the other's, as far as they are still the one's.</summary>
    public async Task MoveAsync(IReadOnlyList<MovedRows> rows, CustomerId from, CustomerId into, CancellationToken ct)
    {
        foreach (var table in Tables())
        {
            var ids = rows.Where(r => r.Table == table.Name).SelectMany(r => r.Ids).ToHashSet();
            var hers = ids.Count == 0 ? [] : await OfAsync(table, from, "", [], ct);
            await MoveAsync(table, from, into, [.. hers.Where(ids.Contains)], [], ct);
        }
    }

    /// <summary>What came with these accounts becomes the other's, and what hangs on it: an order's payments and documents.</summary>
    public async Task<IReadOnlyList<MovedRows>> MoveAccountsAsync(
        IReadOnlyList<ProcessorAccount> accounts,
        CustomerId from,
        CustomerId into,
        CancellationToken ct
    )
    {
        List<MovedRows> moved = [];
        foreach (var table in Tables().Where(t => t.Account is not null))
        {
            foreach (var account in accounts)
            {
                var of = account.AccountId is null ? $"and {table.Account} is null" : $"and {table.Account} = {{2}}";
                var found = await OfAsync(table, from, $"and {table.Connection} = {{1}} {of}", [account.ConnectionId, account.AccountId ?? ""], ct);
                await MoveAsync(table, from, into, found, moved, ct);
            }
        }

        // As long as something followed, something may follow that.
        for (var before = -1; before != moved.Count; )
        {
            before = moved.Count;
            foreach (var table in Tables())
            {
                foreach (var behind in table.Behind)
                {
                    await MoveAsync(table, from, into, await OfAsync(table, from, behind, [into.Value], ct), moved, ct);
                }
            }
        }

        return moved;
    }

    internal static void SetFollows(PropertyBuilder property, string table) => property.HasAnnotation(Follows, table);

#pragma warning disable EF1002 // Names of tables and columns come from the model; values are parameters.
    private async Task<List<long>> OfAsync(Table table, CustomerId owner, string also, object[] values, CancellationToken ct) =>
        await db
            .Database.SqlQueryRaw<long>(
                $"select {table.Key} as \"Value\" from {table.Quoted} where {table.Owner} = {{0}} {also} order by 1",
                [owner.Value, .. values]
            )
            .ToListAsync(ct);

    private async Task MoveAsync(Table table, CustomerId from, CustomerId into, List<long> ids, List<MovedRows> moved, CancellationToken ct)
    {
        foreach (var batch in ids.Chunk(500))
        {
            var list = string.Join(',', batch.Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            await db.Database.ExecuteSqlRawAsync(
                $"update {table.Quoted} set {table.Owner} = {{0}} where {table.Owner} = {{1}} and {table.Key} in ({list})",
                [into.Value, from.Value],
                ct
            );
        }

        if (ids.Count > 0)
        {
            moved.Add(new MovedRows(table.Name, ids));
        }
    }
#pragma warning restore EF1002

    private List<Table> Tables() =>
        [
            .. db
                .Model.GetEntityTypes()
                .Where(e => e.ClrType.IsAssignableTo(typeof(IOwned)))
                .Select(Describe)
                .OrderBy(t => t.Name, StringComparer.Ordinal),
        ];

    private Table Describe(IEntityType entity)
    {
        var name = entity.GetTableName()!;
        var isOfAccount = entity.ClrType.IsAssignableTo(typeof(IOfAccount));
        var keys = entity
            .GetForeignKeys()
            .Where(k => k.PrincipalEntityType.ClrType.IsAssignableTo(typeof(IOwned)))
            .Select(k => ((IReadOnlyProperty)k.Properties[0], (IReadOnlyEntityType)k.PrincipalEntityType))
            .Concat(
                entity
                    .GetProperties()
                    .Where(p => p.FindAnnotation(Follows) is not null)
                    .Select(p =>
                        (
                            (IReadOnlyProperty)p,
                            (IReadOnlyEntityType)db.Model.GetEntityTypes().Single(e => e.GetTableName() == (string)p.FindAnnotation(Follows)!.Value!)
                        )
                    )
            );
        return new Table(
            name,
            Quote(name),
            KeyOf(entity),
            OwnerOf(entity),
            isOfAccount ? Column(entity.FindProperty(nameof(IOfAccount.ConnectionId))!) : null,
            isOfAccount ? Column(entity.FindProperty(nameof(IOfAccount.AccountId))!) : null,
            [
                .. keys.Select(k =>
                    $"and {Column(k.Item1)} in (select {KeyOf(k.Item2)} from {Quote(k.Item2.GetTableName()!)} where {OwnerOf(k.Item2)} = {{1}})"
                ),
            ]
        );
    }

    private static string KeyOf(IReadOnlyEntityType entity) => Column(entity.FindPrimaryKey()!.Properties.Single());

    private static string OwnerOf(IReadOnlyEntityType entity) => Column(entity.FindProperty(nameof(IOwned.CustomerId))!);

    private static string Column(IReadOnlyProperty property) =>
        Quote(property.GetColumnName(StoreObjectIdentifier.Create(property.DeclaringType, StoreObjectType.Table)!.Value)!);

    private static string Quote(string name) => '"' + name + '"';

    /// <param name="Name">As stored with what was moved.</param>
    /// <param name="Behind">Conditions, each for rows whose principal has the new owner already.</param>
    private sealed record Table(
        string Name,
        string Quoted,
        string Key,
        string Owner,
        string? Connection,
        string? Account,
        IReadOnlyList<string> Behind
    );
}

/// <summary>The words a module's model says whose its rows are in.</summary>
public static class OwnedRowsModel
{
    /// <summary>The column names a row of another module's table, and whoever owns that one owns this one. Foreign keys say as much by themselves.</summary>
    public static void OwnerFollows<T>(this PropertyBuilder<T> property, string table) => OwnedRows.SetFollows(property, table);
}
