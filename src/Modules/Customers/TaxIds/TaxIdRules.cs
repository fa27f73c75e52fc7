namespace Portal.Customers.TaxIds;

/// <summary>The countries whose rules the portal knows.</summary>
internal static class TaxIdRules
{
    /// <summary>The member states, and Northern Ireland, which trades goods as one of them.</summary>
    public static IReadOnlyList<TaxIdRule> Union { get; } = [.. EuropeanUnion.Rules, UnitedKingdom.NorthernIreland];

    private static readonly TaxIdRule[] All = [.. Union, UnitedKingdom.Rule, .. OtherCountries.Rules];

    /// <summary>The rule for a number of a business there; null where numbers are free.</summary>
    public static TaxIdRule? For(string country, string compact) =>
        country switch
        {
            "GB" or "IM" when compact.StartsWith(UnitedKingdom.NorthernIreland.Prefix!, StringComparison.Ordinal) => UnitedKingdom.NorthernIreland,
            "GB" or "IM" => UnitedKingdom.Rule,
            "MC" => For("FR", compact),
            _ => Array.Find(All, r => r.Country == country),
        };

    /// <summary>Whose faultless number this is, by the prefix it is written with.</summary>
    public static string? OwnerByPrefix(string compact) =>
        Array.Find(All, r => r.Prefix is { } p && compact.StartsWith(p, StringComparison.Ordinal) && r.Judge(compact).Fault is null)?.Country;
}
