using Portal.Customers.Contract;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Tax ids by each country's rule, against published numbers and against every way one digit can be mistyped.</summary>
public sealed class TaxIdTests
{
    /// <summary>Published numbers: of authorities, in their forms and explanations, and of large companies' imprints.</summary>
    private static readonly (string Country, string Typed, string Value, TaxIdCertainty Certainty)[] Sound =
    [
        ("AT", "ATU 13585627", "ATU13585627", TaxIdCertainty.Checksum),
        ("AT", "u13585627", "ATU13585627", TaxIdCertainty.Checksum),
        ("BE", "BE 0428.759.497", "BE0428759497", TaxIdCertainty.Checksum),
        ("BE", "428.759.497", "BE0428759497", TaxIdCertainty.Checksum),
        ("BG", "BG 175 074 752", "BG175074752", TaxIdCertainty.Checksum),
        ("BG", "7523169263", "BG7523169263", TaxIdCertainty.Checksum),
        ("BG", "8032056031", "BG8032056031", TaxIdCertainty.Checksum),
        ("CY", "CY-10259033P", "CY10259033P", TaxIdCertainty.Checksum),
        ("CZ", "CZ 25123891", "CZ25123891", TaxIdCertainty.Checksum),
        ("CZ", "7103192745", "CZ7103192745", TaxIdCertainty.Checksum),
        ("CZ", "640903926", "CZ640903926", TaxIdCertainty.Checksum),
        ("DE", "de 136,695 976", "DE136695976", TaxIdCertainty.Checksum),
        ("DK", "DK 13585628", "DK13585628", TaxIdCertainty.Checksum),
        ("EE", "EE 100 931 558", "EE100931558", TaxIdCertainty.Checksum),
        ("GR", "EL 094259216", "EL094259216", TaxIdCertainty.Checksum),
        ("GR", "GR094259216", "EL094259216", TaxIdCertainty.Checksum),
        ("ES", "ES B-58378431", "ESB58378431", TaxIdCertainty.Checksum),
        ("ES", "54362315-K", "ES54362315K", TaxIdCertainty.Checksum),
        ("ES", "X-2482300W", "ESX2482300W", TaxIdCertainty.Checksum),
        ("ES", "J99216582", "ESJ99216582", TaxIdCertainty.Checksum),
        ("FI", "FI 20774740", "FI20774740", TaxIdCertainty.Checksum),
        ("FI", "2077474-0", "FI20774740", TaxIdCertainty.Checksum),
        ("FR", "FR 40 303 265 045", "FR40303265045", TaxIdCertainty.Checksum),
        ("FR", "23 334 175 221", "FR23334175221", TaxIdCertainty.Checksum),
        ("FR", "K7399859412", "FRK7399859412", TaxIdCertainty.Checksum),
        ("MC", "FR 53 0000 04605", "FR53000004605", TaxIdCertainty.Checksum),
        ("HR", "HR 33392005961", "HR33392005961", TaxIdCertainty.Checksum),
        ("HU", "HU-12892312", "HU12892312", TaxIdCertainty.Checksum),
        ("IE", "IE 6433435F", "IE6433435F", TaxIdCertainty.Checksum),
        ("IE", "6433435OA", "IE6433435OA", TaxIdCertainty.Checksum),
        ("IE", "8D79739I", "IE8D79739I", TaxIdCertainty.Checksum),
        ("IT", "IT 00743110157", "IT00743110157", TaxIdCertainty.Checksum),
        ("LT", "119511515", "LT119511515", TaxIdCertainty.Checksum),
        ("LT", "LT 100001919017", "LT100001919017", TaxIdCertainty.Checksum),
        ("LT", "100004801610", "LT100004801610", TaxIdCertainty.Checksum),
        ("LU", "LU 150 274 42", "LU15027442", TaxIdCertainty.Checksum),
        ("LV", "LV 4000 3521 600", "LV40003521600", TaxIdCertainty.Checksum),
        ("LV", "161175-19997", "LV16117519997", TaxIdCertainty.Checksum),
        ("LV", "32867300679", "LV32867300679", TaxIdCertainty.Format),
        ("MT", "MT-1167-9112", "MT11679112", TaxIdCertainty.Checksum),
        ("NL", "NL004495445B01", "NL004495445B01", TaxIdCertainty.Checksum),
        ("NL", "NL002455799B11", "NL002455799B11", TaxIdCertainty.Checksum),
        ("PL", "PL 856-734-62-15", "PL8567346215", TaxIdCertainty.Checksum),
        ("PT", "PT 501 964 843", "PT501964843", TaxIdCertainty.Checksum),
        ("RO", "RO 185 472 90", "RO18547290", TaxIdCertainty.Checksum),
        ("SE", "SE 556016-0680-01", "SE556016068001", TaxIdCertainty.Checksum),
        ("SI", "SI 5022 3054", "SI50223054", TaxIdCertainty.Checksum),
        ("SK", "SK 202 274 96 19", "SK2022749619", TaxIdCertainty.Checksum),
        ("GB", "GB 980 7806 84", "GB980780684", TaxIdCertainty.Checksum),
        ("GB", "980780684001", "GB980780684001", TaxIdCertainty.Checksum),
        ("IM", "GB 980 7806 84", "GB980780684", TaxIdCertainty.Checksum),
        ("GB", "GD001", "GBGD001", TaxIdCertainty.Checksum),
        ("GB", "XI 980 7806 84", "XI980780684", TaxIdCertainty.Checksum),
        ("CH", "CHE-107.787.577 IVA", "CHE107787577IVA", TaxIdCertainty.Checksum),
        ("CH", "CHE-100.155.212 MWST", "CHE100155212MWST", TaxIdCertainty.Checksum),
        ("CH", "107.787.577", "CHE107787577", TaxIdCertainty.Checksum),
        ("NO", "NO 995 525 828 MVA", "995525828MVA", TaxIdCertainty.Checksum),
        ("NO", "923609016", "923609016", TaxIdCertainty.Checksum),
        ("AU", "ABN 83 914 571 673", "83914571673", TaxIdCertainty.Checksum),
        ("AU", "51 824 753 556", "51824753556", TaxIdCertainty.Checksum),
        ("IN", "27AAPFU0939F1ZV", "27AAPFU0939F1ZV", TaxIdCertainty.Checksum),
        ("BR", "16.727.230/0001-97", "16727230000197", TaxIdCertainty.Checksum),
        ("BR", "12.ABC.345/01de-35", "12ABC34501DE35", TaxIdCertainty.Checksum),
        ("BR", "390.533.447-05", "39053344705", TaxIdCertainty.Checksum),
        ("ZA", "4220214157", "4220214157", TaxIdCertainty.Format),
        ("CA", "12302 6635", "123026635", TaxIdCertainty.Checksum),
        ("CA", "12302 6635 rt 0001", "123026635RT0001", TaxIdCertainty.Checksum),
        ("US", " 91-1144442 ", "91-1144442", TaxIdCertainty.Free),
        ("JP", "Ｔ７０００ ０１２０ ５０００２", "T7000 0120 50002", TaxIdCertainty.Free),
    ];

