using Portal.Customers.Contract;

namespace Portal.Customers.TaxIds;

/// <summary>One way a country writes its tax ids.</summary>
/// <param name="Mask"><c>#</c> a digit, <c>@</c> a letter, <c>&amp;</c> either, <c>!</c> a letter, plus or star; everything else stands for itself.</param>
/// <param name="Check">Whether the digits agree; null where there is nothing to compute.</param>
internal sealed record Shape(string Mask, Func<string, bool>? Check = null)
{
    public bool Fits(string number) => number.Length == Mask.Length && number.Zip(Mask).All(pair => Fits(pair.First, pair.Second));

    private static bool Fits(char c, char mask) =>
        mask switch
        {
            '#' => char.IsAsciiDigit(c),
            '@' => char.IsAsciiLetterUpper(c),
            '&' => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c),
            '!' => char.IsAsciiLetterUpper(c) || c is '+' or '*',
            _ => c == mask,
        };
}

/// <summary>How one country writes its tax ids.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Prefix">What the number begins with when written in full; null for none.</param>
/// <param name="Shapes">All of them.</param>
internal sealed record TaxIdRule(string Country, string? Prefix, params Shape[] Shapes)
{
    /// <summary>What people put before it that is no part of it: <c>NO</c>, <c>ABN</c>.</summary>
    public string? Label { get; init; }

    /// <summary>Fills up an older, shorter spelling.</summary>
    public Func<string, string>? Complete { get; init; }

    /// <summary>Judges a number without separators.</summary>
    public (string Value, TaxIdCertainty Certainty, TaxIdFault? Fault) Judge(string compact)
    {
        var number = Without(Label, Without(Prefix, compact));
        number = Complete?.Invoke(number) ?? number;
        if (!Shapes.Any(s => s.Mask.Length == number.Length))
        {
            return (compact, TaxIdCertainty.Format, TaxIdFault.Length);
        }

        var fitting = Shapes.Where(s => s.Fits(number)).ToList();
        if (fitting.Count == 0)
        {
            return (compact, TaxIdCertainty.Format, TaxIdFault.Characters);
        }

        return fitting.Find(s => s.Check?.Invoke(number) != false) is { } agreed
            ? (Prefix + number, agreed.Check is null ? TaxIdCertainty.Format : TaxIdCertainty.Checksum, null)
            : (compact, TaxIdCertainty.Checksum, TaxIdFault.CheckDigit);
    }

    /// <summary>A French number may itself begin with FR: what stands in front is a prefix only where the rest is long enough without it.</summary>
    private string Without(string? front, string text) =>
        front is not null && text.StartsWith(front, StringComparison.Ordinal) && IsLongEnough(text.Length - front.Length)
            ? text[front.Length..]
            : text;

    private bool IsLongEnough(int length) => length >= Shapes.Min(s => s.Mask.Length) || Complete is not null;
}
