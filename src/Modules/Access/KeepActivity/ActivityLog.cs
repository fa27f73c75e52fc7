using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Access.Data;
using Portal.Kernel;

namespace Portal.Access.KeepActivity;

/// <summary>Writes lines and checks their chain.</summary>
internal sealed class ActivityLog(PortalDb db, Actor actor, IHttpContextAccessor http, TimeProvider clock) : IActivityLog
{
    public async Task RecordAsync(ActivityKind kind, CustomerId? customer, IReadOnlyList<string> details, CancellationToken ct)
    {
        var (now, address) = (clock.GetUtcNow(), http.HttpContext?.Connection.RemoteIpAddress?.ToString());
        if (customer is { } about)
        {
            db.Add(new ActivityLine(about, kind.Id, details, actor, address, now));
            await db.SaveChangesAsync(ct);
        }

        if (actor.Audience == Audience.Merchant)
        {
            await db.InTransactionAsync(() => ChainAsync(kind, customer, details, address, now, ct), ct);
        }
    }

    public async Task<(long Lines, long? BrokenAt)> CheckAuditAsync(CancellationToken ct)
    {
        var (count, before) = (0L, Array.Empty<byte>());
        await foreach (var line in db.Set<AuditLine>().AsNoTracking().OrderBy(l => l.Number).AsAsyncEnumerable().WithCancellation(ct))
        {
            count++;
            if (line.Number != count || !line.HashBefore.AsSpan().SequenceEqual(before) || !line.Hash.AsSpan().SequenceEqual(line.Compute(before)))
            {
                return (count, count);
            }

            before = line.Hash;
        }

        var end = await db.Set<AuditEnd>().AsNoTracking().SingleOrDefaultAsync(ct);
        var isWhole = end is null ? count == 0 : end.Number == count && end.Hash.AsSpan().SequenceEqual(before);
        return (count, isWhole ? null : count + 1);
    }

    private async Task ChainAsync(
        ActivityKind kind,
        CustomerId? customer,
        IReadOnlyList<string> details,
        string? address,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        // Whoever adds a line waits here for the one before to be committed.
        byte[] none = [];
        await db.Database.ExecuteSqlAsync(
            $"""insert into access_audit_end ("Id", "Number", "Hash") values ({AuditEnd.TheOne}, 0, {none}) on conflict do nothing""",
            ct
        );
        await db.Set<AuditEnd>().ExecuteUpdateAsync(set => set.SetProperty(e => e.Number, e => e.Number), ct);
        var end = await db.Set<AuditEnd>().SingleAsync(ct);
        await db.Entry(end).ReloadAsync(ct);
        var line = new AuditLine(end.Number + 1, kind.Id, details, actor, customer?.ToString(), address, now, end.Hash);
        (end.Number, end.Hash) = (line.Number, line.Hash);
        db.Add(line);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Every kind the modules registered.</summary>
internal sealed class ActivityKinds(IEnumerable<ActivityKind> kinds)
{
    private readonly Dictionary<string, ActivityKind> known = kinds.ToDictionary(k => k.Id, StringComparer.Ordinal);

    /// <summary>A line in words. Lines outlive the code that wrote them: one whose kind is gone shows its id.</summary>
    public string Say(string kind, IReadOnlyList<string> details) => known.TryGetValue(kind, out var found) ? found.Say(details) : kind;
}
