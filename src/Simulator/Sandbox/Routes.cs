using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox;

/// <summary>The Sandbox's REST API.</summary>
internal static class Routes
{
    public static void Map(Api api, Shop shop, Desks desks)
    {
        foreach (var table in shop.Books.Tables)
            if (table != shop.HostedPages)
                api.Expose(table);
        MapSubscriptions(api, shop, desks);
        MapPayments(api, desks);
        MapMethods(api, shop, desks);
        api.Post("/v1/customers/{id}/update", "customers.update", call => Answer.Ok(desks.Methods.Update(call.Id, call.Body<DetailsBody>())));
        api.Name("renewals.charge");
        api.Name(PageRoutes.Submit);
    }

    private static void MapSubscriptions(Api api, Shop shop, Desks desks)
    {
        api.Post(
            "/v1/subscriptions/{id}/cancel",
            "subscriptions.cancel",
            call => Answer.Ok(desks.Subscriptions.Cancel(call.Id, AtPeriodEnd(call.Body<CancelBody>().Timing)))
        );
        api.Post("/v1/subscriptions/{id}/undo-cancel", "subscriptions.undo_cancel", call => Answer.Ok(desks.Subscriptions.UndoCancel(call.Id)));
        api.Post(
            "/v1/subscriptions/{id}/pause",
            "subscriptions.pause",
            call => Answer.Ok(desks.Subscriptions.Pause(call.Id, call.Body<PauseBody>().Until))
        );
        api.Post("/v1/subscriptions/{id}/resume", "subscriptions.resume", call => Answer.Ok(desks.Subscriptions.Resume(call.Id)));
        api.Ask(
            "/v1/subscriptions/{id}/quote",
            "subscriptions.quote",
            call =>
            {
                var wanted = call.Body<ChangeBody>();
                return Answer.Ok(desks.Subscriptions.Quote(call.Id, Needed(wanted.Plan, "plan"), wanted.Quantity));
            }
        );
        api.Post(
            "/v1/subscriptions/{id}/change",
            "subscriptions.change",
            call =>
            {
                var wanted = call.Body<ChangeBody>();
                var plan = Needed(wanted.Plan, "plan");
                desks.Subscriptions.Quote(call.Id, plan, wanted.Quantity);
                return wanted.ReturnTo is { } back && shop.MethodOf(shop.Subscriptions.Get(call.Id)) is { Behavior: Behavior.Challenge }
                    ? desks.Pages.AskConsent(back, page => page with { Subscription = call.Id, Plan = plan, Quantity = wanted.Quantity })
                    : Answer.Ok(desks.Subscriptions.Change(call.Id, plan, wanted.Quantity));
            }
        );
    }

    private static void MapPayments(Api api, Desks desks)
    {
        api.Post(
            "/v1/payments/{id}/retry",
            "payments.retry",
            call =>
            {
                var wanted = call.Body<RetryBody>();
                var payment = desks.Payments.Failed(call.Id);
                return wanted.ReturnTo is { } back && desks.Payments.MethodFor(payment, wanted.PaymentMethod) is { Behavior: Behavior.Challenge }
                    ? desks.Pages.AskConsent(back, page => page with { Payment = call.Id, PaymentMethod = wanted.PaymentMethod })
                    : desks.Payments.Retry(call.Id, wanted.PaymentMethod);
            }
        );
        api.Post("/v1/payments/{id}/refunds", "payments.refund", call => Answer.Ok(desks.Payments.Refund(call.Id, call.Body<RefundBody>().Amount)));
    }

    private static void MapMethods(Api api, Shop shop, Desks desks)
    {
        api.Post("/v1/payment-methods/{id}/remove", "payment-methods.remove", call => Answer.Ok(desks.Methods.Remove(call.Id)));
        api.Post(
            "/v1/payment-methods/{id}/choose",
            "payment-methods.choose",
            call =>
            {
                var wanted = call.Body<ChooseBody>();
                return Answer.Ok(desks.Methods.Choose(call.Id, Needed(wanted.Customer, "customer"), wanted.Subscription));
            }
        );
        api.Post(
            "/v1/hosted-pages",
            "hosted-pages.open",
            call =>
            {
                var wanted = call.Body<PageBody>();
                var of = wanted.Subscription is { } id ? shop.Subscriptions.Get(id).Customer : wanted.Customer;
                var customer = of is null ? null : shop.Customers.Get(of);
                if (wanted.Customer is { } named && named != of)
                    throw Refusal.NotFound("subscription", wanted.Subscription!);
                if (wanted.Kind == HostedPageKind.Consent)
                    throw Refusal.BadRequest("Pages of consent are opened by the command that needs it.");
                if (wanted.Kind == HostedPageKind.PaymentMethod && customer is null)
                    throw Refusal.BadRequest("`customer` or `subscription` is missing.");
                var product = wanted.Kind == HostedPageKind.Checkout ? shop.Products.Get(Needed(wanted.Plan, "plan")) : null;
                return Answer.Ok(
                    desks.Pages.Open(
                        wanted.Kind,
                        wanted.ReturnTo,
                        page =>
                            page with
                            {
                                Customer = customer?.Id,
                                Subscription = wanted.Subscription,
                                Plan = product?.Id,
                                Quantity = wanted.Quantity,
                            }
                    )
                );
            }
        );
    }

    private static bool AtPeriodEnd(string? timing) =>
        timing switch
        {
            "at_period_end" => true,
            "immediately" => false,
            _ => throw Refusal.BadRequest("`timing` is at_period_end or immediately."),
        };

    public static string Needed(string? value, string name) => value is { Length: > 0 } ? value : throw Refusal.BadRequest($"`{name}` is missing.");
}

/// <summary>All desks of the Sandbox.</summary>
internal sealed record Desks(
    Till Till,
    SubscriptionDesk Subscriptions,
    PaymentDesk Payments,
    MethodDesk Methods,
    PageDesk Pages,
    RenewalRun Renewals
);

internal sealed record CancelBody
{
    public string? Timing { get; init; }
}

internal sealed record PauseBody
{
    public DateTimeOffset? Until { get; init; }
}

internal sealed record ChangeBody
{
    public string? Plan { get; init; }
    public int Quantity { get; init; } = 1;
    public string? ReturnTo { get; init; }
}

internal sealed record RetryBody
{
    public string? PaymentMethod { get; init; }
    public string? ReturnTo { get; init; }
}

internal sealed record RefundBody
{
    public Money? Amount { get; init; }
}

internal sealed record ChooseBody
{
    public string? Customer { get; init; }
    public string? Subscription { get; init; }
}

/// <summary>What is null stays; what is empty goes.</summary>
internal sealed record DetailsBody
{
    public string? Email { get; init; }
    public string? Name { get; init; }
    public string? Phone { get; init; }
    public Address? Address { get; init; }
    public Address? ShippingAddress { get; init; }
    public string? BusinessName { get; init; }
    public string? TaxId { get; init; }
}

internal sealed record PageBody
{
    public HostedPageKind Kind { get; init; }
    public string? ReturnTo { get; init; }
    public string? Customer { get; init; }
    public string? Subscription { get; init; }
    public string? Plan { get; init; }
    public int Quantity { get; init; } = 1;
}
