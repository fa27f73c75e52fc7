using System.Data;
using System.Data.Common;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Admin.Contract;
using Portal.Kernel;

namespace Portal.Admin.Data;

/// <summary>Merchants' accounts.</summary>
internal sealed class MerchantBook(PortalDb db, IPasswordHasher<Merchant> hasher, SetUpCode setUp, IStringLocalizer<Texts> texts, TimeProvider clock)
    : IMerchants
{
    // Length is what makes a password hard to guess; composition rules only make it hard to remember.
    public const int ShortestPassword = 12;
    private const int LongestPassword = 200;

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
        var merchant = await db.Set<Merchant>().SingleOrDefaultAsync(m => m.Email == folded, ct);
        var subject = merchant ?? setUp.Nobody(hasher);
        var verdict = hasher.VerifyHashedPassword(subject, subject.PasswordHash, password);
        return merchant is not null && verdict != PasswordVerificationResult.Failed ? merchant.Id : null;
    }

    private (Merchant? Merchant, string? Wrong) Make(string email, string password)
    {
        if (!MailAddress.TryCreate(email.Trim(), out var address) || address.Address.Length > 254)
        {
            return (null, texts["EmailWrong"]);
        }

        if (password.Length is < ShortestPassword or > LongestPassword)
        {
            return (null, texts["PasswordWrong", ShortestPassword]);
        }

        var merchant = new Merchant(address.Address.ToLowerInvariant(), clock.GetUtcNow());
        merchant.PasswordHash = hasher.HashPassword(merchant, password);
        return (merchant, null);
    }
}

/// <summary>Made at each start, printed to the terminal: who can read it owns the machine.</summary>
internal sealed class SetUpCode
{
    // Without look-alikes; it is typed from a terminal.
    private const string Alphabet = "ABCDEFGHJKMNPQRSTVWXYZ23456789";
    private Merchant? nobody;

    public string Code { get; } = RandomNumberGenerator.GetString(Alphabet, 16);

    public bool Matches(string? typed) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(typed?.Trim().ToUpperInvariant() ?? ""), Encoding.UTF8.GetBytes(Code));

    /// <summary>Stands in for a merchant that is not there, so that guessing addresses takes as long.</summary>
    public Merchant Nobody(IPasswordHasher<Merchant> hasher)
    {
        if (nobody is null)
        {
            var stand = new Merchant("", DateTimeOffset.UnixEpoch);
            stand.PasswordHash = hasher.HashPassword(stand, SecretToken.New());
            nobody = stand;
        }

        return nobody;
    }
}
