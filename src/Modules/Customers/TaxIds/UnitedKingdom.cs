namespace Portal.Customers.TaxIds;

/// <summary>VAT registration numbers of the United Kingdom; Northern Ireland's are the same numbers under the prefix XI.</summary>
/// <remarks>
/// HM Revenue and Customs, VATREG: nine digits, the last two of which bring the weighted sum of the first seven to a multiple of 97; since
/// 2009 also with 55 added ("9755"). Twelve digits are a branch. GD (below 500) are government departments, HA (500 and above) health authorities;
/// they have no check digits.
/// </remarks>
internal static class UnitedKingdom
{
    private static readonly Shape[] Shapes =
    [
        new("#########", IsSound),
        new("############", IsSound),
        new("GD###", n => n[2] < '5'),
        new("HA###", n => n[2] >= '5'),
    ];

    public static TaxIdRule Rule { get; } = new("GB", "GB", Shapes);

    public static TaxIdRule NorthernIreland { get; } = new("GB", "XI", Shapes);

    private static bool IsSound(string number)
    {
        var sum = Digits.Sum(number, 8, 7, 6, 5, 4, 3, 2, 10, 1);
        return sum % 97 == 0 || (sum + 55) % 97 == 0;
    }
}
