using Portal.Kernel;
using Portal.Kernel.Personal;

namespace Portal.Customers.MyData;

/// <summary>Everything the modules know about one person.</summary>
internal sealed class PersonalData(PortalDb db, Buyer buyer, IEnumerable<IKeepPersonalData> modules)
{
    /// <summary>Makes the person this scope's buyer: from then on owned rows are hers alone.</summary>
    public PersonalData Of(CustomerId person)
    {
        buyer.Is(person);
        return this;
    }

    /// <summary>Her rows, table by table.</summary>
    public async Task<IReadOnlyList<PersonalTable>> TablesAsync(CancellationToken ct)
    {
        List<PersonalTable> tables = [];
        foreach (var module in modules)
        {
            tables.AddRange(await module.TablesAsync(buyer.Id!.Value, ct));
        }

        return tables;
    }

    /// <summary>Her files.</summary>
    public async Task<IReadOnlyList<PersonalFile>> FilesAsync(CancellationToken ct)
    {
        List<PersonalFile> files = [];
        foreach (var module in modules)
        {
            files.AddRange(await module.FilesAsync(ct));
        }

        return files;
    }

    /// <summary>What erasing her would do.</summary>
    public async Task<ErasurePreview> PreviewAsync(CancellationToken ct)
    {
        List<PersonalLine> lines = [];
        foreach (var table in await TablesAsync(ct))
        {
            lines.AddRange(await table.PreviewAsync(ct));
        }

        lines.AddRange(modules.SelectMany(m => m.Besides));
        return new ErasurePreview(lines, await ObstaclesAsync(ct));
    }

    /// <summary>Why she cannot be erased yet.</summary>
    public async Task<IReadOnlyList<string>> ObstaclesAsync(CancellationToken ct)
    {
        List<string> obstacles = [];
        foreach (var module in modules)
        {
            if (await module.ObstacleAsync(ct) is { } obstacle)
            {
                obstacles.Add(obstacle);
            }
        }

        return obstacles;
    }

    /// <summary>Erases her, all of it or nothing. Every table is looked up before the first row goes: some are found by others.</summary>
    public Task EraseAsync(CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                foreach (var table in await TablesAsync(ct))
                {
                    await table.EraseAsync(ct);
                }
            },
            ct
        );
}

/// <summary>What erasing somebody would do, and what stands in the way.</summary>
internal sealed record ErasurePreview(IReadOnlyList<PersonalLine> Lines, IReadOnlyList<string> Obstacles)
{
    public IEnumerable<PersonalLine> Goes => Lines.Where(l => l.Fate != Fate.Kept);

    public IEnumerable<PersonalLine> Stays => Lines.Where(l => l.Fate == Fate.Kept);
}
