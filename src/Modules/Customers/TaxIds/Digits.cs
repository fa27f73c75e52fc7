namespace Portal.Customers.TaxIds;

/// <summary>The arithmetic check digits are made of.</summary>
internal static class Digits
{
    /// <summary>Each digit times its weight, added up; digits beyond the weights do not count.</summary>
    public static int Sum(string number, params ReadOnlySpan<int> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += At(number, i) * weights[i];
        }

        return sum;
    }

    public static int At(string number, int index) => number[index] - '0';

    public static int Last(string number) => number[^1] - '0';

    /// <summary>ISO/IEC 7812-1 (Luhn): from the right every second digit is doubled, the sum ends in 0.</summary>
    public static bool Luhn(string number)
    {
        var sum = 0;
        for (var i = 0; i < number.Length; i++)
        {
            var digit = At(number, number.Length - 1 - i);
            sum += i % 2 == 0 ? digit : Cross(2 * digit);
        }

        return sum % 10 == 0;
    }

    /// <summary>ISO 7064, MOD 11,10.</summary>
    public static bool Mod11And10(string number)
    {
        var product = 10;
        for (var i = 0; i < number.Length - 1; i++)
        {
            var sum = (At(number, i) + product) % 10;
            product = 2 * (sum == 0 ? 10 : sum) % 11;
        }

        return (11 - product) % 10 == Last(number);
    }

    /// <summary>ISO 7064, MOD 97-10: letters count as 10 to 35, and the whole leaves 1.</summary>
    public static bool Mod97And10(string text) =>
        text.Aggregate(0, (rest, c) => char.IsAsciiDigit(c) ? ((rest * 10) + c - '0') % 97 : ((rest * 100) + c - 'A' + 10) % 97) == 1;

    /// <summary>The sum of the digits of a number below 100.</summary>
    public static int Cross(int number) => (number / 10) + (number % 10);
}
