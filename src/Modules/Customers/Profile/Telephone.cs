using System.Globalization;

namespace Portal.Customers.Profile;

/// <summary>Telephone numbers, leniently: people write them as they please, and only a number with the country's code can be put in one form.</summary>
internal static class Telephone
{
    // ITU-T E.164: at most 15 digits with the country's code.
    private const int Fewest = 4;
    private const int FewestInternational = 7;
    private const int Most = 15;

    // With 00 or the like in front.
    private const int MostTyped = 19;

    /// <summary>Whether it could be one: digits, and what people put between them.</summary>
    public static bool IsPlausible(string typed) =>
        typed.All(c => IsDigit(c) || char.IsWhiteSpace(c) || c is '+' or '(' or ')' or '.' or '/' || IsDash(c) || IsMark(c))
        && !typed.SkipWhile(c => !IsDigit(c)).Contains('+')
        && Digits(typed).Length is >= Fewest and <= MostTyped
        && (!IsInternational(typed) || International(typed) is not null);

    /// <summary>E.164, <c>+4930123456</c>; null when it begins with neither + nor 00, or has no length of a number.</summary>
    public static string? International(string typed)
    {
        if (!IsInternational(typed))
        {
            return null;
        }

        // The zero in +49 (0) 30 is for those who call from inside the country.
        var digits = Digits(typed.Replace("(0)", "", StringComparison.Ordinal));
        var number = digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits;
        return number.Length is >= FewestInternational and <= Most && number[0] != '0' ? "+" + number : null;
    }

    private static bool IsInternational(string typed) =>
        typed.Contains('+', StringComparison.Ordinal) || Digits(typed).StartsWith("00", StringComparison.Ordinal);

    private static string Digits(string typed) => string.Concat(typed.Where(IsDigit).Select(c => CharUnicodeInfo.GetDecimalDigitValue(c)));

    private static bool IsDigit(char c) => CharUnicodeInfo.GetDecimalDigitValue(c) >= 0;

    private static bool IsDash(char c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.DashPunctuation;

    /// <summary>Marks of direction, which come along when a number is copied from a right-to-left page.</summary>
    private static bool IsMark(char c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
