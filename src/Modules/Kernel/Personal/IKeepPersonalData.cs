namespace Portal.Kernel.Personal;

/// <summary>What becomes of rows when the person they are about is erased.</summary>
public enum Fate
{
    /// <summary>Gone.</summary>
    Deleted,

    /// <summary>The row stays, what tells whose it was goes.</summary>
    Anonymized,

    /// <summary>Stays as it is, for a reason and until a day.</summary>
    Kept,
}

/// <summary>What erasing a person would do to one kind of thing, in words.</summary>
/// <param name="What">The things: <c>Orders</c>.</param>
/// <param name="Count">How many; null where they cannot be told from other people's.</param>
/// <param name="Fate">What becomes of them.</param>
/// <param name="Why">Of what is anonymized: what goes and what stays. Of what is kept: by which right.</param>
/// <param name="Until">When what is kept goes, too; null for "as long as the reason lasts".</param>
public sealed record PersonalLine(string What, long? Count, Fate Fate, string? Why, DateTimeOffset? Until);

/// <summary>A file that is hers: an invoice's PDF.</summary>
/// <param name="OpenAsync">Its name within the export and its bytes; made on the spot if need be.</param>
public sealed record PersonalFile(Func<CancellationToken, Task<(string Name, Stream Content)>> OpenAsync);

/// <summary>What one module knows about people, for handing it out and for erasing it. A test finds tables with a customer that nobody names here.</summary>
/// <remarks>
/// Resolved in a scope whose <see cref="Buyer"/> is the person: owned rows are hers alone by construction.
/// Words are in the current culture.
/// </remarks>
public interface IKeepPersonalData
{
    /// <summary>Her rows, table by table, each with what becomes of it.</summary>
    Task<IReadOnlyList<PersonalTable>> TablesAsync(CustomerId person, CancellationToken ct);

    /// <summary>What is kept besides, and cannot be told from other people's.</summary>
    IReadOnlyList<PersonalLine> Besides => [];

    /// <summary>Her files.</summary>
    Task<IReadOnlyList<PersonalFile>> FilesAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<PersonalFile>>([]);

    /// <summary>Why she cannot be erased yet; null when nothing stands in the way.</summary>
    Task<string?> ObstacleAsync(CancellationToken ct) => Task.FromResult<string?>(null);
}
