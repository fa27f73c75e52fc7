using System.Collections.Concurrent;
using System.Globalization;
using Portal.Processors;

namespace Portal.Kernel;

/// <summary>Amounts and dates as people read them, in the current culture.</summary>
public static class Formats
{
    private static readonly ConcurrentDictionary<(string Culture, string Currency), NumberFormatInfo> MoneyFormats = new();

    /// <summary>€ 10.99, 10,99 €, ¥1,099: the currency's decimals, the reader's order and separators.</summary>
    public static string ToText(this Money money, CultureInfo? culture = null)
    {
        culture ??= CultureInfo.CurrentCulture;
        var format = MoneyFormats.GetOrAdd((culture.Name, money.Currency), static key => MoneyFormat(key.Culture, key.Currency));
        return money.ToMajor().ToString("C", format);
    }

    /// <summary>12 November 2026, without a time.</summary>
    public static string ToDay(this DateTimeOffset moment, CultureInfo? culture = null)
    {
        culture ??= CultureInfo.CurrentCulture;
        return moment.UtcDateTime.ToString(DayPattern(culture), culture);
    }

    /// <summary>12 November 2026 14:05 UTC.</summary>
    public static string ToMinute(this DateTimeOffset moment, CultureInfo? culture = null)
    {
        culture ??= CultureInfo.CurrentCulture;
        return moment.ToDay(culture) + " " + moment.UtcDateTime.ToString("t", culture) + " UTC";
    }

    /// <summary>The machine-readable form for a time element.</summary>
    public static string ToIso(this DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The name of a country in the reader's language; the code itself when there is no such country.</summary>
    /// <param name="code">ISO 3166-1 alpha-2.</param>
    public static string ToCountry(string code)
    {
        if (!Countries.Exist(code))
        {
            return code;
        }

        // A region of its own is named in its own language; only as part of a culture is it named in that one's.
        var culture = CultureInfo.CurrentUICulture;
        var language = culture.IsNeutralCulture || culture.Parent.Name.Length == 0 ? culture.Name : culture.Parent.Name;
        var region = new RegionInfo((language.Length == 0 ? "en" : language) + "-" + code);
        return language.Length == 0 ? region.EnglishName : region.NativeName;
    }

    /// <summary>The long date pattern without the name of the weekday, which no receipt needs.</summary>
    private static string DayPattern(CultureInfo culture)
    {
        var pattern = culture.DateTimeFormat.LongDatePattern;
        foreach (var weekday in (ReadOnlySpan<string>)["dddd, ", "dddd، ", "dddd ", ", dddd", " dddd", "dddd"])
        {
            pattern = pattern.Replace(weekday, "", StringComparison.Ordinal);
        }

        return pattern.Trim();
    }

    private static NumberFormatInfo MoneyFormat(string cultureName, string currency)
    {
        var culture = CultureInfo.GetCultureInfo(cultureName);
        var format = (NumberFormatInfo)culture.NumberFormat.Clone();
        format.CurrencyDecimalDigits = Money.Exponent(currency);
        format.CurrencySymbol = Symbol(culture, currency);
        format.CurrencyNegativePattern = format.CurrencyPositivePattern switch
        {
            0 => 1,
            1 => 5,
            2 => 9,
            _ => 8,
        };

        // A code of letters needs its space where a sign like $ does not.
        if (format.CurrencySymbol.Length > 1 && format.CurrencyPositivePattern == 0)
        {
            format.CurrencyPositivePattern = 2;
            format.CurrencyNegativePattern = 9;
        }

        return format;
    }

    private static string Symbol(CultureInfo culture, string currency)
    {
        var sign = currency switch
        {
            "EUR" => "€",
            "GBP" => "£",
            "USD" => "$",
            "JPY" => "¥",
            "INR" => "₹",
            "NGN" => "₦",
            "KRW" => "₩",
            "ILS" => "₪",
            "VND" => "₫",
            "UAH" => "₴",
            "PHP" => "₱",
            _ => null,
        };
        var own = culture.IsNeutralCulture || culture.Equals(CultureInfo.InvariantCulture) ? null : new RegionInfo(culture.Name);
        if (own is not null && own.ISOCurrencySymbol == currency)
        {
            return own.CurrencySymbol;
        }

        // "$" in Canada or "¥" in China is the reader's own money: a foreign one shows its code.
        return sign is null || own?.CurrencySymbol == sign ? currency : sign;
    }
}
