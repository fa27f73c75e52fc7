using System.Security.Cryptography;
using Portal.Kernel;

namespace Portal.Admin.Data;

/// <summary>A merchant's authenticator app.</summary>
internal sealed class AuthenticatorApp
{
    private AuthenticatorApp() { }

    public AuthenticatorApp(long merchantId, byte[] protectedKey, long step, DateTimeOffset now) =>
        (MerchantId, ProtectedKey, LastStep, CreatedAt) = (merchantId, protectedKey, step, now);

    /// <summary>One each.</summary>
    public long MerchantId { get; private set; }
    public byte[] ProtectedKey { get; private set; } = [];

    /// <summary>The newest step a code was used of: that one and all before are spent.</summary>
    public long LastStep { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
}

/// <summary>A way in for when the app is lost; works once.</summary>
internal sealed class RecoveryCode
{
    private const int Group = 4;
    private const int Groups = 6;

    private RecoveryCode() { }

    public RecoveryCode(long merchantId, string code) => (MerchantId, CodeHash) = (merchantId, Hash(code));

    public long Id { get; private set; }
    public long MerchantId { get; private set; }
    public byte[] CodeHash { get; private set; } = [];
    public DateTimeOffset? UsedAt { get; private set; }

    /// <summary>24 characters hold 117 bits: enough for a hash without salt.</summary>
    public static string New() =>
        string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(TypedCode.Alphabet, Group)));

    /// <summary>However it was typed.</summary>
    public static byte[] Hash(string code) => SecretToken.Hash(TypedCode.Bare(code));
}

/// <summary>A code that people read somewhere and type.</summary>
internal static class TypedCode
{
    /// <summary>Without look-alikes.</summary>
    public const string Alphabet = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

    /// <summary>Without the blanks and dashes that only make it readable.</summary>
    public static string Bare(string typed) => string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
