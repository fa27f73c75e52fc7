namespace Portal.Simulator.Sandbox;

/// <summary>A payment method to choose on the hosted pages. Nobody types a number anywhere.</summary>
internal sealed record TestCard(string Code, string Kind, string? Brand, string LastFour, Behavior Behavior, string Says)
{
    public static IReadOnlyList<TestCard> All { get; } =
    [
        new("visa", "card", "Visa", "4242", Behavior.Approve, "always goes through"),
        new("mastercard-3ds", "card", "Mastercard", "3220", Behavior.Challenge, "asks for 3-D Secure"),
        new("visa-funds", "card", "Visa", "0341", Behavior.InsufficientFunds, "is stored, then every charge fails"),
        new("amex-declined", "card", "American Express", "0002", Behavior.Decline, "is declined at once"),
        new("paypal", "paypal", "PayPal", "", Behavior.Challenge, "asks for consent"),
        new("sepa", "sepa_debit", "SEPA", "3000", Behavior.Approve, "always goes through"),
    ];

    public static TestCard? Find(string? code) => All.FirstOrDefault(card => card.Code == code);

    public Method ToMethod(string id, DateTimeOffset now) =>
        new()
        {
            Id = id,
            Kind = Kind,
            Brand = Brand,
            LastFour = LastFour.Length > 0 ? LastFour : null,
            ExpiryMonth = Kind == "card" ? 12 : null,
            ExpiryYear = Kind == "card" ? now.Year + 3 : null,
        };
}
