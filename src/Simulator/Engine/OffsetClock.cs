namespace Portal.Simulator.Engine;

/// <summary>The system's clock, shifted.</summary>
internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
}
