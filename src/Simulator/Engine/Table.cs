using System.Globalization;
using System.Text.Json;

namespace Portal.Simulator.Engine;

internal interface ITable
{
    /// <summary>The singular, as in <see cref="Resource.Object"/>.</summary>
    string Kind { get; }

    /// <summary>The plural, as in URLs.</summary>
    string Collection { get; }

    IEnumerable<Resource> Rows { get; }

    Resource? FindAny(string id);

    Resource? Replace(string id, Resource? row);

    void Load(JsonElement row);

    Page ReadPage(DateTimeOffset changedSince, string? after, int limit);
}

/// <summary>A page of a list: <paramref name="Next"/> is the cursor of the following one, null at the end.</summary>
internal sealed record Page(IReadOnlyList<Resource> Data, string? Next);

/// <summary>The objects of one kind, by id and in the order of their last change.</summary>
internal sealed class Table<T>(string kind, string collection) : ITable
    where T : Resource
{
    private readonly Dictionary<string, T> rows = [];
    private readonly SortedSet<(DateTimeOffset ChangedAt, string Id)> byChange = [];

    public string Kind => kind;

    public string Collection => collection;

    public IEnumerable<Resource> Rows => rows.Values;

    public IEnumerable<T> All => rows.Values;

    public T? Find(string id) => rows.GetValueOrDefault(id);

    public T Get(string id) => Find(id) ?? throw Refusal.NotFound(kind, id);

    public Resource? FindAny(string id) => Find(id);

    public Resource? Replace(string id, Resource? row)
    {
        var former = Find(id);
        if (former is not null)
            byChange.Remove((former.UpdatedAt, id));
        rows.Remove(id);
        if (row is T typed)
        {
            rows.Add(id, typed);
            byChange.Add((typed.UpdatedAt, id));
        }
        return former;
    }

    public void Load(JsonElement row)
    {
        var loaded = row.Deserialize<T>(Wire.Lenient) ?? throw new InvalidDataException($"An empty {kind} in the ledger.");
        Replace(loaded.Id, loaded);
    }

    public Page ReadPage(DateTimeOffset changedSince, string? after, int limit)
    {
        var (from, last) = after is null ? (changedSince, "") : ReadCursor(after);
        // Ids are never empty, so the empty one stands before everything changed at that moment.
        var found = byChange
            .GetViewBetween((from, last), (DateTimeOffset.MaxValue, "~"))
            .Where(key => key.ChangedAt >= changedSince && key != (from, last))
            .Take(limit + 1)
            .ToList();
        var page = found.Take(limit).ToList();
        return new Page([.. page.Select(key => rows[key.Id])], found.Count > limit ? WriteCursor(page[^1]) : null);
    }

    private static string WriteCursor((DateTimeOffset ChangedAt, string Id) key) =>
        string.Create(CultureInfo.InvariantCulture, $"{key.ChangedAt.UtcTicks}.{key.Id}");

    private static (DateTimeOffset ChangedAt, string Id) ReadCursor(string cursor)
    {
        var dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return
            dot > 0
            && long.TryParse(cursor.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.Ticks
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), cursor[(dot + 1)..])
            : throw Refusal.BadRequest("`after` is not a cursor of this list.");
    }
}
