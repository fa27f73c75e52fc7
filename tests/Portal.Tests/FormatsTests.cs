using System.Globalization;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Tests;

/// <summary>Amounts and dates as people read them.</summary>
public sealed class FormatsTests
{
    [TestCase("en", "EUR", 109900, "€1,099.00")]
    [TestCase("en", "USD", 5, "$0.05")]
    [TestCase("en", "JPY", 1099, "¥1,099")]
    [TestCase("en", "KWD", 1234567, "KWD 1,234.567")]
    [TestCase("en", "EUR", -500, "-€5.00")]
    [TestCase("en", "JPY", 0, "¥0")]
    [TestCase("de", "EUR", 109900, "1.099,00 €")]
    [TestCase("de", "USD", 5, "0,05 $")]
    [TestCase("de", "JPY", 1099, "1.099 ¥")]
    [TestCase("de", "KWD", 1234567, "1.234,567 KWD")]
    [TestCase("de", "EUR", -500, "-5,00 €")]
    public void Money_has_its_currencys_decimals_and_the_readers_order(string culture, string currency, long minorUnits, string expected) =>
        Plain(new Money(minorUnits, currency).ToText(CultureInfo.GetCultureInfo(culture))).Should().Be(expected);

    [TestCase("en", "November 5, 2026", "November 5, 2026 2:07 PM UTC")]
    [TestCase("en-GB", "5 November 2026", "5 November 2026 14:07 UTC")]
    [TestCase("de", "5. November 2026", "5. November 2026 14:07 UTC")]
    public void Moments_are_days_without_a_weekday_and_minutes_with_their_zone(string culture, string day, string minute)
    {
        var moment = new DateTimeOffset(2026, 11, 5, 16, 7, 59, TimeSpan.FromHours(2));

        Plain(moment.ToDay(CultureInfo.GetCultureInfo(culture))).Should().Be(day);
        Plain(moment.ToMinute(CultureInfo.GetCultureInfo(culture))).Should().Be(minute);
        moment.ToIso().Should().Be("2026-11-05T14:07:59Z");
    }

    /// <summary>The blanks that keep an amount on one line are as good as any.</summary>
    private static string Plain(string text) => text.Replace('\u00A0', ' ').Replace('\u202F', ' ');
}
