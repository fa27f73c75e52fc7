namespace Portal.PluginTests;

/// <summary>A clock that stands still; whoever waits on it is let through at once, and the wait is written down.</summary>
public sealed class StillClock(DateTimeOffset now) : TimeProvider
{
    private readonly List<TimeSpan> waits = [];

    /// <summary>How long somebody wanted to wait.</summary>
    public IReadOnlyList<TimeSpan> Waits => waits;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => now;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        waits.Add(dueTime);
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Over();
    }

    private sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
