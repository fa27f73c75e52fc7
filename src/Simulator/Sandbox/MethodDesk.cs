using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox;

/// <summary>Customers and their payment methods: added, changed, chosen, removed.</summary>
internal sealed class MethodDesk(Shop shop)
{
    public PaymentMethod Add(Customer customer, TestCard card, bool asDefault)
    {
        var id = shop.Books.NextId("pm");
        var added = new PaymentMethod
        {
            Id = id,
            Customer = customer.Id,
            Method = card.ToMethod(id, shop.Now),
            Behavior = card.Behavior,
        };
        added = shop.Books.Put(shop.PaymentMethods, added, "payment_method.attached");
        if (asDefault || shop.DefaultOf(customer) is null)
        {
            MakeDefault(customer, added.Id);
            added = shop.PaymentMethods.Get(added.Id);
        }
        return added;
    }

    /// <summary>A new customer with a card; or, by id, a new name or address for a known one.</summary>
    public Customer Welcome(CustomerBody wanted)
    {
        if (wanted.Id is { } id)
        {
            var known = shop.Customers.Get(id);
            return shop.Save(known with { Email = wanted.Email ?? known.Email, Name = wanted.Name ?? known.Name }, "customer.updated");
        }
        var card = TestCard.Find(wanted.Card) ?? throw Refusal.BadRequest($"There is no test card '{wanted.Card}'.");
        var email = Routes.Needed(wanted.Email, "email");
        var customer = new Customer
        {
            Id = shop.Books.NextId("cus"),
            Email = email,
            Name = wanted.Name ?? email,
            Address = new Address { Country = wanted.Country },
        };
        Add(shop.Save(customer, "customer.created"), card, asDefault: true);
        return shop.Customers.Get(customer.Id);
    }

    /// <summary>Her details as a merchant's portal has them.</summary>
    public Customer Update(string id, DetailsBody told)
    {
        var known = shop.Customers.Get(id);
        var updated = known with
        {
            Email = told.Email is { Length: > 0 } email ? email : known.Email,
            Name = told.Name ?? known.Name,
            Phone = Text(told.Phone, known.Phone),
            BusinessName = Text(told.BusinessName, known.BusinessName),
            TaxId = Text(told.TaxId, known.TaxId),
            Address = Place(told.Address, known.Address),
            ShippingAddress = Place(told.ShippingAddress, known.ShippingAddress),
        };
        return updated == known ? known : shop.Save(updated, "customer.updated");

        static string? Text(string? said, string? before) =>
            said switch
            {
                null => before,
                "" => null,
                _ => said,
            };

        static Address? Place(Address? said, Address? before) =>
            said is null ? before
            : said == new Address() ? null
            : said;
    }

    public PaymentMethod Choose(string id, string customerId, string? subscriptionId)
    {
        var customer = shop.Customers.Get(customerId);
        var method = shop.MethodOf(customerId, id);
        if (subscriptionId is null)
        {
            if (customer.DefaultPaymentMethod != id)
                MakeDefault(customer, id);
            return shop.PaymentMethods.Get(id);
        }
        var subscription = shop.Subscriptions.Get(subscriptionId);
        if (subscription.Customer != customerId)
            throw Refusal.NotFound("subscription", subscriptionId);
        if (subscription.PaymentMethod != id)
            shop.Save(subscription with { PaymentMethod = id }, "subscription.updated");
        return method;
    }

    public PaymentMethod Remove(string id)
    {
        var method = shop.PaymentMethods.Get(id);
        if (method.Removed)
            return method;
        method = shop.Books.Put(shop.PaymentMethods, method with { Removed = true, Default = false }, "payment_method.detached");
        var customer = shop.Customers.Get(method.Customer);
        if (customer.DefaultPaymentMethod == id)
            customer = shop.Save(customer with { DefaultPaymentMethod = null }, "customer.updated");
        TellSubscriptions(customer);
        return method;
    }

    private void MakeDefault(Customer customer, string id)
    {
        if (shop.DefaultOf(customer) is { } former)
            shop.Books.Put(shop.PaymentMethods, former with { Default = false }, "payment_method.updated");
        shop.Books.Put(shop.PaymentMethods, shop.PaymentMethods.Get(id) with { Default = true }, "payment_method.updated");
        TellSubscriptions(shop.Save(customer with { DefaultPaymentMethod = id }, "customer.updated"));
    }

    // A subscription shows what it will charge, which may have changed without it.
    private void TellSubscriptions(Customer customer)
    {
        var changed = shop.Subscriptions.All.Where(one =>
            one.Customer == customer.Id && one.State != SubscriptionState.Canceled && shop.MethodOf(one)?.Id != one.Method?.Id
        );
        foreach (var subscription in changed.ToList())
            shop.Save(subscription, "subscription.updated");
    }
}
