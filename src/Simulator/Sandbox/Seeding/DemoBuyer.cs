namespace Portal.Simulator.Sandbox.Seeding;

/// <summary>Ada Moreau, whom the demo is about.</summary>
internal static class DemoBuyer
{
    private const int PeriodsBefore = 10;
    private const string Currency = "EUR";

    public static Customer Create(History history, string email)
    {
        var today = history.Today;
        // Ten months ago, so that the eleventh charge lies about twelve days ahead.
        var since = today.AddDays(12).AddMonths(-PeriodsBefore).AddHours(9);
        var ada = history.Join(
            new Customer
            {
                Email = email,
                Name = "Ada Moreau",
                Address = new Address
                {
                    Line1 = "14 rue de la Charité",
                    City = "Lyon",
                    PostalCode = "69002",
                    Country = "FR",
                },
            },
            since,
            "visa",
            "mastercard-3ds"
        );
        history.Subscribe(ada, "atelier-pro-monthly", Currency, since);
        history.Buy(ada, today.AddDays(-200).AddHours(15), Currency, null, ("ink-brushes", 1));
        var workshop = history.Buy(ada, today.AddDays(-80).AddHours(18), Currency, null, ("workshop", 1));
        history.Shop.Books.At(today.AddDays(-74).AddHours(10), () => history.Desks.Payments.Refund(workshop.Id, new Money(1470, Currency)));
        history.Buy(ada, today.AddDays(-45).AddHours(11), Currency, null, ("lindenhof", 1), ("textures-2", 2), ("color-theory", 1));
        history.Buy(ada, today.AddDays(-20).AddHours(20), Currency, "insufficient_funds", ("halftone", 1));
        history.Buy(ada, today.AddDays(-9).AddHours(8), Currency, null, ("posters", 1));
        history.Subscribe(ada, "cloud-archive-yearly", Currency, today.AddDays(-4).AddHours(13));
        return history.Shop.Customers.Get(ada.Id);
    }
}
