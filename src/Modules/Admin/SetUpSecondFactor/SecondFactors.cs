using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Admin.Data;
using Portal.Kernel;

namespace Portal.Admin.SetUpSecondFactor;

/// <summary>What a merchant has besides her password.</summary>
/// <param name="AppSince">When she set up an authenticator app; null without one.</param>
/// <param name="HasPasskey">A passkey is both factors at once.</param>
/// <param name="RecoveryCodes">How many are left.</param>
internal sealed record Factors(DateTimeOffset? AppSince, bool HasPasskey, int RecoveryCodes)
{
    public bool HasApp => AppSince is not null;

    /// <summary>Whether her password alone is not enough.</summary>
    public bool IsProtected => HasApp || HasPasskey;
}

/// <summary>Merchants' authenticator apps and recovery codes.</summary>
internal sealed class SecondFactors(PortalDb db, IPasskeys passkeys, IDataProtectionProvider protection, TimeProvider clock)
{
    public const int CodesEach = 10;
    private static readonly TimeSpan OfferLife = TimeSpan.FromMinutes(30);
    private readonly IDataProtector keys = protection.CreateProtector("Portal.Admin.AuthenticatorKey");
    private readonly IDataProtector offers = protection.CreateProtector("Portal.Admin.AuthenticatorOffer");

    public async Task<Factors> OfAsync(long merchant, CancellationToken ct) =>
        new(
            await db.Set<AuthenticatorApp>().Where(a => a.MerchantId == merchant).Select(a => (DateTimeOffset?)a.CreatedAt).SingleOrDefaultAsync(ct),
            await passkeys.AnyAsync(Audience.Merchant, merchant, ct),
            await Codes(merchant).CountAsync(ct)
        );

    /// <summary>A key to set an app up with; the page carries it, sealed, until the first code proves that the app has it.</summary>
    public string Offer(long merchant) =>
        offers.Protect(JsonSerializer.Serialize(new Offered(merchant, Totp.NewKey(), clock.GetUtcNow() + OfferLife)));

    /// <summary>The key of an offer to this merchant; null when it is none or too old.</summary>
    public byte[]? Open(long merchant, string? offer)
    {
        try
        {
            var offered = offer is null ? null : JsonSerializer.Deserialize<Offered>(offers.Unprotect(offer));
            return offered?.Merchant == merchant && offered.Until > clock.GetUtcNow() ? offered.Key : null;
        }
        catch (CryptographicException)
        {
            // Not ours, or sealed by a key ring that is gone: as good as none.
            return null;
        }
    }

    /// <summary>Sets up the app in place of a former one.</summary>
    /// <returns>False when the code is not the app's.</returns>
    public async Task<bool> TurnOnAsync(long merchant, byte[] key, string code, CancellationToken ct)
    {
        if (Totp.StepOf(key, code, clock.GetUtcNow()) is not { } step)
        {
            return false;
        }

        await db.Set<AuthenticatorApp>().Where(a => a.MerchantId == merchant).ExecuteDeleteAsync(ct);
        db.Add(new AuthenticatorApp(merchant, keys.Protect(key), step, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        return true;
    }

    /// <summary>Takes away the app and the recovery codes.</summary>
    public async Task<bool> TurnOffAsync(long merchant, CancellationToken ct)
    {
        await db.Set<RecoveryCode>().Where(c => c.MerchantId == merchant).ExecuteDeleteAsync(ct);
        return await db.Set<AuthenticatorApp>().Where(a => a.MerchantId == merchant).ExecuteDeleteAsync(ct) > 0;
    }

    /// <summary>Whether a code is the app's, now. Of all who send it at once, one is told yes; no code of its step or before counts again.</summary>
    public async Task<bool> ProveAppAsync(long merchant, string code, CancellationToken ct)
    {
        var apps = db.Set<AuthenticatorApp>().Where(a => a.MerchantId == merchant);
        return await apps.AsNoTracking().SingleOrDefaultAsync(ct) is { } app
            && Totp.StepOf(keys.Unprotect(app.ProtectedKey), code, clock.GetUtcNow()) is { } step
            && await apps.Where(a => a.LastStep < step).ExecuteUpdateAsync(set => set.SetProperty(a => a.LastStep, step), ct) == 1;
    }

    /// <summary>Whether a recovery code is hers; it is spent by this.</summary>
    public async Task<bool> SpendCodeAsync(long merchant, string code, CancellationToken ct)
    {
        var (hash, now) = (RecoveryCode.Hash(code), clock.GetUtcNow());
        return await Codes(merchant)
                .Where(c => c.CodeHash == hash)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, (DateTimeOffset?)now), ct) == 1;
    }

    /// <summary>Fresh recovery codes in place of the former ones; they exist in the answer only.</summary>
    public async Task<IReadOnlyList<string>> RenewCodesAsync(long merchant, CancellationToken ct)
    {
        await db.Set<RecoveryCode>().Where(c => c.MerchantId == merchant).ExecuteDeleteAsync(ct);
        var codes = Enumerable.Range(0, CodesEach).Select(_ => RecoveryCode.New()).ToList();
        db.AddRange(codes.Select(c => new RecoveryCode(merchant, c)));
        await db.SaveChangesAsync(ct);
        return codes;
    }

    private IQueryable<RecoveryCode> Codes(long merchant) => db.Set<RecoveryCode>().Where(c => c.MerchantId == merchant && c.UsedAt == null);

    private sealed record Offered(long Merchant, byte[] Key, DateTimeOffset Until);
}
