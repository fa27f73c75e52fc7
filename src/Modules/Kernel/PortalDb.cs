using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Kernel.Work;

namespace Portal.Kernel;

/// <summary>What a <see cref="PortalDb"/> is composed of, besides its provider.</summary>
/// <param name="Model">One part per module.</param>
/// <param name="Buyer">Who this scope's owned rows must belong to.</param>
/// <param name="Bells">Rung after a commit that added work.</param>
/// <param name="Owners">Where rows of merged customers belong.</param>
public sealed record PortalDbParts(IEnumerable<IModelPart> Model, Buyer Buyer, WorkBells Bells, IEnumerable<IFollowOwners> Owners);

/// <summary>The one database context, composed from the modules' parts; one derived class per provider lives in the host.</summary>
public abstract class PortalDb(DbContextOptions options, PortalDbParts parts) : DbContext(options)
{
    internal const string Owner = "owner";
    private readonly HashSet<Type> added = [];

    /// <summary>The owner filter's parameter: read by every query on owned rows.</summary>
    public CustomerId? OwnerId => parts.Buyer.Id;

    /// <summary>Whether a save failed because another row has the same unique key.</summary>
    public abstract bool IsDuplicate(DbUpdateException failure);

    /// <summary>
    /// All customers' rows. For merchants' pages and for applying what processors tell, nothing else:
    /// a test lists who may call it.
    /// </summary>
#pragma warning disable RS0030 // The one place the ban on IgnoreQueryFilters points to.
    public IQueryable<TEntity> AllOwners<TEntity>()
        where TEntity : class, IOwned => Set<TEntity>().IgnoreQueryFilters([Owner]);
#pragma warning restore RS0030

    /// <summary>
    /// What ends a query that keeps its rows from being merged away, and one that may do so itself, until the transaction ends.
    /// Blank where there is one writer at a time anyway.
    /// </summary>
    public virtual (string Keep, string Change) RowLocks => ("", "");

    /// <summary>Runs all of it or none of it. SQLite takes the write lock at the start, so that two writers queue instead of failing late.</summary>
    public async Task<TResult> InTransactionAsync<TResult>(Func<Task<TResult>> work, CancellationToken ct)
    {
        if (Database.CurrentTransaction is not null)
        {
            return await work();
        }

        TResult result;
        await using (var transaction = await Database.BeginTransactionAsync(ct))
        {
            result = await work();
            await transaction.CommitAsync(ct);
        }

        RingBells();
        return result;
    }

    /// <inheritdoc cref="InTransactionAsync{TResult}"/>
    public Task InTransactionAsync(Func<Task> work, CancellationToken ct) =>
        InTransactionAsync(
            async () =>
            {
                await work();
                return true;
            },
            ct
        );

    /// <inheritdoc />
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries())
        {
            if (entry is { State: EntityState.Added or EntityState.Modified, Entity: IVersioned versioned })
            {
                versioned.Version = Guid.NewGuid();
            }

            if (entry is { State: EntityState.Added, Entity: WorkItem })
            {
                added.Add(entry.Metadata.ClrType);
            }
        }

        if (ChangeTracker.Entries<IOwned>().Where(GetsOwner).ToList() is { Count: > 0 } owned)
        {
            return await InTransactionAsync(
                async () =>
                {
                    await FollowOwnersAsync(owned, cancellationToken);
                    return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
                },
                cancellationToken
            );
        }

        var rows = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (Database.CurrentTransaction is null)
        {
            RingBells();
        }

        return rows;
    }

    /// <inheritdoc />
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new InvalidOperationException("Saving waits for the disk: use SaveChangesAsync.");

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<CustomerId>().HaveConversion<CustomerIdConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var part in parts.Model)
        {
            part.Build(modelBuilder);
        }

        foreach (var entity in modelBuilder.Model.GetEntityTypes().Select(e => e.ClrType).ToList())
        {
            if (entity.IsAssignableTo(typeof(IOwned)))
            {
                modelBuilder.Entity(entity).HasQueryFilter(Owner, OwnedByBuyer(entity));
            }

            if (entity.IsAssignableTo(typeof(IVersioned)))
            {
                modelBuilder.Entity(entity).Property(nameof(IVersioned.Version)).IsConcurrencyToken();
            }

            if (entity.IsAssignableTo(typeof(WorkItem)))
            {
                // Fences a worker whose lease ran out: the next one's claim changed the holder, so the late save fails.
                // Every claim also raises the attempts, so that one which came and went in between is seen, too.
                modelBuilder.Entity(entity).Property(nameof(WorkItem.Attempts)).IsConcurrencyToken();
                modelBuilder.Entity(entity).Property(nameof(WorkItem.LeaseHolder)).IsConcurrencyToken().HasMaxLength(WorkItem.LeaseHolderLength);
                modelBuilder.Entity(entity).Property(nameof(WorkItem.Reason)).HasMaxLength(WorkItem.ReasonLength);
                modelBuilder.Entity(entity).Ignore(nameof(WorkItem.Pause));
                modelBuilder.Entity(entity).HasIndex(nameof(WorkItem.State), nameof(WorkItem.DueAt));
            }
        }
    }

    private static bool GetsOwner(EntityEntry<IOwned> entry) =>
        entry.Entity.CustomerId is not null
        && (entry.State == EntityState.Added || (entry.State == EntityState.Modified && entry.Property(nameof(IOwned.CustomerId)).IsModified));

    /// <summary>Whoever the code thinks the owner is: if she was merged into another meanwhile, the row is the other's.</summary>
    private async Task FollowOwnersAsync(List<EntityEntry<IOwned>> owned, CancellationToken ct)
    {
        var owners = owned.Select(e => e.Entity.CustomerId!.Value).Distinct().ToList();
        foreach (var follow in parts.Owners)
        {
            var moved = await follow.FollowAsync(this, owners, ct);
            foreach (var entry in owned.Where(e => moved.ContainsKey(e.Entity.CustomerId!.Value)))
            {
                entry.Property(nameof(IOwned.CustomerId)).CurrentValue = moved[entry.Entity.CustomerId!.Value];
            }
        }
    }

    /// <summary>row => OwnerId != null and row.CustomerId == OwnerId; the first half keeps rows without an owner from matching nobody.</summary>
    private LambdaExpression OwnedByBuyer(Type entity)
    {
        var row = Expression.Parameter(entity, "row");
        var buyer = Expression.Property(Expression.Constant(this, typeof(PortalDb)), nameof(OwnerId));
        var body = Expression.AndAlso(
            Expression.NotEqual(buyer, Expression.Constant(null, typeof(CustomerId?))),
            Expression.Equal(Expression.Property(row, nameof(IOwned.CustomerId)), buyer)
        );
        return Expression.Lambda(body, row);
    }

    private void RingBells()
    {
        foreach (var type in added)
        {
            parts.Bells.Ring(type);
        }

        added.Clear();
    }

    private sealed class CustomerIdConverter() : ValueConverter<CustomerId, long>(id => id.Value, value => new CustomerId(value));
}
