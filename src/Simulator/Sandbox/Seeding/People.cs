using System.Globalization;

namespace Portal.Simulator.Sandbox.Seeding;

/// <summary>Names and addresses of the demo's customers.</summary>
internal static class People
{
    private static readonly Place[] Places =
    [
        new("DE", "EUR", false, "Lindenstraße {0}", [("10115", "Berlin", null), ("80331", "München", null), ("01067", "Dresden", null)])
        {
            Given = ["Jürgen", "Anneliese", "Leonie", "Matthias", "Zoë"],
            Family = ["Müller", "Groß", "von der Heide", "Schäfer", "Öztürk"],
        },
        new("FR", "EUR", false, "{0} rue des Tanneurs", [("69001", "Lyon", null), ("31000", "Toulouse", null), ("75011", "Paris", null)])
        {
            Given = ["Élodie", "François", "Maëlys", "Noé", "Anaïs"],
            Family = ["Lefèvre", "d'Ormesson", "Nguyễn", "Garçon", "Dupont-Aubry"],
        },
        new("GB", "GBP", false, "{0} Mill Lane", [("EH1 2NG", "Edinburgh", null), ("M1 4BT", "Manchester", null), ("CF10 1AA", "Cardiff", null)])
        {
            Given = ["Siobhán", "Rhys", "Oluwaseun", "Priya", "George"],
            Family = ["O'Connor", "Llewellyn", "Adeyemi", "Featherstonehaugh", "Khan"],
        },
        new("US", "USD", false, "{0} Maple Avenue", [("97201", "Portland", "OR"), ("78701", "Austin", "TX"), ("04101", "Portland", "ME")])
        {
            Given = ["Jayden", "Guadalupe", "Mary-Kate", "D'Andre", "Li"],
            Family = ["Washington", "Hernández", "Smith", "Kowalczyk", "Begay"],
        },
        new("JP", "JPY", true, "神南{0}丁目", [("150-0041", "渋谷区", "東京都"), ("530-0001", "大阪市", "大阪府")])
        {
            Given = ["美咲", "翔太", "さくら", "健一"],
            Family = ["田中", "佐藤", "長谷川", "小野寺"],
        },
        new("KR", "USD", true, "세종대로 {0}", [("04524", "서울", null), ("48058", "부산", null)])
        {
            Given = ["서연", "민준", "지우"],
            Family = ["김", "박", "남궁"],
        },
        new("GR", "EUR", false, "Ερμού {0}", [("105 63", "Αθήνα", null), ("546 24", "Θεσσαλονίκη", null)])
        {
            Given = ["Ελένη", "Γιώργος", "Αικατερίνη"],
            Family = ["Παπαδόπουλος", "Νικολάου", "Κωνσταντινίδης"],
        },
        new("UA", "EUR", false, "вул. Хрещатик, {0}", [("01001", "Київ", null), ("79000", "Львів", null)])
        {
            Given = ["Оксана", "Андрій", "Соломія"],
            Family = ["Шевченко", "Коваленко", "Їжакевич"],
        },
        new("AE", "USD", false, "شارع الشيخ زايد {0}", [("00000", "دبي", null)])
        {
            Given = ["فاطمة", "أحمد", "ليلى"],
            Family = ["المنصوري", "حداد", "النعيمي"],
        },
        new("IN", "USD", false, "{0} MG Road", [("560001", "बेंगलुरु", "कर्नाटक"), ("110001", "नई दिल्ली", "दिल्ली")])
        {
            Given = ["अनन्या", "रोहन", "Lakshmi"],
            Family = ["शर्मा", "Venkataraghavan", "पटेल"],
        },
        new("IS", "EUR", false, "Laugavegur {0}", [("101", "Reykjavík", null)])
        {
            Given = ["Þórdís", "Björn"],
            Family = ["Guðmundsdóttir", "Ólafsson"],
        },
        new("BR", "USD", false, "Rua Augusta, {0}", [("01305-000", "São Paulo", "SP")])
        {
            Given = ["João", "Conceição"],
            Family = ["da Silva Gonçalves", "Assunção"],
        },
    ];

    /// <summary>Somebody, decided by the random numbers alone; <paramref name="number"/> keeps addresses apart.</summary>
    public static (Customer Customer, string Currency) Somebody(Random random, int number, string? country = null)
    {
        var place = country is null ? Pick(random, Places) : Places.First(one => one.Country == country);
        var given = Pick(random, place.Given);
        var family = Pick(random, place.Family);
        var (postalCode, city, state) = Pick(random, place.Cities);
        var name = place.FamilyFirst ? $"{family} {given}" : $"{given} {family}";
        var business = random.Next(6) == 0;
        return (
            new Customer
            {
                Id = "",
                Email = string.Create(CultureInfo.InvariantCulture, $"customer{number:D4}@example.net"),
                Name = name,
                BusinessName = business ? $"{family} Studio" : null,
                TaxId = business && place.Country == "DE" ? string.Create(CultureInfo.InvariantCulture, $"DE{100_000_000 + number}") : null,
                Address = new Address
                {
                    Line1 = string.Format(CultureInfo.InvariantCulture, place.Street, random.Next(1, 120)),
                    City = city,
                    State = state,
                    PostalCode = postalCode,
                    Country = place.Country,
                },
            },
            place.Currency
        );
    }

    public static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private sealed record Place(
        string Country,
        string Currency,
        bool FamilyFirst,
        string Street,
        (string PostalCode, string City, string? State)[] Cities
    )
    {
        public required string[] Given { get; init; }

        public required string[] Family { get; init; }
    }
}
