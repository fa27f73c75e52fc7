namespace Portal.Customers.TaxIds;

/// <summary>Tax ids of businesses outside the European Union and the United Kingdom.</summary>
internal static class OtherCountries
{
    private const string Base36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static TaxIdRule[] Rules { get; } =
    [
        Switzerland("#########", "#########MWST", "#########TVA", "#########IVA", "#########TPV"),
        new("NO", null, new Shape("#########", Norway), new Shape("#########MVA", Norway)) { Label = "NO" },
        new("AU", null, new Shape("###########", Australia)) { Label = "ABN" },
        new("IN", null, new Shape("##@@@@@####@&@&", India)),
        new("BR", null, new Shape("&&&&&&&&&&&&##", BrazilianCompany), new Shape("###########", BrazilianPerson)),
        SouthAfrica,
        new("CA", null, new Shape("#########", Canada), new Shape("#########RT####", Canada)),
    ];

    /// <summary>Ten digits that begin with 4.</summary>
    /// <remarks>
    /// South African Revenue Service, VAT 404. The service speaks of a modulus 10 test for its reference numbers without publishing how it
    /// runs over VAT numbers, so the form alone is looked at.
    /// </remarks>
    private static TaxIdRule SouthAfrica => new("ZA", null, new Shape("4#########")) { Label = "ZA" };

    /// <summary>Enterprise number (UID), for VAT with the suffix of one of the country's languages.</summary>
    /// <remarks>Federal Statistical Office, eCH-0097 and eCH-0108: weights 5 4 3 2 7 6 5 4, modulus 11; a remainder that asks for 10 is not issued.</remarks>
    private static TaxIdRule Switzerland(params string[] masks) =>
        new(
            "CH",
            "CHE",
            [
                .. masks.Select(mask => new Shape(
                    mask,
                    n => (11 - (Digits.Sum(n, 5, 4, 3, 2, 7, 6, 5, 4) % 11)) % 11 is not 10 and var check && check == Digits.At(n, 8)
                )),
            ]
        );

    /// <summary>Organization number, followed by MVA where it is registered for VAT.</summary>
    /// <remarks>Brønnøysund Register Centre: nine digits, weights 3 2 7 6 5 4 3 2, modulus 11; one that asks for 10 is not issued.</remarks>
    private static bool Norway(string number) =>
        (11 - (Digits.Sum(number, 3, 2, 7, 6, 5, 4, 3, 2) % 11)) % 11 is not 10 and var check && check == Digits.At(number, 8);

    /// <summary>Australian Business Number.</summary>
    /// <remarks>Australian Business Register, "Format of the ABN": 1 less in the first digit, weights 10 1 3 5 … 19, a multiple of 89.</remarks>
    private static bool Australia(string number) => number[0] != '0' && (Digits.Sum(number, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19) - 10) % 89 == 0;

    /// <summary>Goods and Services Tax Identification Number: state, PAN, entity, Z, check character.</summary>
    /// <remarks>
    /// Goods and Services Tax Network: over the 36 digits and letters, values times 1 and 2 in turn, quotient and remainder by 36 added up; the
    /// check character completes the sum to a multiple of 36.
    /// </remarks>
    private static bool India(string number)
    {
        var sum = 0;
        for (var i = 0; i < 14; i++)
        {
            var product = Base36.IndexOf(number[i], StringComparison.Ordinal) * (1 + (i % 2));
            sum += (product / 36) + (product % 36);
        }

        return Base36[(36 - (sum % 36)) % 36] == number[14];
    }

    /// <summary>CNPJ: twelve digits or, since July 2026, letters as well, and two check digits.</summary>
    /// <remarks>
    /// Receita Federal, Instrução Normativa RFB 2.229/2024: a character counts as its ASCII code less 48, weights 2 to 9 from the right, modulus
    /// 11; remainders 0 and 1 give 0.
    /// </remarks>
    private static bool BrazilianCompany(string number) =>
        number.Distinct().Count() > 1
        && Brazil(number, 12, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
        && Brazil(number, 13, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2);

    /// <summary>CPF, of a person: nine digits and two check digits.</summary>
    /// <remarks>Receita Federal: weights 10 to 2, then 11 to 2, modulus 11; remainders 0 and 1 give 0. Eleven equal digits are not issued.</remarks>
    private static bool BrazilianPerson(string number) =>
        number.Distinct().Count() > 1 && Brazil(number, 9, 10, 9, 8, 7, 6, 5, 4, 3, 2) && Brazil(number, 10, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2);

    private static bool Brazil(string number, int at, params ReadOnlySpan<int> weights) =>
        (Digits.Sum(number, weights) % 11) is var rest && Digits.At(number, at) == (rest < 2 ? 0 : 11 - rest);

    /// <summary>Business number, for GST and HST followed by RT and the account.</summary>
    /// <remarks>Canada Revenue Agency, RC2: nine digits, the last by Luhn's rule.</remarks>
    private static bool Canada(string number) => Digits.Luhn(number[..9]);
}
