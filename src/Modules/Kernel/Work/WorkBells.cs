using System.Collections.Concurrent;

namespace Portal.Kernel.Work;

/// <summary>Wakes this process's workers after a commit, so that nobody waits for the next look. Losing a ring loses nothing.</summary>
public sealed class WorkBells
{
    private readonly ConcurrentDictionary<Type, SemaphoreSlim> bells = new();

    /// <summary>There is work of this kind.</summary>
    public void Ring(Type item)
    {
        var bell = Bell(item);
        if (bell.CurrentCount == 0)
        {
            bell.Release();
        }
    }

    /// <summary>Until rung, or for a while.</summary>
    public Task WaitAsync(Type item, TimeSpan atMost, CancellationToken ct) => Bell(item).WaitAsync(atMost, ct);

    private SemaphoreSlim Bell(Type item) => bells.GetOrAdd(item, static _ => new SemaphoreSlim(0));
}
