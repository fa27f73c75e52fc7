using System.Globalization;

namespace Portal.Customers.TaxIds;

/// <summary>VAT identification numbers of the member states.</summary>
/// <remarks>
/// Forms: European Commission, VIES, "VAT identification number structure". Check digits: each state's own rule, named beside it; where a state
/// issues numbers by several rules (Bulgaria, the Czech Republic, the Netherlands …), agreeing with one is enough.
/// </remarks>
internal static class EuropeanUnion
{
    private const string FrenchLetters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string SpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string IrishLetters = "WABCDEFGHIJKLMNOPQRSTUV";

    public static TaxIdRule[] Rules { get; } =
    [
        new("AT", "AT", new Shape("U########", Austria)),
        new("BE", "BE", new Shape("##########", Belgium)) { Complete = n => n.Length == 9 ? "0" + n : n },
        new("BG", "BG", new Shape("#########", BulgarianCompany), new Shape("##########", BulgarianPerson)),
        new("CY", "CY", new Shape("########@", Cyprus)),
        new("CZ", "CZ", new Shape("########", CzechCompany), new Shape("#########", CzechNine), new Shape("##########", CzechPerson)),
        new("DE", "DE", new Shape("#########", Germany)),
        new("DK", "DK", new Shape("########", Denmark)),
        new("EE", "EE", new Shape("#########", Estonia)),
        new("GR", "EL", new Shape("#########", Greece)) { Label = "GR" },
        new("ES", "ES", new Shape("&#######&", Spain)),
        new("FI", "FI", new Shape("########", Finland)),
        new("FR", "FR", new Shape("&&#########", France)),
        new("HR", "HR", new Shape("###########", Digits.Mod11And10)),
        new("HU", "HU", new Shape("########", Hungary)),
        new("IE", "IE", new Shape("#######@", Ireland), new Shape("#######@@", Ireland), new Shape("#!#####@", IrelandBefore1986)),
        new("IT", "IT", new Shape("###########", Italy)),
        new("LT", "LT", new Shape("#########", Lithuania), new Shape("############", Lithuania)),
        new("LU", "LU", new Shape("########", Luxembourg)),
        new("LV", "LV", new Shape("###########", LatvianCompany), new Shape("32#########"), new Shape("###########", LatvianPerson)),
        new("MT", "MT", new Shape("########", Malta)),
        new("NL", "NL", new Shape("#########B##", Netherlands)),
        new("PL", "PL", new Shape("##########", Poland)),
        new("PT", "PT", new Shape("#########", Portugal)),
        new("RO", "RO", [.. Enumerable.Range(2, 9).Select(length => new Shape(new string('#', length), Romania))]),
        new("SE", "SE", new Shape("############", Sweden)),
        new("SI", "SI", new Shape("########", Slovenia)),
        new("SK", "SK", new Shape("##########", Slovakia)),
    ];

    /// <summary>BMF, UID-Nummer: weights 1 2 in turn with digit sums, plus 4, completed to a multiple of 10.</summary>
    private static bool Austria(string number)
    {
        var sum = Enumerable.Range(1, 7).Sum(i => i % 2 == 1 ? Digits.At(number, i) : Digits.Cross(2 * Digits.At(number, i)));
        return (10 - ((sum + 4) % 10)) % 10 == Digits.Last(number);
    }

    /// <summary>FPS Economy, enterprise number: begins with 0 or 1, the last two are 97 less the rest of the first eight by 97.</summary>
    private static bool Belgium(string number) => number[0] is '0' or '1' && 97 - (Whole(number[..8]) % 97) == Whole(number[8..]);

