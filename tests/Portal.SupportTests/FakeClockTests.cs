using Portal.TestSupport;

namespace Portal.SupportTests;

public sealed class FakeClockTests
{
    [Test]
    public void Timers_fire_in_their_order_and_at_their_time()
    {
        var clock = new FakeClock();
        var (start, fired) = (clock.GetUtcNow(), new List<(string Name, TimeSpan After)>());
        using var every = clock.CreateTimer(_ => fired.Add(("every", clock.GetUtcNow() - start)), null, Seconds(2), Seconds(2));
        using var once = clock.CreateTimer(_ => fired.Add(("once", clock.GetUtcNow() - start)), null, Seconds(3), Timeout.InfiniteTimeSpan);

        clock.Advance(Seconds(5));

        fired.Should().Equal(("every", Seconds(2)), ("once", Seconds(3)), ("every", Seconds(4)));
        clock.GetUtcNow().Should().Be(start + Seconds(5));
    }

    [Test]
    public async Task Delays_end_when_the_clock_is_moved_and_not_before()
    {
        var clock = new FakeClock();
        var delay = Task.Delay(TimeSpan.FromHours(1), clock);

        clock.Advance(TimeSpan.FromMinutes(59));
        delay.IsCompleted.Should().BeFalse();

        clock.Advance(TimeSpan.FromMinutes(1));
        await delay;
    }

    [Test]
    public void A_stopped_timer_stays_silent_and_the_clock_does_not_go_back()
    {
        var clock = new FakeClock();
        var fired = 0;
        using (clock.CreateTimer(_ => fired++, null, Seconds(1), Seconds(1)))
        {
            clock.Advance(Seconds(1));
        }

        clock.Advance(Seconds(9));

        fired.Should().Be(1);
        clock.Invoking(c => c.MoveTo(c.GetUtcNow().AddTicks(-1))).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
