using System.Globalization;

namespace Portal.Simulator.Engine;

/// <summary>
/// The ledger: tables, commands and events, changed one caller at a time. A change is in the file before it is answered,
/// and undone in memory when it fails.
/// </summary>
internal sealed class Books(Journal journal, BooksClock clock, IWebhookFormat format) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMicroseconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, ITable> tables = [];
    private readonly Dictionary<string, long> counters = [];
    private readonly Dictionary<string, Command> commandsByKey = [];
    private readonly List<Command> commands = [];
    private readonly List<WebhookEvent> events = [];
    private Change? change;
    private DateTimeOffset? pinned;
    private DateTimeOffset lastStamp;

    /// <summary>Raised after a change that has webhooks to send.</summary>
    public event Action? EventsAdded;

    /// <summary>Whether somebody listens to webhooks; without anybody no events are made.</summary>
    public bool Listened { get; set; }

    public DateTimeOffset Now => pinned ?? clock.GetUtcNow();

    public IReadOnlyCollection<ITable> Tables => tables.Values;

    public bool IsEmpty => tables.Values.All(table => !table.Rows.Any());

    public Table<T> Add<T>(string kind, string collection)
        where T : Resource
    {
        var table = new Table<T>(kind, collection);
        tables.Add(kind, table);
        return table;
    }

    public void Load()
    {
        foreach (var entry in journal.Read())
            Apply(entry);
        journal.Rewrite(Snapshot());
    }

    public T Read<T>(Func<T> read)
    {
        lock (gate)
            return read();
    }

    /// <summary>Does the work wholly or not at all. Within another change it is a part of that one.</summary>
    public T Change<T>(Func<T> work)
    {
        var added = false;
        try
        {
            lock (gate)
            {
                if (change is not null)
                    return Undoable(work);
                change = new Change();
                try
                {
                    return Undoable(() =>
                    {
                        var result = work();
                        if (!change.IsEmpty)
                            journal.Append(change.ToEntry(counters), durably: true);
                        change.Commands.ForEach(Remember);
                        added = change.Events.Count > 0;
                        return result;
                    });
                }
                finally
                {
                    change = null;
                }
            }
        }
        finally
        {
            if (added)
                EventsAdded?.Invoke();
        }
    }

    /// <summary>A great many changes at once: written as a new file, and told to nobody unless asked.</summary>
    public T Import<T>(bool tell, Func<T> work)
    {
        lock (gate)
        {
            var listened = Listened;
            Listened &= tell;
            change = new Change();
            try
            {
                return Undoable(() =>
                {
                    var result = work();
                    journal.Rewrite(Snapshot());
                    return result;
                });
            }
            finally
            {
                change = null;
                Listened = listened;
                EventsAdded?.Invoke();
            }
        }
    }

    /// <summary>Does the work as if it were then: how history is made, and how a clock that is moved ahead passes each day.</summary>
    public void At(DateTimeOffset moment, Action work)
    {
        var former = pinned;
        pinned = moment;
        try
        {
            work();
        }
        finally
        {
            pinned = former;
        }
    }

    public string NextId(string prefix) => string.Create(CultureInfo.InvariantCulture, $"sb_{prefix}_{NextNumber(prefix):D6}");

    public long NextNumber(string counter)
    {
        var number = counters.GetValueOrDefault(counter) + 1;
        counters[counter] = number;
        return number;
    }

    /// <summary>Keeps an object as it is now and tells whoever listens, unless there is no <paramref name="eventType"/> for it.</summary>
    public T Put<T>(Table<T> table, T row, string? eventType)
        where T : Resource
    {
        var open = change ?? throw new InvalidOperationException("The books are changed within Change.");
        var former = table.Find(row.Id);
        var stamped = row with { CreatedAt = former?.CreatedAt ?? Now, UpdatedAt = Stamp(former?.UpdatedAt) };
        table.Replace(row.Id, stamped);
        open.Add(table, row.Id, former, stamped);
        if (eventType is not null && Listened)
            AddEvent(open, eventType, stamped);
        return stamped;
    }

    public Command? FindCommand(string key) => commandsByKey.GetValueOrDefault(key);

    public void Record(Command command) => change!.Commands.Add(command);

    public IReadOnlyList<Command> Commands => commands;

    public IReadOnlyList<WebhookEvent> Events => events;

    public List<WebhookEvent> PendingEvents() => Read(() => events.Where(one => one.State == EventState.Pending).ToList());

    public void Tried(WebhookEvent sent, int? status, EventState state) =>
        Read(() =>
        {
            sent.Attempts++;
            sent.LastStatus = status;
            sent.State = state;
            if (state != EventState.Pending)
                journal.Append(new Entry { Settled = [sent.Id] }, durably: false);
            return sent;
        });

    public void MoveClock(DateTimeOffset to) =>
        Change(() =>
        {
            clock.MoveTo(to);
            change!.ClockAhead = clock.Ahead;
            return to;
        });

    public void Dispose() => journal.Dispose();

    private T Undoable<T>(Func<T> work)
    {
        var mark = change!.Mark;
        var eventCount = events.Count;
        try
        {
            return work();
        }
        catch
        {
            change.UndoTo(mark);
            events.RemoveRange(eventCount, events.Count - eventCount);
            throw;
        }
    }

    private void AddEvent(Change open, string type, Resource row)
    {
        var id = NextId("evt");
        var told = new WebhookEvent
        {
            Id = id,
            Type = type,
            ObjectId = row.Id,
            Body = format.Write(id, type, Now, row),
        };
        events.Add(told);
        open.Events.Add(told);
    }

    private DateTimeOffset Stamp(DateTimeOffset? former)
    {
        var now = new DateTimeOffset(Now.UtcTicks / Tick.Ticks * Tick.Ticks, TimeSpan.Zero);
        if (former >= now)
            now = former.Value + Tick;
        if (pinned is not null)
            return now;
        // Unique among all objects, so that a list read page by page while it changes misses nothing.
        return lastStamp = now > lastStamp ? now : lastStamp + Tick;
    }

    private void Remember(Command command)
    {
        commands.RemoveAll(one => one.Id == command.Id);
        commands.Add(command);
        if (command.IdempotencyKey is { } key)
            commandsByKey[key] = command;
    }

    private void Apply(Entry entry)
    {
        foreach (var row in entry.Rows)
            if (tables.TryGetValue(row.Kind, out var table))
                table.Load(row.Json);
        events.AddRange(entry.Events);
        foreach (var id in entry.Settled)
            events.RemoveAll(one => one.Id == id);
        entry.Commands.ForEach(Remember);
        foreach (var (name, value) in entry.Counters)
            counters[name] = value;
        if (entry.ClockAhead is { } ahead)
            clock.Ahead = ahead;
    }

    private IEnumerable<Entry> Snapshot()
    {
        yield return new Entry { Counters = new Dictionary<string, long>(counters), ClockAhead = clock.Ahead };
        foreach (var table in tables.Values)
        foreach (var rows in table.Rows.Chunk(100))
            yield return new Entry { Rows = [.. rows.Select(row => new StoredRow(table.Kind, row))] };
        foreach (var batch in commands.Chunk(100))
            yield return new Entry { Commands = [.. batch] };
        yield return new Entry { Events = [.. events.Where(one => one.State == EventState.Pending)] };
    }
}
