using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Portal.Kernel;

/// <summary>A row of a list that is shown newest first.</summary>
public interface IListed
{
    /// <summary>The row number; breaks ties.</summary>
    long Id { get; }

    /// <summary>What the list is ordered by.</summary>
    DateTimeOffset ListedAt { get; }
}

/// <summary>One page of a list, with the keys of its neighbors.</summary>
/// <param name="Rows">In order, newest first.</param>
/// <param name="Newer">The query value of the page before; null on the first page.</param>
/// <param name="Older">The query value of the page after; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Rows, string? Newer, string? Older)
{
    /// <summary>The same page with each row made into another.</summary>
    public Page<TOther> Select<TOther>(Func<T, TOther> make) => new([.. Rows.Select(make)], Newer, Older);
}

/// <summary>Paging by key: every page costs the same, however deep, and rows that come in meanwhile shift nothing.</summary>
public static class Paging
{
    /// <summary>Rows on a page.</summary>
    public const int Size = 20;

    /// <summary>Reads the page a key points to, newest first. A key that cannot be read is the first page.</summary>
    /// <param name="rows">Filtered, not ordered.</param>
    /// <param name="key">What <see cref="Page{T}.Newer"/> or <see cref="Page{T}.Older"/> said.</param>
    /// <param name="ct">Ends the query.</param>
    /// <param name="size">Rows on the page.</param>
    public static async Task<Page<T>> NewestFirstAsync<T>(this IQueryable<T> rows, string? key, CancellationToken ct, int size = Size)
        where T : class, IListed
    {
        var (from, at, id) = Parse(key);
        var found = from switch
        {
            Direction.Older => await rows.Where(r => r.ListedAt < at || (r.ListedAt == at && r.Id < id))
                .OrderByDescending(r => r.ListedAt)
                .ThenByDescending(r => r.Id)
                .Take(size + 1)
                .ToListAsync(ct),
            Direction.Newer => await rows.Where(r => r.ListedAt > at || (r.ListedAt == at && r.Id > id))
                .OrderBy(r => r.ListedAt)
                .ThenBy(r => r.Id)
                .Take(size + 1)
                .ToListAsync(ct),
            _ => await rows.OrderByDescending(r => r.ListedAt).ThenByDescending(r => r.Id).Take(size + 1).ToListAsync(ct),
        };

        var more = found.Count > size;
        if (more)
        {
            found.RemoveAt(size);
        }

        if (from == Direction.Newer)
        {
            found.Reverse();
        }

        var newer = from == Direction.Older || (from == Direction.Newer && more);
        var older = from == Direction.Newer || more;
        return new Page<T>(found, newer && found.Count > 0 ? Key('n', found[0]) : null, older && found.Count > 0 ? Key('o', found[^1]) : null);
    }

    private enum Direction
    {
        First,
        Newer,
        Older,
    }

    private static string Key(char direction, IListed row) =>
        string.Create(CultureInfo.InvariantCulture, $"{direction}{row.ListedAt.UtcTicks}-{row.Id}");

    private static (Direction, DateTimeOffset, long) Parse(string? key)
    {
        if (
            key is ['n' or 'o', .. var rest]
            && rest.Split('-') is [var ticks, var id]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var t)
            && t <= DateTime.MaxValue.Ticks
            && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
        )
        {
            return (key[0] == 'n' ? Direction.Newer : Direction.Older, new DateTimeOffset(t, TimeSpan.Zero), i);
        }

        return (Direction.First, default, 0);
    }
}
