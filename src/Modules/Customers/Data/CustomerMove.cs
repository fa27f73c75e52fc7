using System.Text.Json;
using Portal.Kernel;

namespace Portal.Customers.Data;

/// <summary>Why rows changed their owner.</summary>
internal enum MoveKind
{
    /// <summary>Two were one.</summary>
    Merge,

    /// <summary>One was two.</summary>
    Split,
}

/// <summary>What a merge or split moved, so that it can be taken back.</summary>
internal sealed class CustomerMove
{
    /// <summary>How long it can be taken back.</summary>
    public static readonly TimeSpan UndoLife = TimeSpan.FromDays(30);

    private CustomerMove() { }

    public CustomerMove(MoveKind kind, Customer from, Customer into, IReadOnlyList<MovedRows> rows, Audience by, DateTimeOffset now)
    {
        PublicId = Kernel.PublicId.New("mov");
        (Kind, FromId, IntoId, By, MovedAt) = (kind, from.RowId, into.RowId, by, now);
        (Rows, IntoFoundByEmail) = (JsonSerializer.Serialize(rows), into.FoundByEmail);
    }

    public long Id { get; private set; }
    public string PublicId { get; private set; } = "";
    public MoveKind Kind { get; private set; }
    public long FromId { get; private set; }
    public long IntoId { get; private set; }

    /// <summary>Who did it: <see cref="Audience.Public"/> stands for the portal itself.</summary>
    public Audience By { get; private set; }

    /// <summary>JSON of <see cref="MovedRows"/>.</summary>
    public string Rows { get; private set; } = "[]";

    /// <summary>As it was before, to be put back.</summary>
    public bool IntoFoundByEmail { get; private set; }
    public DateTimeOffset MovedAt { get; private set; }
    public DateTimeOffset? UndoneAt { get; set; }

    public IReadOnlyList<MovedRows> Moved() => JsonSerializer.Deserialize<List<MovedRows>>(Rows)!;

    public bool CanBeUndone(DateTimeOffset now) => UndoneAt is null && MovedAt > now - UndoLife;
}
