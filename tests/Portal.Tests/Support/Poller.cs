namespace Portal.Tests.Support;

/// <summary>Waits for what background workers do: looks often, and gives up after a while.</summary>
internal static class Poller
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(25);

    /// <summary>The first answer that is enough.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> enough, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (enough(seen))
            {
                return seen;
            }

            if (TimeProvider.System.GetElapsedTime(since) > Patience)
            {
                throw new AssertionException($"Waited in vain for {what}; last seen: {seen}\n{PortalUnderTest.LastWords()}");
            }

            await Task.Delay(Between, TimeProvider.System);
        }
    }

    /// <summary>Until it holds.</summary>
    public static Task UntilAsync(Func<Task<bool>> holds, string what) => UntilAsync(holds, static b => b, what);
}
