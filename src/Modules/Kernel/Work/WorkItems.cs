using Microsoft.EntityFrameworkCore;

namespace Portal.Kernel.Work;

/// <summary>What a person does with many items at once.</summary>
public static class WorkItems
{
    /// <summary><see cref="WorkItem.TryAgain"/> for every parked one of these, without reading them.</summary>
    /// <returns>How many.</returns>
    public static Task<int> TryAllAgainAsync<TItem>(this IQueryable<TItem> items, DateTimeOffset now, CancellationToken ct)
        where TItem : WorkItem =>
        items
            .Where(i => i.State == WorkState.Parked)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(i => i.State, WorkState.Received)
                        .SetProperty(i => i.DueAt, now)
                        .SetProperty(i => i.EndedAt, (DateTimeOffset?)null)
                        .SetProperty(i => i.Attempts, 0),
                ct
            );
}
