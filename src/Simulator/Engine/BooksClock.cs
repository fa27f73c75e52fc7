namespace Portal.Simulator.Engine;

/// <summary>
/// The time the books live in: it can be moved ahead of the wire's, so that a year of renewals passes in a moment
/// while webhooks are still signed with a time their receiver accepts.
/// </summary>
internal sealed class BooksClock(TimeProvider wire) : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => wire.GetUtcNow() + Ahead;

    public void MoveTo(DateTimeOffset moment) => Ahead = moment - wire.GetUtcNow();
}