    /// <summary>Rules under which every single wrong digit shows. The others let some through: several rules side by side, or two remainders for one digit.</summary>
    private static readonly string[] Complete =
    [
        "ATU13585627",
        "BE0428759497",
        "CY10259033P",
        "DE136695976",
        "DK13585628",
        "EE100931558",
        "ESB58378431",
        "ES54362315K",
        "FI20774740",
        "FR40303265045",
        "HR33392005961",
        "HU12892312",
        "IE6433435F",
        "IE8D79739I",
        "IT00743110157",
        "LU15027442",
        "LV40003521600",
        "MT11679112",
        "PL8567346215",
        "SI50223054",
        "SK2022749619",
        "CHE107787577",
        "83914571673",
        "27AAPFU0939F1ZV",
        "123026635",
        "923609016",
    ];

    private static IEnumerable<TestCaseData> SoundCases =>
        Sound.Select(s => new TestCaseData(s.Country, s.Typed, s.Value, s.Certainty).SetArgDisplayNames(s.Country, s.Typed));

    private static IEnumerable<TestCaseData> Checked =>
        Sound
            .Where(s => s.Certainty == TaxIdCertainty.Checksum)
            .DistinctBy(s => s.Value)
            .Select(s => new TestCaseData(s.Country, s.Value).SetArgDisplayNames(s.Country, s.Value));

    [TestCaseSource(nameof(SoundCases))]
    public void A_sound_one_is_taken_in_any_spelling(string country, string typed, string value, TaxIdCertainty certainty)
    {
        TaxIdCheck.Read(country, typed).Should().Be(new TaxIdReading(value, certainty, null));
        TaxIdCheck.Read(country, value).Should().Be(new TaxIdReading(value, certainty, null), "what is stored is read alike");
    }

