namespace Portal.Access.CountFailedSecrets;

/// <summary>How many wrong secrets of a kind came in this minute, and from how many networks.</summary>
internal sealed class MinuteTally
{
    // Enough to tell one guesser from a net of them.
    private const int MostNetworks = 10_000;

    // Not with every wrong secret: an attack must not become a flood of writes.
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly HashSet<string> networks = new(StringComparer.Ordinal);
    private DateTimeOffset end;
    private DateTimeOffset toldAt;
    private int count;
    private int told;

    /// <summary>When a moment's minute is over.</summary>
    public static DateTimeOffset End(DateTimeOffset now) =>
        new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute) + TimeSpan.TicksPerMinute, now.Offset);

    /// <summary>Counts one.</summary>
    /// <returns>Whether it is one too many; how many there were since merchants were last told, when it is time to tell them; from how many networks.</returns>
    public (bool IsOver, int ToTell, int Networks) Add(DateTimeOffset now, string network, int ceiling)
    {
        lock (gate)
        {
            if (now >= end)
            {
                (end, count, told, toldAt) = (End(now), 0, 0, default);
                networks.Clear();
            }

            count++;
            if (networks.Count < MostNetworks)
            {
                networks.Add(network);
            }

            if (count <= ceiling || now < toldAt + TellEvery)
            {
                return (count > ceiling, 0, networks.Count);
            }

            var toTell = count - told;
            (told, toldAt) = (count, now);
            return (true, toTell, networks.Count);
        }
    }
}
