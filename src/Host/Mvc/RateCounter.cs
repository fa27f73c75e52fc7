using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Host.Mvc;

/// <summary>
/// Counts tries over the last minute in twelve megabytes, however many there are who try: a count-min sketch for each ten seconds.
/// It never counts too few, and too many by one or two only while a million networks try at once.
/// </summary>
internal sealed class RateCounter(TimeProvider clock)
{
    private const int Slots = 6;
    private const int Rows = 4;
    private const int Width = 1 << 18;
    private static readonly TimeSpan SlotLength = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly ushort[][] slots = [.. Enumerable.Range(0, Slots).Select(_ => new ushort[Rows * Width])];

    private readonly byte[] salt = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
    private long newest;

    /// <summary>Counts a try, unless there were enough already.</summary>
    /// <param name="who">Whose; short.</param>
    /// <param name="most">How many a minute.</param>
    /// <returns>How long to wait; null when the try is free.</returns>
    public TimeSpan? Take(string who, int most)
    {
        // Without the salt in front, anybody could work out whose tries count as another's.
        Span<byte> salted = stackalloc byte[salt.Length + Encoding.UTF8.GetMaxByteCount(who.Length)];
        salt.CopyTo(salted);
        var length = salt.Length + Encoding.UTF8.GetBytes(who, salted[salt.Length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(salted[..length], hash);
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
