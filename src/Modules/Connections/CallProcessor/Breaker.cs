namespace Portal.Connections.CallProcessor;

/// <summary>Rests one connection's plugin after a row of failures that are its own; closes again by itself.</summary>
internal sealed class Breaker
{
    private const int Limit = 5;
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
    private readonly Lock door = new();
    private int failures;
    private DateTimeOffset? restsUntil;

    /// <summary>When it will be tried again; null while it is in use.</summary>
    public DateTimeOffset? RestsUntil
    {
        get
        {
            lock (door)
            {
                return restsUntil;
            }
        }
    }

    public bool Lets(DateTimeOffset now)
    {
        lock (door)
        {
            if (restsUntil is not { } until)
            {
                return true;
            }

            if (now < until)
            {
                return false;
            }

            // One caller tries; should that fail too, everybody waits again.
            restsUntil = now + Rest;
            return true;
        }
    }

    public void Worked()
    {
        lock (door)
        {
            (failures, restsUntil) = (0, null);
        }
    }

    public void Failed(DateTimeOffset now)
    {
        lock (door)
        {
            if (++failures >= Limit)
            {
                restsUntil = now + Rest;
            }
        }
    }
}
