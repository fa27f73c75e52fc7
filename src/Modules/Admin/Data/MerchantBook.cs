using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Admin.SetUp;
using Portal.Kernel;

namespace Portal.Admin.Data;

/// <summary>Merchants' accounts.</summary>
internal sealed class MerchantBook(
    PortalDb db,
    Passwords passwords,
    IPasskeys passkeys,
    SetUpCode setUp,
    IActivityLog log,
    Actor actor,
    IStringLocalizer<Texts> texts,
    TimeProvider clock
) : IMerchants
{
    // What PostgreSQL answers the second of two serializable transactions; SQLite has them queue.
    private const string LostRace = "40001";

    /// <summary>One spelling per account.</summary>
    public static string Fold(string email) => email.Trim().ToLowerInvariant();

    /// <summary>The address as accounts keep it; null when it is none.</summary>
    public static string? Address(string? email) =>
        MailAddress.TryCreate(email?.Trim(), out var address) && address.Address.Length <= 254 ? Fold(address.Address) : null;

    public async Task<string?> SetUpCodeAsync(CancellationToken ct) => await db.Set<Merchant>().AnyAsync(ct) ? null : setUp.Code;

    public async Task<IReadOnlyList<MerchantInfo>> ListAsync(CancellationToken ct)
    {
        var apps = await db.Set<AuthenticatorApp>().Select(a => a.MerchantId).ToHashSetAsync(ct);
        var withPasskeys = await passkeys.HoldersAsync(Audience.Merchant, ct);
        return
        [
            .. (await db.Set<Merchant>().AsNoTracking().OrderBy(m => m.Email).ToListAsync(ct)).Select(m => new MerchantInfo(
                m.PublicId,
                m.Email,
                m.Role,
                apps.Contains(m.Id) || withPasskeys.Contains(m.Id),
                m.IsInvited,
                m.DisabledAt is not null,
                m.LastSignInAt
            )),
        ];
    }

    public async Task<string?> AddAsync(string email, string password, MerchantRole role, CancellationToken ct)
    {
        var (merchant, wrong) = Make(email, password, role);
        return merchant is null ? wrong : await AddAsync(merchant, AdminActivity.Added(role), () => Task.CompletedTask, ct);
    }

    /// <summary>Adds an account with the line that tells of it, and whatever else belongs to it.</summary>
    /// <returns>What is wrong with the address; null when the account was added.</returns>
    public async Task<string?> AddAsync(Merchant merchant, ActivityKind kind, Func<Task> also, CancellationToken ct)
    {
        try
        {
            await db.InTransactionAsync(
                async () =>
                {
                    db.Add(merchant);
                    await db.SaveChangesAsync(ct);
                    await log.RecordAsync(kind, null, [merchant.Email], ct);
                    await also();
                },
                ct
            );
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

    /// <summary>Adds the first merchant, with whatever else belongs to it, and nobody else: of two who try at once, one is.</summary>
    /// <returns>Her row number; or what is wrong with the address or password; or neither, when there is a merchant already.</returns>
    public async Task<(long? Id, string? Wrong)> AddFirstAsync(string email, string password, Func<long, Task> also, CancellationToken ct)
    {
        var (merchant, wrong) = Make(email, password, MerchantRole.Owner);
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
            actor.Is(Audience.Merchant, merchant.Id, merchant.Email);
            await log.RecordAsync(AdminActivity.SetUpDone, null, [], ct);
            await also(merchant.Id);
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
    public async Task<Merchant?> ProveAsync(string email, string? password, CancellationToken ct)
    {
        var folded = Fold(email);
        var merchant = await db.Set<Merchant>().AsNoTracking().SingleOrDefaultAsync(m => m.Email == folded && m.DisabledAt == null, ct);
        return passwords.Prove(merchant is { IsInvited: false } ? merchant.PasswordHash : null, password) ? merchant : null;
    }

    private (Merchant? Merchant, string? Wrong) Make(string email, string password, MerchantRole role)
    {
        if (Address(email) is not { } address)
        {
            return (null, texts["EmailWrong"]);
        }

        if (!Passwords.IsAcceptable(password))
        {
            return (null, texts["PasswordWrong", Passwords.Shortest]);
        }

        return (new Merchant(address, role, CultureInfo.CurrentUICulture.Name, clock.GetUtcNow()) { PasswordHash = passwords.Hash(password) }, null);
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
