using System.Globalization;

namespace Portal.Processors;

/// <summary>An exact amount: minor units and an ISO 4217 code. (1099, "EUR") is € 10.99, (1099, "JPY") is ¥ 1,099.</summary>
/// <param name="MinorUnits">The amount in the currency's smallest unit; negative for credits.</param>
/// <param name="Currency">Three upper-case letters.</param>
public readonly record struct Money(long MinorUnits, string Currency)
{
    /// <summary>Nothing, in a currency.</summary>
    public static Money Zero(string currency) => new(0, currency);

    /// <summary>An amount in major units, exactly: ("690.00", "ZAR") is 69000 minor units.</summary>
    /// <exception cref="FormatException">The amount has more decimals than the currency.</exception>
    public static Money FromMajor(decimal amount, string currency)
    {
        var minor = amount * Scale(currency);
        return minor == decimal.Truncate(minor)
            ? new Money((long)minor, currency)
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{amount} has more decimals than {currency} allows."));
    }

    /// <summary>The amount in major units, exactly.</summary>
    public decimal ToMajor() => MinorUnits / Scale(Currency);

    /// <summary>Decimals of a currency by ISO 4217: EUR 2, JPY 0, KWD 3. Processors with their own exceptions convert before and after.</summary>
    public static int Exponent(string currency) =>
        currency switch
        {
            "BIF"
            or "CLP"
            or "DJF"
            or "GNF"
            or "ISK"
            or "JPY"
            or "KMF"
            or "KRW"
            or "PYG"
            or "RWF"
            or "UGX"
            or "UYI"
            or "VND"
            or "VUV"
            or "XAF"
            or "XOF"
            or "XPF" => 0,
            "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
            "CLF" or "UYW" => 4,
            _ => 2,
        };

    /// <summary>The sum of two amounts in one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.MinorUnits + right.MinorUnits), Same(left, right));

    /// <summary>The difference of two amounts in one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator -(Money left, Money right) => new(checked(left.MinorUnits - right.MinorUnits), Same(left, right));

    /// <summary>For logs: <c>10.99 EUR</c>. People read amounts through the portal's culture-aware formatting.</summary>
    public override string ToString() =>
        ToMajor().ToString("F" + Exponent(Currency).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + " " + Currency;

    private static decimal Scale(string currency) =>
        Exponent(currency) switch
        {
            0 => 1m,
            3 => 1000m,
            4 => 10000m,
            _ => 100m,
        };

    private static string Same(Money left, Money right) =>
        left.Currency == right.Currency
            ? left.Currency
            : throw new InvalidOperationException($"Amounts in {left.Currency} and {right.Currency} cannot be combined.");
}
