using System.Globalization;

namespace Portal.Customers.Data;

/// <summary>One spelling per mailbox: what is stored, compared and unique.</summary>
/// <remarks>
/// Only ASCII letters are folded: Unicode's own case rules turn the Kelvin sign into k and would let a look-alike
/// receive somebody else's mail. The local part's case is folded too, as every large provider does; plus and dots stay.
/// </remarks>
internal static class EmailAddress
{
    /// <summary>Longest address by RFC 5321.</summary>
    public const int MaxLength = 254;

    /// <summary>A domain in other letters grows when it is put in ASCII.</summary>
    public const int MaxCanonicalLength = MaxLength + 60;
    private const int LongestLocalPart = 64;
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>The canonical spelling, or null when it is no address.</summary>
    public static string? Canonical(string? typed)
    {
        var address = typed?.Trim();
        if (address is null or { Length: 0 or > MaxLength } || !address.All(c => IsAllowed(c)))
        {
            return null;
        }

        var at = address.LastIndexOf('@');
        if (at is < 1 or > LongestLocalPart || address.IndexOf('@') != at || Domain(address[(at + 1)..]) is not { } domain)
        {
            return null;
        }

        return Fold(address[..at]) + "@" + domain;
    }

    /// <summary>What may be shown to somebody who may not see all of it: <c>a••@example.com</c>.</summary>
    public static string Mask(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 1 ? "•••" : address[..1] + "••" + address[at..];
    }

    /// <summary>ASCII letters in lower case, everything else as it is.</summary>
    public static string Fold(string text) =>
        string.Create(
            text.Length,
            text,
            static (to, from) =>
            {
                for (var i = 0; i < from.Length; i++)
                {
                    to[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
                }
            }
        );

    private static bool IsAllowed(char c) =>
        !char.IsControl(c)
        && !char.IsWhiteSpace(c)
        && !char.IsSurrogate(c)
        && c is not ('<' or '>' or '(' or ')' or ',' or ';' or ':' or '"' or '[' or ']' or '\\')
        && CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static string? Domain(string domain)
    {
        try
        {
            var ascii = Fold(Idn.GetAscii(domain));

            // A non-ASCII spelling that comes out as plain ASCII is a look-alike of somebody else's domain.
            var isLookAlike = !System.Text.Ascii.IsValid(domain) && !ascii.Contains("xn--", StringComparison.Ordinal);
            return ascii.Contains('.', StringComparison.Ordinal) && !isLookAlike ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
