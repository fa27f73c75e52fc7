namespace Portal.Simulator.Engine;

/// <summary>What one change has done so far, and how to take it back.</summary>
internal sealed class Change
{
    private readonly List<(ITable Table, string Id, Resource? Former, Resource Now)> rows = [];

    public List<WebhookEvent> Events { get; } = [];

    public List<Command> Commands { get; } = [];

    public TimeSpan? ClockAhead { get; set; }

    public bool IsEmpty => rows.Count == 0 && Commands.Count == 0 && ClockAhead is null;

    public (int Rows, int Events) Mark => (rows.Count, Events.Count);

    public void Add(ITable table, string id, Resource? former, Resource now) => rows.Add((table, id, former, now));

    public void UndoTo((int Rows, int Events) mark)
    {
        for (var last = rows.Count - 1; last >= mark.Rows; last--)
            rows[last].Table.Replace(rows[last].Id, rows[last].Former);
        rows.RemoveRange(mark.Rows, rows.Count - mark.Rows);
        Events.RemoveRange(mark.Events, Events.Count - mark.Events);
    }

    public Entry ToEntry(Dictionary<string, long> counters) =>
        new()
        {
            Rows = [.. rows.GroupBy(row => (row.Table, row.Id)).Select(group => new StoredRow(group.Key.Table.Kind, group.Last().Now))],
            Events = [.. Events],
            Commands = [.. Commands],
            Counters = new Dictionary<string, long>(counters),
            ClockAhead = ClockAhead,
        };
}