    /// <summary>Registry Agency, EIK: weights 1 to 8, modulus 11; where that leaves 10, weights 3 to 10, and 10 is 0.</summary>
    private static bool BulgarianCompany(string number)
    {
        var rest = Digits.Sum(number, 1, 2, 3, 4, 5, 6, 7, 8) % 11;
        return (rest < 10 ? rest : Digits.Sum(number, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10) == Digits.Last(number);
    }

    /// <summary>Civil registration (EGN), foreigners' number (LNC), or the National Revenue Agency's own for others.</summary>
    private static bool BulgarianPerson(string number)
    {
        var own = Digits.Sum(number, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
        return (Digits.Sum(number, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10 == Digits.Last(number) && IsBulgarianBirthday(number))
            || Digits.Sum(number, 21, 19, 17, 13, 11, 9, 7, 3, 1) % 10 == Digits.Last(number)
            || (own != 1 && (11 - own) % 11 == Digits.Last(number));
    }

    private static bool IsBulgarianBirthday(string number)
    {
        var (year, month, day) = (Whole(number[..2]), Whole(number[2..4]), Whole(number[4..6]));
        return month switch
        {
            > 40 => IsDay(2000 + year, month - 40, day),
            > 20 => IsDay(1800 + year, month - 20, day),
            _ => IsDay(1900 + year, month, day),
        };
    }

    /// <summary>Tax Department, TIC: digits at odd places translated, modulus 26 as a letter.</summary>
    private static bool Cyprus(string number)
    {
        ReadOnlySpan<int> odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
        var sum = 0;
        for (var i = 0; i < 8; i++)
        {
            sum += i % 2 == 0 ? odd[Digits.At(number, i)] : Digits.At(number, i);
        }

        return !number.StartsWith("12", StringComparison.Ordinal) && 'A' + (sum % 26) == number[8];
    }

    /// <summary>Czech Statistical Office, IČO: weights 8 to 2, modulus 11; not beginning with 9.</summary>
    private static bool CzechCompany(string number)
    {
        var check = (11 - (Digits.Sum(number, 8, 7, 6, 5, 4, 3, 2) % 11)) % 11;
        return number[0] != '9' && (check == 0 ? 1 : check) % 10 == Digits.Last(number);
    }

    /// <summary>Beginning with 6 the tax offices' own number with a check digit; else the birth number of somebody born before 1954, which has none.</summary>
    private static bool CzechNine(string number)
    {
        if (number[0] == '6')
        {
            var rest = Digits.Sum(number[1..], 8, 7, 6, 5, 4, 3, 2) % 11;
            if ((8 - ((10 - rest) % 11)) % 10 == Digits.Last(number))
            {
                return true;
            }
        }

        return Whole(number[..2]) <= 53 && IsCzechBirthday(number, 1900);
    }

    /// <summary>Act 133/2000, birth number: a multiple of 11; some of before 1986 leave 10 in the first nine and end in 0.</summary>
    private static bool CzechPerson(string number)
    {
        var year = Whole(number[..2]);
        return IsCzechBirthday(number, year < 54 ? 2000 : 1900)
            && (Whole(number) % 11 == 0 || (Whole(number[..9]) % 11 == 10 && Digits.Last(number) == 0));
    }

    private static bool IsCzechBirthday(string number, long century)
    {
        var month = Whole(number[2..4]) % 50;
        return IsDay(century + Whole(number[..2]), month > 20 ? month - 20 : month, Whole(number[4..6]));
    }

    /// <summary>BZSt, USt-IdNr.: ISO 7064, MOD 11,10.</summary>
    private static bool Germany(string number) => number[0] != '0' && Digits.Mod11And10(number);

    /// <summary>Erhvervsstyrelsen, CVR: weights 2 7 6 5 4 3 2 1, a multiple of 11.</summary>
    private static bool Denmark(string number) => number[0] != '0' && Digits.Sum(number, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;

    /// <summary>Maksu- ja Tolliamet, KMKR: weights 3 7 1, a multiple of 10.</summary>
    private static bool Estonia(string number) => Digits.Sum(number, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0;

    /// <summary>AADE, AFM: powers of two, modulus 11, then 10.</summary>
    private static bool Greece(string number) =>
        number.Any(c => c != '0') && Digits.Sum(number, 256, 128, 64, 32, 16, 8, 4, 2) % 11 % 10 == Digits.Last(number);

    /// <summary>
    /// Agencia Tributaria, NIF: persons (DNI, NIE) by 23 letters; companies by Luhn's rule, the check digit written as a digit or as one of ten
    /// letters. Which of the two a kind of company uses has changed over time, so both are taken.
    /// </summary>
    private static bool Spain(string number)
    {
        var middle = number[1..8];
        if (char.IsAsciiDigit(number[0]))
        {
            return number[8] == SpanishLetters[(int)(Whole(number[..8]) % 23)];
        }

        if (number[0] is 'X' or 'Y' or 'Z' or 'K' or 'L' or 'M')
        {
            var front = number[0] is 'X' or 'Y' or 'Z' ? number[0] - 'X' : 0;
            return number[8] == SpanishLetters[(int)(((front * 10_000_000L) + Whole(middle)) % 23)];
        }

        if (!"ABCDEFGHJNPQRSUVW".Contains(number[0], StringComparison.Ordinal))
        {
            return false;
        }

        var sum = Enumerable.Range(0, 7).Sum(i => i % 2 == 0 ? Digits.Cross(2 * Digits.At(middle, i)) : Digits.At(middle, i));
        var check = (10 - (sum % 10)) % 10;
        return number[8] == '0' + check || number[8] == "JABCDEFGHI"[check];
    }

    /// <summary>PRH, Y-tunnus: weights 7 9 10 5 8 4 2 1, a multiple of 11.</summary>
    private static bool Finland(string number) => Digits.Sum(number, 7, 9, 10, 5, 8, 4, 2, 1) % 11 == 0;

    /// <summary>
    /// DGFiP: a key of two characters before the SIREN (Luhn's rule; Monaco's begin with 000 and do not follow it). A key of digits is the rest by
    /// 97 of the SIREN and 12; one with letters follows the rule of newer numbers, modulus 11.
    /// </summary>
    private static bool France(string number)
    {
        var (key, siren) = (number[..2], number[2..]);
        if (!siren.StartsWith("000", StringComparison.Ordinal) && !Digits.Luhn(siren))
        {
            return false;
        }

        if (key.All(char.IsAsciiDigit))
        {
            return Whole(siren + "12") % 97 == Whole(key);
        }

        var (first, second) = (FrenchLetters.IndexOf(key[0], StringComparison.Ordinal), FrenchLetters.IndexOf(key[1], StringComparison.Ordinal));
        if (first < 0 || second < 0)
        {
            return false;
        }

        var code = char.IsAsciiDigit(key[0]) ? (first * 24) + second - 10 : (first * 34) + second - 100;
        return (Whole(siren) + 1 + (code / 11)) % 11 == code % 11;
    }

    /// <summary>NAV, adószám: the first eight digits, weights 9 7 3 1, a multiple of 10.</summary>
    private static bool Hungary(string number) => Digits.Sum(number, 9, 7, 3, 1, 9, 7, 3, 1) % 10 == 0;

    /// <summary>Revenue Commissioners: weights 8 to 2, a second letter times 9, modulus 23 as a letter.</summary>
    private static bool Ireland(string number)
    {
        var extra = number.Length == 9 ? IrishLetters.IndexOf(number[8], StringComparison.Ordinal) : 0;
        return extra >= 0 && number[7] == IrishLetters[(Digits.Sum(number, 8, 7, 6, 5, 4, 3, 2) + (9 * extra)) % 23];
    }

    /// <summary>Numbers with a letter, plus or star in the second place: the first digit counts as the seventh.</summary>
    private static bool IrelandBefore1986(string number) => Ireland("0" + number[2..7] + number[0] + number[7]);

    /// <summary>Agenzia delle Entrate, partita IVA: Luhn's rule; seven digits that are not all 0, then the office.</summary>
    private static bool Italy(string number) => number[..7].Any(c => c != '0') && Digits.Luhn(number);

    /// <summary>VMI: weights 1 to 9 over and over, modulus 11; where that leaves 10, weights 3 to 9 and on from 1, and 10 is 0. The last but one is 1.</summary>
    private static bool Lithuania(string number)
    {
        var rest = Enumerable.Range(0, number.Length - 1).Sum(i => (1 + (i % 9)) * Digits.At(number, i)) % 11;
        if (rest == 10)
        {
            rest = Enumerable.Range(0, number.Length - 1).Sum(i => (1 + ((i + 2) % 9)) * Digits.At(number, i)) % 11 % 10;
        }

        return number[^2] == '1' && rest == Digits.Last(number);
    }

    /// <summary>AED: the last two are the rest of the first six by 89.</summary>
    private static bool Luxembourg(string number) => Whole(number[..6]) % 89 == Whole(number[6..]);

    /// <summary>VID: companies begin with 4 and more; weights 9 1 4 8 3 10 2 5 7 6 1, modulus 11 leaves 3.</summary>
    private static bool LatvianCompany(string number) => number[0] > '3' && Digits.Sum(number, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1) % 11 == 3;

    /// <summary>PMLP, personal code: a birthday, weights 10 5 8 4 2 1 6 3 7 9. Newer ones begin with 32 and have neither.</summary>
    private static bool LatvianPerson(string number) =>
        number[0] <= '3'
        && IsDay(1800 + (100 * Digits.At(number, 6)) + Whole(number[4..6]), Whole(number[2..4]), Whole(number[..2]))
        && (1 + Digits.Sum(number, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9)) % 11 % 10 == Digits.Last(number);

    /// <summary>Commissioner for Tax and Customs: weights 3 4 6 7 8 9 10 1, a multiple of 37.</summary>
    private static bool Malta(string number) => Digits.Sum(number, 3, 4, 6, 7, 8, 9, 10, 1) % 37 == 0;

    /// <summary>Belastingdienst, btw-id: companies by the eleven test of their RSIN; sole traders since 2020 by ISO 7064, MOD 97-10, over the whole.</summary>
    private static bool Netherlands(string number) =>
        number[10..] != "00"
        && ((Digits.Sum(number, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0 && Whole(number[..9]) > 0) || Digits.Mod97And10("NL" + number));

    /// <summary>Ministry of Finance, NIP: weights 6 5 7 2 3 4 5 6 7, modulus 11; numbers that leave 10 are not issued.</summary>
    private static bool Poland(string number) => Digits.Sum(number, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == Digits.Last(number);

    /// <summary>AT, NIF: weights 9 to 2, modulus 11; what asks for 10 or 11 gets 0.</summary>
    private static bool Portugal(string number) =>
        number[0] != '0' && (11 - (Digits.Sum(number, 9, 8, 7, 6, 5, 4, 3, 2) % 11)) is var check && (check > 9 ? 0 : check) == Digits.Last(number);

    /// <summary>ANAF, CUI: weights 7 5 3 2 1 7 5 3 2 from the right, times 10, modulus 11, then 10.</summary>
    private static bool Romania(string number) =>
        number[0] != '0' && Digits.Sum(number.PadLeft(10, '0'), 7, 5, 3, 2, 1, 7, 5, 3, 2) * 10 % 11 % 10 == Digits.Last(number);

    /// <summary>Skatteverket: the ten digits of the organization or person by Luhn's rule, then a number from 01.</summary>
    private static bool Sweden(string number) => number[10..] != "00" && Digits.Luhn(number[..10]);

    /// <summary>FURS: weights 8 to 2, modulus 11; what asks for 10 gets 0, what asks for 11 is not issued.</summary>
    private static bool Slovenia(string number) =>
        number[0] != '0' && (11 - (Digits.Sum(number, 8, 7, 6, 5, 4, 3, 2) % 11)) is not 11 and var check && check % 10 == Digits.Last(number);

    /// <summary>Finančná správa, IČ DPH: a multiple of 11; the third digit says what kind.</summary>
    private static bool Slovakia(string number) => number[0] != '0' && number[2] is '2' or '3' or '4' or '7' or '8' or '9' && Whole(number) % 11 == 0;

    private static long Whole(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static bool IsDay(long year, long month, long day) =>
        month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth((int)year, (int)month);
}
