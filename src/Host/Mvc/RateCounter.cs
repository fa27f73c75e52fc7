using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Host.Mvc;

/// <summary>
/// Counts tries over the last minute in six megabytes, however many there are who try: a count-min sketch for each ten seconds.
/// It never counts too few; too many only once millions of networks try within a minute.
/// </summary>
internal sealed class RateCounter(TimeProvider clock)
{
    private const int Slots = 6;
    private const int Rows = 4;
    private const int Width = 1 << 17;
    private static readonly TimeSpan SlotLength = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly ushort[][] slots = [.. Enumerable.Range(0, Slots).Select(_ => new ushort[Rows * Width])];

    // Without it nobody can work out whose tries count as another's.
    private readonly byte[] salt = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
    private long newest;

    /// <summary>Counts a try, unless there were enough already.</summary>
    /// <param name="who">Whose.</param>
    /// <param name="most">How many a minute.</param>
    /// <returns>How long to wait; null when the try is free.</returns>
    public TimeSpan? Take(string who, int most)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(who), hash);
        Span<int> cells = stackalloc int[Rows];
        for (var row = 0; row < Rows; row++)
        {
            cells[row] = (row * Width) + (int)(MemoryMarshal.Read<uint>(hash[(4 * row)..]) % Width);
        }

        lock (gate)
        {
            var now = clock.GetUtcNow();
            Turn(now.Ticks / SlotLength.Ticks);
            var tries = 0;
            for (var slot = newest; slot > newest - Slots; slot--)
            {
                tries += Least(slot, cells);
                if (tries >= most)
                {
                    // Free again once this slot is older than a minute.
                    return new DateTimeOffset((slot + Slots) * SlotLength.Ticks, TimeSpan.Zero) - now;
                }
            }

            Add(cells);
            return null;
        }
    }

    private ushort[] At(long slot) => slots[(int)(((slot % Slots) + Slots) % Slots)];

    private void Turn(long slot)
    {
        for (var next = Math.Max(newest, slot - Slots) + 1; next <= slot; next++)
        {
            Array.Clear(At(next));
        }

        newest = Math.Max(newest, slot);
    }

    private int Least(long slot, ReadOnlySpan<int> cells)
    {
        var counts = At(slot);
        var least = ushort.MaxValue;
        foreach (var cell in cells)
        {
            least = Math.Min(least, counts[cell]);
        }

        return least;
    }

    private void Add(ReadOnlySpan<int> cells)
    {
        var (counts, least) = (At(newest), Least(newest, cells));
        foreach (var cell in cells)
        {
            // Only the cells that tell the count: the others were raised by somebody else's tries.
            if (counts[cell] == least && least < ushort.MaxValue)
            {
                counts[cell]++;
            }
        }
    }
}
