using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Store.Data;

/// <summary>Which text reads on the merchant's color, by WCAG's relative luminance.</summary>
internal static partial class BrandColors
{
    public const string Default = "#14566b";

    public static bool IsColor(string? text) => text is not null && Hex().IsMatch(text);

    public static string InkOn(string color)
    {
        var luminance = 0.2126 * Channel(color, 1) + 0.7152 * Channel(color, 3) + 0.0722 * Channel(color, 5);

        // The contrast with white against the contrast with black.
        return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#000000";
    }

    private static double Channel(string color, int at)
    {
        var value = int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex("^#[0-9a-f]{6}$")]
    private static partial Regex Hex();
}
