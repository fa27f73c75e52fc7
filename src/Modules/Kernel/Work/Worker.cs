using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Kernel.Work;

/// <summary>Claims and works one kind of item for as long as the portal runs; several nodes may.</summary>
public sealed partial class Worker<TItem>(IServiceScopeFactory scopes, WorkBells bells, TimeProvider clock, ILogger<Worker<TItem>> log)
    : BackgroundService
    where TItem : WorkItem
{
    // Looks at the clock's due items this often; commits on this node ring the bell and do not wait.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // Enough that workers who look at once need not all find their candidates taken.
    private const int Candidates = 8;
    private readonly SemaphoreSlim lookout = new(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        int loops;
        await using (var scope = scopes.CreateAsyncScope())
        {
            loops = scope.ServiceProvider.GetRequiredService<IWorkOn<TItem>>().AtOnce;
        }

        await Task.WhenAll(Enumerable.Range(0, loops).Select(_ => LoopAsync(stoppingToken)));
    }

    /// <summary>One idle loop looks at the clock; whoever finds work rings for one more, so that an idle portal asks once a second and a busy one works in parallel.</summary>
    private async Task LoopAsync(CancellationToken stopping)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            var worked = false;
            try
            {
                worked = await WorkNextAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // The database is away, most likely. The item's lease runs out and it is claimed again.
                LoopFailed(typeof(TItem).Name, failure);
            }

            if (!worked)
            {
                await RestAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RestAsync(CancellationToken stopping)
    {
        if (!await lookout.WaitAsync(TimeSpan.Zero, stopping))
        {
            await bells.WaitAsync(typeof(TItem), Timeout.InfiniteTimeSpan, stopping);
            return;
        }

        try
        {
            await bells.WaitAsync(typeof(TItem), Look, stopping);
        }
        finally
        {
            lookout.Release();
        }
    }

    /// <summary>Claims and works one due item; false when there is none.</summary>
    public async Task<bool> WorkNextAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PortalDb>();
        var work = scope.ServiceProvider.GetRequiredService<IWorkOn<TItem>>();
        if (await ClaimAsync(db, work.Lease, ct) is not { } item)
        {
            return false;
        }

        var holder = item.LeaseHolder;
        bells.Ring(typeof(TItem));
        try
        {
            if (item.Attempts > work.MaxAttempts)
            {
                // Only a process that died over it leaves an item like this.
                item.Park(clock.GetUtcNow(), item.Reason ?? "Every attempt ended without a result.");
                await db.SaveChangesAsync(ct);
            }
            else
            {
                await work.WorkAsync(item, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (DbUpdateConcurrencyException raced) when (raced.Entries.Any(e => e.Entity is TItem))
        {
            LeaseLost(typeof(TItem).Name, item.Id);
        }
        catch (Exception failure)
        {
            AttemptFailed(typeof(TItem).Name, item.Id, item.Attempts, failure);
            await RecordFailureAsync(item.Id, holder, work.MaxAttempts, failure, ct);
        }

        return true;
    }

    private async Task<TItem?> ClaimAsync(PortalDb db, TimeSpan lease, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var due = db.Set<TItem>()
            .IgnoreOwner()
            .Where(i => (i.State == WorkState.Received && i.DueAt <= now) || (i.State == WorkState.Processing && i.LeaseUntil < now));
        var candidates = await due.OrderBy(i => i.DueAt).ThenBy(i => i.Id).Select(i => i.Id).Take(Candidates).ToListAsync(ct);
        foreach (var id in candidates)
        {
            var holder = Environment.MachineName[..Math.Min(24, Environment.MachineName.Length)] + "/" + Guid.NewGuid().ToString("N");
            var claimed = await due.Where(i => i.Id == id)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(i => i.State, WorkState.Processing)
                            .SetProperty(i => i.LeaseHolder, holder)
                            .SetProperty(i => i.LeaseUntil, now + lease)
                            .SetProperty(i => i.Attempts, i => i.Attempts + 1),
                    ct
                );
            if (claimed == 1)
            {
                return await db.Set<TItem>().IgnoreOwner().SingleAsync(i => i.Id == id, ct);
            }
        }

        return null;
    }

    private async Task RecordFailureAsync(long id, string? holder, int maxAttempts, Exception failure, CancellationToken ct)
    {
        // A fresh scope: the failed one's tracked changes must not be saved along.
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PortalDb>();
        var item = await db.Set<TItem>().IgnoreOwner().SingleOrDefaultAsync(i => i.Id == id && i.LeaseHolder == holder, ct);
        if (item is null)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var reason = $"{failure.GetType().Name}: {failure.Message}";
        if (item.Attempts >= maxAttempts)
        {
            item.Park(now, reason);
        }
        else
        {
            item.Postpone(now + item.Pause, reason);
        }

        await db.SaveChangesAsync(ct);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        lookout.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Error, "Looking for {Kind} failed")]
    private partial void LoopFailed(string kind, Exception failure);

    [LoggerMessage(LogLevel.Warning, "{Kind} {Id} failed, attempt {Attempt}")]
    private partial void AttemptFailed(string kind, long id, int attempt, Exception failure);

    [LoggerMessage(LogLevel.Warning, "{Kind} {Id} was taken over by another worker")]
    private partial void LeaseLost(string kind, long id);
}
