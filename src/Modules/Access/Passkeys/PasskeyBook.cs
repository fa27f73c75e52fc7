using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Access.Data;
using Portal.Kernel;

namespace Portal.Access.Passkeys;

/// <summary>Finds, names and removes passkeys.</summary>
internal sealed class PasskeyBook(PortalDb db, IActivityLog log, IPublish<PasskeyRemoved> removed) : IPasskeys
{
    public Task<bool> AnyAsync(Audience audience, long subject, CancellationToken ct) => Of(audience, subject).AnyAsync(ct);

    public async Task<IReadOnlySet<long>> HoldersAsync(Audience audience, CancellationToken ct) =>
        await db.Set<PasskeyHolder>()
            .Where(h => h.Audience == audience && db.Set<Passkey>().Any(p => p.HolderId == h.Id))
            .Select(h => h.Subject)
            .ToHashSetAsync(ct);

    public async Task<IReadOnlyList<PasskeyInfo>> ListAsync(Audience audience, long subject, CancellationToken ct) =>
        await Of(audience, subject)
            .OrderByDescending(p => p.CreatedAt)
            .ThenByDescending(p => p.Id)
            .Select(p => new PasskeyInfo(p.PublicId, p.Label, p.CreatedAt, p.LastUsedAt))
            .ToListAsync(ct);

    /// <summary>Null when it is not hers or gone.</summary>
    public Task<PasskeyInfo?> FindAsync(Audience audience, long subject, string id, CancellationToken ct) =>
        Of(audience, subject)
            .Where(p => p.PublicId == id)
            .Select(p => new PasskeyInfo(p.PublicId, p.Label, p.CreatedAt, p.LastUsedAt))
            .SingleOrDefaultAsync(ct);

    public Task RenameAsync(Audience audience, long subject, string id, string label, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                await Of(audience, subject).Where(p => p.PublicId == id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Label, label), ct);
                await log.RecordAsync(AccessActivity.PasskeyRenamed, About(audience, subject), [label], ct);
            },
            ct
        );

    public Task<bool> RemoveAsync(Audience audience, long subject, string id, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                if (
                    await FindAsync(audience, subject, id, ct) is not { } passkey
                    || await Of(audience, subject).Where(p => p.PublicId == id).ExecuteDeleteAsync(ct) == 0
                )
                {
                    return false;
                }

                await log.RecordAsync(AccessActivity.PasskeyRemoved, About(audience, subject), [passkey.Label], ct);
                await removed.PublishAsync(new PasskeyRemoved(audience, subject, passkey), ct);
                return true;
            },
            ct
        );

    public Task ForgetAllAsync(Audience audience, long subject, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                await db.Set<PasskeyChallenge>().Where(c => c.Audience == audience && c.Subject == subject).ExecuteDeleteAsync(ct);
                await Of(audience, subject).ExecuteDeleteAsync(ct);
                await db.Set<PasskeyHolder>().Where(h => h.Audience == audience && h.Subject == subject).ExecuteDeleteAsync(ct);
            },
            ct
        );

    /// <summary>Whom a line in the logs is about: customers read their own.</summary>
    public static CustomerId? About(Audience audience, long subject) => audience == Audience.Buyer ? new CustomerId(subject) : null;

    private IQueryable<Passkey> Of(Audience audience, long subject) =>
        db.Set<Passkey>().Where(p => db.Set<PasskeyHolder>().Any(h => h.Id == p.HolderId && h.Audience == audience && h.Subject == subject));
}
