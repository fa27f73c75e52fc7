using System.Globalization;
using System.Text;
using Portal.Customers.TaxIds;
using Portal.Kernel;

namespace Portal.Customers.Contract;

/// <summary>What is wrong with a tax id.</summary>
public enum TaxIdFault
{
    /// <summary>Too short or too long.</summary>
    Length,

    /// <summary>A letter where a digit belongs, or the like.</summary>
    Characters,

    /// <summary>It looks right, but its digits contradict each other: mistyped.</summary>
    CheckDigit,

    /// <summary>Another country's.</summary>
    OtherCountry,
}

/// <summary>How much a faultless tax id has been looked at.</summary>
public enum TaxIdCertainty
{
    /// <summary>Form and check digits.</summary>
    Checksum,

    /// <summary>The form only: it has no check digits, or their rule is not published.</summary>
    Format,

    /// <summary>Length and characters only: the portal does not know the country's rule.</summary>
    Free,
}

/// <summary>A tax id, read.</summary>
/// <param name="Value">One spelling: without blanks, dots and dashes, upper case, with the prefix the country writes. As typed where it is faulty.</param>
/// <param name="Certainty">How much was looked at.</param>
/// <param name="Fault">Null when nothing is wrong.</param>
/// <param name="BelongsTo">For <see cref="TaxIdFault.OtherCountry"/>: whose it is, ISO 3166-1 alpha-2.</param>
public sealed record TaxIdReading(string Value, TaxIdCertainty Certainty, TaxIdFault? Fault, string? BelongsTo = null);

/// <summary>
/// Tax ids of businesses: VAT numbers of the European Union and the United Kingdom, and what Switzerland, Norway, Australia, India,
/// Brazil, South Africa and Canada use. Looks at the number alone; whether it was ever issued only the country itself knows.
/// </summary>
public static class TaxIdCheck
{
    /// <summary>Longest one kept.</summary>
    public const int MaxLength = 40;
    private const int LongestTyped = 60;

    /// <summary>Reads what somebody typed.</summary>
    /// <param name="country">Where the business is: ISO 3166-1 alpha-2.</param>
    /// <param name="typed">Any spelling.</param>
    public static TaxIdReading Read(string country, string typed)
    {
        if (typed.Length > LongestTyped)
        {
            return new TaxIdReading(typed, TaxIdCertainty.Free, TaxIdFault.Length);
        }

        if (!PlainText.IsClean(typed))
        {
            return new TaxIdReading(typed, TaxIdCertainty.Free, TaxIdFault.Characters);
        }

        var plain = Fold(typed);
        var compact = string.Concat(plain.Where(c => !IsSeparator(c)));
        if (TaxIdRules.For(country, compact) is not { } rule)
        {
            return Free(typed, plain);
        }

        var (value, certainty, fault) = rule.Judge(compact);
        if (fault is null)
        {
            return new TaxIdReading(value, certainty, null);
        }

        return TaxIdRules.OwnerByPrefix(compact) is { } owner && owner != rule.Country
            ? new TaxIdReading(typed, certainty, TaxIdFault.OtherCountry, owner)
            : new TaxIdReading(typed, certainty, fault);
    }

    /// <summary>The two halves in which the European Commission's register knows a VAT number; null for numbers it does not keep.</summary>
    /// <param name="value">As <see cref="Read"/> spells it.</param>
    internal static (string Prefix, string Number)? InRegister(string value) =>
        TaxIdRules.Union.FirstOrDefault(r =>
            r.Prefix is { } prefix && value.StartsWith(prefix, StringComparison.Ordinal) && r.Judge(value).Fault is null
        )
            is { Prefix: { } found }
            ? (found, value[found.Length..])
            : null;

    private static TaxIdReading Free(string typed, string plain)
    {
        var value = string.Join(' ', plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        TaxIdFault? fault =
            !value.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '-' or '/' or '&') ? TaxIdFault.Characters
            : value.Length > MaxLength || value.Count(char.IsAsciiLetterOrDigit) < 2 ? TaxIdFault.Length
            : null;
        return new TaxIdReading(fault is null ? value : typed, TaxIdCertainty.Free, fault);
    }

    /// <summary>Full-width and other digits as ASCII's, ASCII letters in upper case; look-alikes of other scripts stay what they are.</summary>
    private static string Fold(string typed)
    {
        var text = new StringBuilder(typed.Length);
        foreach (var c in typed.Normalize(NormalizationForm.FormKC))
        {
            text.Append(
                CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit ? (char)('0' + digit)
                : char.IsAsciiLetterLower(c) ? (char)(c & ~0x20)
                : c
            );
        }

        return text.ToString();
    }

    private static bool IsSeparator(char c) =>
        char.IsWhiteSpace(c)
        || c is '.' or '/' or ','
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format;
}
