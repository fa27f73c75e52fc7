namespace Portal.Kernel;

/// <summary>Something a module does on a schedule. It must be harmless to run twice: schedules promise a time, not exactly once.</summary>
public interface IRecurringTask
{
    /// <summary>Stable and unique: <c>reconcile-connections</c>.</summary>
    string Name { get; }

    /// <summary>A Quartz cron expression in UTC, seconds first.</summary>
    string Cron { get; }

    /// <summary>Runs once, in a scope of its own.</summary>
    Task RunAsync(CancellationToken ct);
}
