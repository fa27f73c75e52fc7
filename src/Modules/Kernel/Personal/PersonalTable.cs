using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace Portal.Kernel.Personal;

/// <summary>One kind of row about one person.</summary>
public abstract class PersonalTable
{
    private protected PersonalTable(string name, string label) => (Name, Label) = (name, label);

    /// <summary>Its name in an export, the same in every language: <c>orders</c>.</summary>
    public string Name { get; }

    /// <summary>Its name for people.</summary>
    public string Label { get; }

    /// <summary>What each row says.</summary>
    public abstract PersonalColumns Columns { get; }

    /// <summary>Her rows in the order they came in, read in batches.</summary>
    public abstract IAsyncEnumerable<PersonalRow> RowsAsync(CancellationToken ct);

    /// <summary>What erasing would do; nothing is said about what she has none of.</summary>
    public abstract Task<IReadOnlyList<PersonalLine>> PreviewAsync(CancellationToken ct);

    /// <summary>Does it, within the caller's transaction. Done again it changes nothing but what has outlived its reason since.</summary>
    public abstract Task EraseAsync(CancellationToken ct);

    /// <summary>Owned rows: the scope's buyer's.</summary>
    public static PersonalTable<TEntity> Of<TEntity>(PortalDb db, string name, string label)
        where TEntity : class, IOwned => new(db, name, label, db.Set<TEntity>());

    /// <summary>Rows that are found otherwise.</summary>
    public static PersonalTable<TEntity> Of<TEntity>(PortalDb db, string name, string label, IQueryable<TEntity> rows)
        where TEntity : class => new(db, name, label, rows);
}

/// <summary>One kind of row about one person. Columns come from the model: a new one is handed out without being thought of.</summary>
public sealed class PersonalTable<TEntity> : PersonalTable
    where TEntity : class
{
    private const int Batch = 500;
    private readonly IQueryable<TEntity> rows;
    private readonly RowShape shape;
    private readonly List<Part> parts = [];

    internal PersonalTable(PortalDb db, string name, string label, IQueryable<TEntity> rows)
        : base(name, label) => (this.rows, shape) = (rows, new RowShape(db.Model.FindEntityType(typeof(TEntity))!));

    /// <inheritdoc />
    public override PersonalColumns Columns => shape.Columns;

    /// <summary>Leaves columns out that say nothing of her.</summary>
    public PersonalTable<TEntity> Without(params string[] properties)
    {
        shape.Drop(properties);
        return this;
    }

    /// <summary>Calls a column by a better name than its property's.</summary>
    public PersonalTable<TEntity> Naming(string property, string column)
    {
        shape.Rename(property, column);
        return this;
    }

    /// <summary>Adds a column the table itself does not have.</summary>
    public PersonalTable<TEntity> With(string column, Func<TEntity, object?> read)
    {
        shape.Add(column, row => read((TEntity)row));
        return this;
    }

    /// <summary>Erasing deletes them.</summary>
    public PersonalTable<TEntity> Delete(Expression<Func<TEntity, bool>>? which = null) =>
        Add(new Part(Fate.Deleted, null, null, which, (hers, ct) => hers.ExecuteDeleteAsync(ct)));

    /// <summary>Erasing deletes them, with what hangs on them.</summary>
    public PersonalTable<TEntity> DeleteBy(
        Func<IQueryable<TEntity>, CancellationToken, Task> delete,
        Expression<Func<TEntity, bool>>? which = null
    ) => Add(new Part(Fate.Deleted, null, null, which, delete));

    /// <summary>Erasing takes out of them what tells whose they were.</summary>
    /// <param name="what">What goes and what stays, in words.</param>
    /// <param name="erase">Does it.</param>
    /// <param name="which">Of them; null for all.</param>
    public PersonalTable<TEntity> Anonymize(
        string what,
        Func<IQueryable<TEntity>, CancellationToken, Task> erase,
        Expression<Func<TEntity, bool>>? which = null
    ) => Add(new Part(Fate.Anonymized, what, null, which, erase));

    /// <summary>Erasing leaves them.</summary>
    /// <param name="why">By which right, in words.</param>
    /// <param name="until">The day the last of them goes; null for as long as the reason lasts.</param>
    /// <param name="which">Of them; null for all.</param>
    /// <param name="always">Says so also while there are none: the erasure itself makes one.</param>
    public PersonalTable<TEntity> Keep(string why, DateTimeOffset? until, Expression<Func<TEntity, bool>>? which = null, bool always = false) =>
        Add(new Part(Fate.Kept, why, until, which, (_, _) => Task.CompletedTask, always));

    /// <inheritdoc />
    public override async IAsyncEnumerable<PersonalRow> RowsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (long after = 0; ; )
        {
            var last = after;
            var batch = await rows.AsNoTracking()
                .Where(r => EF.Property<long>(r, shape.Key) > last)
                .OrderBy(r => EF.Property<long>(r, shape.Key))
                .Take(Batch)
                .ToListAsync(ct);
            foreach (var row in batch)
            {
                yield return shape.Read(row);
            }

            if (batch.Count < Batch)
            {
                yield break;
            }

            after = shape.KeyOf(batch[^1]);
        }
    }

    /// <inheritdoc />
    public override async Task<IReadOnlyList<PersonalLine>> PreviewAsync(CancellationToken ct)
    {
        List<PersonalLine> lines = [];
        foreach (var part in Parts())
        {
            var count = await part.Of(rows).LongCountAsync(ct);
            if (count > 0 || part.Always)
            {
                lines.Add(new PersonalLine(Label, count > 0 ? count : null, part.Fate, part.Why, part.Until));
            }
        }

        return lines;
    }

    /// <inheritdoc />
    public override async Task EraseAsync(CancellationToken ct)
    {
        foreach (var part in Parts())
        {
            await part.EraseAsync(part.Of(rows), ct);
        }
    }

    private PersonalTable<TEntity> Add(Part part)
    {
        parts.Add(part);
        return this;
    }

    private List<Part> Parts() => parts.Count > 0 ? parts : throw new InvalidOperationException($"Nobody said what becomes of {Name}.");

    private sealed record Part(
        Fate Fate,
        string? Why,
        DateTimeOffset? Until,
        Expression<Func<TEntity, bool>>? Which,
        Func<IQueryable<TEntity>, CancellationToken, Task> EraseAsync,
        bool Always = false
    )
    {
        public IQueryable<TEntity> Of(IQueryable<TEntity> rows) => Which is null ? rows : rows.Where(Which);
    }
}
