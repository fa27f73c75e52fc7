using System.Text.Json;
using Portal.Simulator.Engine;
using Portal.Simulator.Sandbox.Seeding;

namespace Portal.Simulator.Sandbox;

/// <summary>What a test or somebody trying out may do beside the processor's API: faults, time, demo data, buyers' deeds, the whole ledger.</summary>
internal static class Controls
{
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(20);

    public static void Map(Api api, Shop shop, Desks desks, FaultSwitches faults, WebhookQueue queue, Seeder seeder)
    {
        MapFaults(api, faults);
        api.Control("GET", "/v1/ledger", _ => Done(shop.Books.Read(() => Ledger(shop))));
        api.Control(
            "POST",
            "/v1/seed",
            call =>
            {
                var wanted = call.Body<SeedBody>();
                return Done(shop.Books.Import(wanted.Webhooks, () => seeder.Seed(wanted)));
            }
        );
        api.Control("POST", "/v1/test/tick", _ => Done(new { done = desks.Renewals.Tick(), now = shop.Now }));
        api.Control(
            "POST",
            "/v1/test/advance",
            call =>
            {
                var to = call.Body<AdvanceBody>().To ?? throw Refusal.BadRequest("`to` is missing.");
                return Done(new { done = desks.Renewals.Advance(to), now = shop.Now });
            }
        );
        api.Control(
            "POST",
            "/v1/webhook-endpoint",
            call =>
            {
                var wanted = call.Body<EndpointBody>();
                queue.Endpoint = Endpoint(wanted.Url, wanted.Secret ?? queue.Endpoint?.Secret);
                return Done(new { url = wanted.Url });
            }
        );
        api.Control("POST", "/v1/test/settle", call => SettleAsync(shop, call));
        MapDeeds(api, shop, desks);
    }

    /// <summary>Null without an address: then nobody is told anything.</summary>
    public static WebhookEndpoint? Endpoint(string? url, string? secret)
    {
        if (url is null)
            return null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var receiver))
            throw Refusal.BadRequest("The webhook URL is not an absolute address.");
        try
        {
            _ = StandardWebhooks.Key(secret ?? "");
        }
        catch (FormatException wrong)
        {
            throw Refusal.BadRequest($"The webhook secret cannot be used: {wrong.Message}");
        }
        return new WebhookEndpoint(receiver, secret!);
    }

    private static void MapFaults(Api api, FaultSwitches faults)
    {
        api.Control("GET", "/v1/faults", _ => Done(State(api, faults)));
        api.Control(
            "POST",
            "/v1/faults",
            call =>
            {
                var wanted = call.Body<FaultsBody>();
                if (wanted.Operation is { } operation)
                {
                    if (!api.Operations.Contains(operation))
                        throw Refusal.BadRequest($"There is no operation '{operation}'. GET /v1/faults lists them.");
                    faults.Set(
                        new FaultSwitch
                        {
                            Operation = operation,
                            Fault = wanted.Fault,
                            DelayMs = wanted.DelayMs,
                            RetryAfter = wanted.RetryAfter,
                            Times = wanted.Times,
                        }
                    );
                }
                if (wanted.Webhooks is { } webhooks)
                    faults.Set(webhooks);
                return Done(State(api, faults));
            }
        );
        api.Control(
            "DELETE",
            "/v1/faults",
            _ =>
            {
                faults.Set(new FaultSwitch());
                faults.Set(new WebhookFaults());
                return Done(State(api, faults));
            }
        );
    }

    // What a buyer or her bank does without the merchant's portal.
    private static void MapDeeds(Api api, Shop shop, Desks desks)
    {
        api.Control(
            "POST",
            "/v1/test/purchases",
            call =>
            {
                var wanted = call.Body<PurchaseBody>();
                return Done(
                    shop.Books.Change(() =>
                    {
                        var customer = shop.Customers.Get(Routes.Needed(wanted.Customer, "customer"));
                        var product = shop.Products.Get(Routes.Needed(wanted.Product, "product"));
                        var method = shop.DefaultOf(customer);
                        desks.Pages.Buy(customer, product, wanted.Quantity, method, desks.Till.Verdict(method));
                        return customer;
                    })
                );
            }
        );
        api.Control(
            "POST",
            "/v1/test/customers",
            call =>
            {
                var wanted = call.Body<CustomerBody>();
                return Done(shop.Books.Change(() => desks.Methods.Welcome(wanted)));
            }
        );
        api.Control(
            "POST",
            "/v1/test/disputes",
            call =>
            {
                var wanted = call.Body<DisputeBody>();
                var payment = Routes.Needed(wanted.Payment, "payment");
                return Done(shop.Books.Change(() => desks.Payments.Open(payment, wanted.Reason)));
            }
        );
        api.Control(
            "POST",
            "/v1/test/disputes/{id}/close",
            call => Done(shop.Books.Change(() => desks.Payments.Close(call.Id, call.Body<CloseBody>().Won)))
        );
    }

    private static async Task<Answer> SettleAsync(Shop shop, Call call)
    {
        var since = TimeProvider.System.GetTimestamp();
        var left = shop.Books.PendingEvents().Count;
        while (left > 0 && TimeProvider.System.GetElapsedTime(since) < SettleWithin)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, call.Http.RequestAborted);
            left = shop.Books.PendingEvents().Count;
        }
        return Answer.Ok(new { pending = left });
    }

    private static object State(Api api, FaultSwitches faults) =>
        new
        {
            on = faults.On,
            webhooks = faults.Webhooks,
            faults = Enum.GetValues<Fault>(),
            operations = api.Operations.Order(StringComparer.Ordinal),
        };

    private static JsonElement Ledger(Shop shop)
    {
        var ledger = new Dictionary<string, object> { ["now"] = shop.Now };
        foreach (var table in shop.Books.Tables)
            ledger[table.Collection.Replace('-', '_')] = table.Rows.Cast<object>();
        ledger["commands"] = shop.Books.Commands;
        ledger["events"] = shop.Books.Events;
        // Written while the books stand still.
        return JsonSerializer.SerializeToElement(ledger, Wire.Json);
    }

    private static Task<Answer> Done(object body) => Task.FromResult(Answer.Ok(body));
}

internal sealed record FaultsBody
{
    public string? Operation { get; init; }
    public Fault Fault { get; init; }
    public int DelayMs { get; init; }
    public int RetryAfter { get; init; } = 1;
    public int? Times { get; init; }
    public WebhookFaults? Webhooks { get; init; }
}

internal sealed record AdvanceBody
{
    public DateTimeOffset? To { get; init; }
}

internal sealed record EndpointBody
{
    public string? Url { get; init; }
    public string? Secret { get; init; }
}

internal sealed record PurchaseBody
{
    public string? Customer { get; init; }
    public string? Product { get; init; }
    public int Quantity { get; init; } = 1;
}

internal sealed record CustomerBody
{
    public string? Id { get; init; }
    public string? Email { get; init; }
    public string? Name { get; init; }
    public string Country { get; init; } = "DE";
    public string Card { get; init; } = "visa";
}

internal sealed record DisputeBody
{
    public string? Payment { get; init; }
    public string Reason { get; init; } = "fraudulent";
}

internal sealed record CloseBody
{
    public bool Won { get; init; }
}
