namespace Portal.SimulatorTests;

/// <summary>Stands still where it is put.</summary>
internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
