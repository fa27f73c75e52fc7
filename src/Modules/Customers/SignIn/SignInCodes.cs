using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Portal.Customers.SignIn;

/// <summary>The six digits in a sign-in mail.</summary>
internal sealed class SignInCodes(IDataProtectionProvider protection)
{
    private const int Length = 6;
    private readonly IDataProtector protector = protection.CreateProtector("Portal.Customers.SignInCode");

    public static string New() => RandomNumberGenerator.GetString("0123456789", Length);

    public byte[] Seal(string code) => protector.Protect(Encoding.ASCII.GetBytes(code));

    /// <summary>Whether it is the one; blanks between the digits do not count.</summary>
    public bool IsRight(byte[] sealedCode, string? typed) =>
        CryptographicOperations.FixedTimeEquals(protector.Unprotect(sealedCode), Encoding.UTF8.GetBytes(Digits(typed)));

    /// <summary>Digits of any script as plain ones: some keyboards offer no others.</summary>
    private static string Digits(string? typed) => string.Concat((typed ?? "").Where(c => !char.IsWhiteSpace(c)).Take(Length + 1).Select(Digit));

    private static string Digit(char c) =>
        CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit ? digit.ToString(CultureInfo.InvariantCulture) : "x";
}
