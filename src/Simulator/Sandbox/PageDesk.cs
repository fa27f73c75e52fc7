using System.Security.Cryptography;
using System.Text;
using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox;

/// <summary>Hosted pages: opened by a command, finished by the buyer in her browser.</summary>
internal sealed class PageDesk(Shop shop, SubscriptionDesk subscriptions, PaymentDesk payments, MethodDesk methods, Till till, string secret)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>Set once the server knows its port.</summary>
    public Uri? Address { get; set; }

    public HostedPage Open(HostedPageKind kind, string? returnTo, Func<HostedPage, HostedPage> describe)
    {
        if (!Uri.TryCreate(returnTo, UriKind.Absolute, out var back) || back.Scheme is not ("http" or "https"))
            throw Refusal.BadRequest("`return_to` is not an absolute web address.");
        var id = shop.Books.NextId("page");
        // Nobody may guess a page of somebody else, and a restart must not change its address.
        var token = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(id)))[..32];
        var page = new HostedPage
        {
            Id = id,
            Kind = kind,
            State = HostedPageState.Open,
            Url = new Uri(Address!, $"/pages/{id}/{token}").AbsoluteUri,
            ReturnTo = back.AbsoluteUri,
            ExpiresAt = shop.Now + Life,
        };
        return shop.Books.Put(shop.HostedPages, describe(page), null);
    }

    /// <summary>The answer to a command the buyer must agree to first.</summary>
    public Answer AskConsent(string returnTo, Func<HostedPage, HostedPage> describe)
    {
        var page = Open(HostedPageKind.Consent, returnTo, describe);
        return new Answer(
            202,
            new
            {
                @object = "requires_action",
                url = page.Url,
                expires_at = page.ExpiresAt,
            }
        );
    }

    public HostedPage? Find(string id, string token) =>
        shop.HostedPages.Find(id) is { } page && page.Url.EndsWith($"/{id}/{token}", StringComparison.Ordinal) ? page : null;

    public bool IsOver(HostedPage page) => page.State is not (HostedPageState.Open or HostedPageState.Challenge) || page.ExpiresAt <= shop.Now;

    /// <summary>The buyer chose a card, or agreed, or went away.</summary>
    public HostedPage Submit(string id, PageForm form, bool declined) =>
        shop.Books.Change(() =>
        {
            var page = shop.HostedPages.Get(id);
            if (IsOver(page))
                return page;
            if (form.Choice == "abandon")
                return Close(page, HostedPageState.Abandoned);
            if (form.Choice == "fail" || declined)
                return Close(page, HostedPageState.Failed);
            if (page.Kind == HostedPageKind.Consent)
                return Close(Agreed(page), HostedPageState.Succeeded);
            if (page.State == HostedPageState.Challenge)
                return form.Choice == "approve" ? Finish(page, TestCard.Find(page.Card)!) : page;
            var card = TestCard.Find(form.Card);
            var named = page with { Card = card?.Code, Email = form.Email ?? page.Email, Name = form.Name ?? page.Name };
            return card switch
            {
                null => page,
                { Behavior: Behavior.Decline } => Close(named, HostedPageState.Failed),
                { Behavior: Behavior.Challenge } => shop.Books.Put(shop.HostedPages, named with { State = HostedPageState.Challenge }, null),
                _ => Finish(named, card),
            };
        });

    private HostedPage Finish(HostedPage page, TestCard card)
    {
        var customer = CustomerOf(page);
        var method = methods.Add(customer, card, asDefault: false);
        if (page.Kind == HostedPageKind.PaymentMethod)
        {
            if (page.Subscription is { } id)
                methods.Choose(method.Id, customer.Id, id);
            return Close(page with { PaymentMethod = method.Id }, HostedPageState.Succeeded);
        }
        customer = shop.Customers.Get(customer.Id);
        var failure = till.Verdict(method);
        Buy(customer, shop.Products.Get(page.Plan!), page.Quantity, method, failure);
        return Close(page, failure is null ? HostedPageState.Succeeded : HostedPageState.Failed);
    }

    public void Buy(Customer customer, Product product, int quantity, PaymentMethod? method, string? failure)
    {
        if (product.Interval is null)
            till.Charge(customer, OrderReason.Purchase, [Till.Line(product, quantity, customer)], null, method, failure);
        else if (failure is null)
            subscriptions.Start(customer, product, quantity, method);
    }

    private Customer CustomerOf(HostedPage page)
    {
        if (page.Customer is { } id)
            return shop.Customers.Get(id);
        var email = page.Email ?? throw Refusal.BadRequest("An e-mail address is needed.");
        return shop.Customers.All.FirstOrDefault(one => string.Equals(one.Email, email, StringComparison.OrdinalIgnoreCase))
            ?? shop.Save(
                new Customer
                {
                    Id = shop.Books.NextId("cus"),
                    Email = email,
                    Name = page.Name ?? email,
                },
                "customer.created"
            );
    }

    private HostedPage Agreed(HostedPage page)
    {
        if (page.Payment is { } payment)
        {
            var failed = payments.Failed(payment);
            var method = payments.MethodFor(failed, page.PaymentMethod);
            payments.Attempt(failed, method, till.Verdict(method));
        }
        else
        {
            subscriptions.Change(page.Subscription!, page.Plan!, page.Quantity);
        }
        return page;
    }

    private HostedPage Close(HostedPage page, HostedPageState state) => shop.Books.Put(shop.HostedPages, page with { State = state }, null);
}

/// <summary>What the buyer sent.</summary>
internal sealed record PageForm(string? Choice, string? Card, string? Email, string? Name);
