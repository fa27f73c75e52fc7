namespace Portal.Simulator.Sandbox.Seeding;

/// <summary>What the demo shop sells: tools and material for illustrators, in four currencies.</summary>
internal static class Catalogue
{
    public static readonly IReadOnlyList<string> Currencies = ["EUR", "USD", "GBP", "JPY"];

    private static readonly (string Code, string Name, long Eur, long Usd, long Gbp, long Jpy)[] Once =
    [
        ("ink-brushes", "Brush Pack: Ink & Wash", 1200, 1300, 1000, 1900),
        ("lindenhof", "Lindenhof Font Family, Desktop License", 7900, 8900, 6900, 12800),
        ("textures-2", "Texture Library Vol. 2", 2400, 2600, 2100, 3900),
        ("posters", "Poster Template Set", 1800, 1900, 1500, 2900),
        ("color-theory", "Color Theory for Illustrators (E-Book)", 950, 1050, 850, 1500),
        ("workshop", "Studio Workshop: Hand Lettering (Recording)", 4900, 5500, 4300, 7900),
        ("kiosk", "Kiosk Stencil Font", 3500, 3900, 2900, 5600),
        ("halftone", "Halftone Plug-in", 5900, 6500, 4900, 9800),
        ("commercial", "Extended Commercial License", 14900, 16500, 12900, 24800),
    ];

    private static readonly (string Code, string Name, Interval Each, int Trial, long Eur, long Usd, long Gbp, long Jpy)[] Plans =
    [
        ("atelier-pro-monthly", "Atelier Pro", Interval.Month, 0, 1900, 2100, 1700, 3200),
        ("atelier-pro-yearly", "Atelier Pro (Yearly)", Interval.Year, 0, 19000, 21000, 17000, 32000),
        ("atelier-team-monthly", "Atelier Team", Interval.Month, 0, 4900, 5400, 4300, 8200),
        ("cloud-archive-monthly", "Cloud Archive 200 GB", Interval.Month, 0, 490, 550, 450, 800),
        ("cloud-archive-yearly", "Cloud Archive 200 GB (Yearly)", Interval.Year, 14, 4900, 5500, 4500, 8000),
        ("font-club-monthly", "Font Club", Interval.Month, 0, 1200, 1300, 1000, 1900),
    ];

    public static IReadOnlyList<string> OnceCodes { get; } = [.. Once.Select(one => one.Code)];

    public static IReadOnlyList<string> PlanCodes { get; } = [.. Plans.Select(one => one.Code)];

    /// <summary>Readable ids, the same in every ledger: <c>atelier-pro-monthly-eur</c>.</summary>
    public static string Id(string code, string currency) => $"{code}-{currency.ToLowerInvariant()}";

    public static IEnumerable<Product> Products()
    {
        foreach (var (code, name, eur, usd, gbp, jpy) in Once)
        foreach (var price in Prices(eur, usd, gbp, jpy))
            yield return new Product
            {
                Id = Id(code, price.Currency),
                Name = name,
                Price = price,
            };
        foreach (var (code, name, each, trial, eur, usd, gbp, jpy) in Plans)
        foreach (var price in Prices(eur, usd, gbp, jpy))
            yield return new Product
            {
                Id = Id(code, price.Currency),
                Name = name,
                Price = price,
                Interval = each,
                TrialDays = trial,
            };
    }

    private static IEnumerable<Money> Prices(params long[] amounts) => Currencies.Zip(amounts, (currency, amount) => new Money(amount, currency));
}
