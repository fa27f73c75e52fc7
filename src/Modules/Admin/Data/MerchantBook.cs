using System.Data;
using System.Data.Common;
using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Admin.SetUp;
using Portal.Kernel;

namespace Portal.Admin.Data;

/// <summary>Merchants' accounts.</summary>
internal sealed class MerchantBook(PortalDb db, Passwords passwords, SetUpCode setUp, IStringLocalizer<Texts> texts, TimeProvider clock) : IMerchants
{
    // What PostgreSQL answers the second of two serializable transactions; SQLite has them queue.
    private const string LostRace = "40001";

    public async Task<string?> SetUpCodeAsync(CancellationToken ct) => await db.Set<Merchant>().AnyAsync(ct) ? null : setUp.Code;

    public async Task<string?> AddAsync(string email, string password, CancellationToken ct)
    {
        var (merchant, wrong) = Make(email, password);
        if (merchant is null)
        {
            return wrong;
        }

        db.Add(merchant);
        try
        {
            await db.SaveChangesAsync(ct);
            return null;
        }
        catch (DbUpdateException failure) when (db.IsDuplicate(failure))
        {
            db.ChangeTracker.Clear();
            return texts["EmailTaken"];
        }
    }

    public async Task<IReadOnlyList<string>> OwnersAsync(CancellationToken ct) =>
        await db.Set<Merchant>()
            .Where(m => m.Role == MerchantRole.Owner && m.DisabledAt == null)
            .OrderBy(m => m.Id)
            .Select(m => m.Email)
            .ToListAsync(ct);

    /// <summary>Adds the first merchant and nobody else: of two who try at once, one is.</summary>
    /// <returns>Her row number; or what is wrong with the address or password; or neither, when there is a merchant already.</returns>
    public async Task<(long? Id, string? Wrong)> AddFirstAsync(string email, string password, CancellationToken ct)
    {
        var (merchant, wrong) = Make(email, password);
        if (merchant is null)
        {
            return (null, wrong);
        }

        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, ct);
            if (await db.Set<Merchant>().AnyAsync(ct))
            {
                return default;
            }

            db.Add(merchant);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return (merchant.Id, null);
        }
        catch (Exception failure) when (failure.GetBaseException() is DbException { SqlState: LostRace })
        {
            db.ChangeTracker.Clear();
            return default;
        }
    }

    /// <summary>The merchant with this address and password; the same work is done for an unknown address.</summary>
    public async Task<long?> ProveAsync(string email, string password, CancellationToken ct)
    {
        var folded = email.Trim().ToLowerInvariant();
        var merchant = await db.Set<Merchant>().SingleOrDefaultAsync(m => m.Email == folded && m.DisabledAt == null, ct);
        return passwords.Prove(merchant?.PasswordHash, password) ? merchant!.Id : null;
    }

    private (Merchant? Merchant, string? Wrong) Make(string email, string password)
    {
        if (!MailAddress.TryCreate(email.Trim(), out var address) || address.Address.Length > 254)
        {
            return (null, texts["EmailWrong"]);
        }

        if (!Passwords.IsAcceptable(password))
        {
            return (null, texts["PasswordWrong", Passwords.Shortest]);
        }

        var merchant = new Merchant(address.Address.ToLowerInvariant(), MerchantRole.Owner, clock.GetUtcNow())
        {
            PasswordHash = passwords.Hash(password),
        };
        return (merchant, null);
    }
}

/// <summary>Merchants as those who may be signed in.</summary>
internal sealed class MerchantSubjects(PortalDb db) : ISubjects
{
    public Audience Audience => Audience.Merchant;

    public async Task<SubjectInfo?> FindAsync(long subject, CancellationToken ct) =>
        await db.Set<Merchant>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == subject && m.DisabledAt == null, ct) is { } merchant
            ? new SubjectInfo(merchant.Email, merchant.Role)
            : null;
}