    [TestCaseSource(nameof(Checked))]
    public void A_mistyped_digit_shows(string country, string value)
    {
        // Behind the number itself: branches, accounts, years.
        var end = country switch
        {
            "SE" => 12, // Prefix and the ten digits of the organization.
            "NL" => 11,
            "CA" => 9,
            "GB" or "IM" => value.Contains("GD", StringComparison.Ordinal) ? 4 : 11,
            _ => value.Length,
        };
        var (wrong, missed) = (0, new List<string>());
        for (var i = 0; i < Math.Min(end, value.Length); i++)
        {
            for (var digit = '0'; char.IsAsciiDigit(value[i]) && digit <= '9'; digit++)
            {
                if (digit != value[i])
                {
                    var typo = value[..i] + digit + value[(i + 1)..];
                    wrong++;
                    if (TaxIdCheck.Read(country, typo).Fault is null)
                    {
                        missed.Add(typo);
                    }
                }
            }
        }

        if (Complete.Contains(value))
        {
            missed.Should().BeEmpty();
        }
        else if (!value.Contains("GD", StringComparison.Ordinal))
        {
            missed.Count.Should().BeLessThan(wrong / 4, "few go unseen: {0}", string.Join(' ', missed));
        }
    }

    [Test]
    public void Every_member_state_has_a_rule()
    {
        string[] states = ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT"];
        string[] more = ["NL", "PL", "PT", "RO", "SE", "SI", "SK"];

        states.Concat(more).Should().OnlyContain(state => TaxIdCheck.Read(state, "1").Certainty != TaxIdCertainty.Free).And.HaveCount(27);
    }

    [SecurityCase("I5", "length, characters, check digit: each told")]
    [TestCase("DE", "DE12345", TaxIdFault.Length)]
    [TestCase("DE", "DE1366959761", TaxIdFault.Length)]
    [TestCase("DE", "DE13669597X", TaxIdFault.Characters)]
    [TestCase("DE", "DE136695967", TaxIdFault.CheckDigit)]
    [TestCase("NL", "4495445B01", TaxIdFault.Length)]
    [TestCase("ZA", "5220214157", TaxIdFault.Characters)]
    [TestCase("BR", "111.111.111-11", TaxIdFault.CheckDigit)]
    [TestCase("US", "<script>", TaxIdFault.Characters)]
    [TestCase("US", "-", TaxIdFault.Length)]
    [TestCase("US", "1\u0000", TaxIdFault.Characters)]
    [TestCase("DE", "DE13669597\ud800", TaxIdFault.Characters)]
    [TestCase("DE", "DE13669597б", TaxIdFault.Characters)]
    public void It_says_what_is_wrong(string country, string typed, TaxIdFault fault) => TaxIdCheck.Read(country, typed).Fault.Should().Be(fault);

    [SecurityCase("I5", "right for another country: said so")]
    [TestCase("DE", "ATU13585627", "AT")]
    [TestCase("AT", "de136695976", "DE")]
    [TestCase("FR", "CHE-107.787.577 IVA", "CH")]
    [TestCase("IT", "EL094259216", "GR")]
    [TestCase("DE", "XI980780684", "GB")]
    public void It_says_whose_it_is_instead(string country, string typed, string owner) =>
        TaxIdCheck.Read(country, typed).Should().BeEquivalentTo(new { Fault = TaxIdFault.OtherCountry, BelongsTo = owner });

    [SecurityCase("I5", "nonsense of any length is answered at once")]
    [Test]
    public void Nonsense_of_any_length_is_answered_at_once()
    {
        foreach (var country in (string[])["DE", "FR", "ES", "IN", "BR", "US", "", "XX", "de"])
        {
            foreach (var typed in (string[])["", " ", new string('9', 10_240), new string('Z', 60), "FR", "IE", "CHE", "🦊🦊", "٤٢٢٠٢١٤١٥٧"])
            {
                FluentActions.Invoking(() => TaxIdCheck.Read(country, typed)).Should().NotThrow("{0} {1}", country, typed);
            }
        }

        TaxIdCheck.Read("US", new string('9', 10_240)).Fault.Should().Be(TaxIdFault.Length);
    }
}
