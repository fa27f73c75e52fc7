using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Stripe;

/// <summary>
/// Asks for what a payload leaves out. Where Stripe cannot be asked, what the payload proves stands alone;
/// a later delivery or back-fill closes the gap. After the first failure it asks no more.
/// </summary>
internal sealed class StripeEnrichment(StripeApi api)
{
    // A processor that does not answer at all must not use up the time there is for reading the delivery itself.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, string?> productNames = [];
    private bool silent;

    /// <summary>For reading the books, where a gap would stay: only what Stripe does not have may be missing.</summary>
    public bool MustSucceed { get; init; }

    public async Task<IReadOnlyList<ProcessorRecord>> MethodsAsync(JsonElement customer, DateTimeOffset asOf, CancellationToken ct)
    {
        var chosen = customer.Part("invoice_settings").IdOf("default_payment_method");
        if (chosen is null)
            return [];
        var id = customer.Needed("id");
        return await TryAsync(
            async () =>
                (IReadOnlyList<ProcessorRecord>)
                    [
                        .. (await AllAsync($"/v1/customers/{StripeApi.Segment(id)}/payment_methods", Fields.None, ct)).Select(method =>
                            StripeRecords.StoredMethod(method, asOf, isDefault: method.Text("id") == chosen, owner: id)
                        ),
                    ],
            []
        );
    }

    public async Task<SubscriptionRecord> CompleteAsync(SubscriptionRecord record, JsonElement subscription, CancellationToken ct)
    {
        var item = subscription.Part("items").Items("data").FirstOrDefault();
        var product = item.Part(item.Has("price") ? "price" : "plan").IdOf("product");
        if (record.Name is null && product is not null)
        {
            if (!productNames.TryGetValue(product, out var name))
                productNames[product] = name = await TryAsync(
                    async () => (await api.GetAsync("/v1/products/" + StripeApi.Segment(product), Fields.None, ct)).Text("name"),
                    null
                );
            record = record with { Name = name };
        }
        if (record.Method is null && subscription.IdOf("default_payment_method") is { } method)
            record = record with
            {
                Method = await TryAsync(
                    async () => StripeRecords.Method(await api.GetAsync("/v1/payment_methods/" + StripeApi.Segment(method), Fields.None, ct)),
                    null
                ),
            };
        return record;
    }

    public async Task<IReadOnlyList<OrderLine>> LinesAsync(JsonElement invoice, IReadOnlyList<OrderLine> told, CancellationToken ct) =>
        invoice.Part("lines").Truth("has_more") is true
            ? await TryAsync(
                async () =>
                    (IReadOnlyList<OrderLine>)
                        [
                            .. (await AllAsync($"/v1/invoices/{StripeApi.Segment(invoice.Needed("id"))}/lines", Fields.None, ct)).Select(line =>
                                StripeRecords.InvoiceLine(line, invoice.Needed("currency"))
                            ),
                        ],
                told
            )
            : told;

    public async Task<IReadOnlyList<JsonElement>> LinksAsync(JsonElement invoice, CancellationToken ct) =>
        invoice.Has("payments") ? [.. invoice.Part("payments").Items("data")]
        // The old shape names its payment itself.
        : invoice.Has("payment_intent") || invoice.Has("charge") ? []
        : await TryAsync(() => AllAsync("/v1/invoice_payments", Fields.Of("invoice", invoice.Needed("id")), ct), []);

    public async Task<IReadOnlyList<JsonElement>> CheckoutLinesAsync(JsonElement session, CancellationToken ct) =>
        session.Has("line_items") && session.Part("line_items").Truth("has_more") is not true
            ? [.. session.Part("line_items").Items("data")]
            : await TryAsync(() => AllAsync($"/v1/checkout/sessions/{StripeApi.Segment(session.Needed("id"))}/line_items", Fields.None, ct), []);

    public async Task<IReadOnlyList<RefundRecord>> RefundsAsync(JsonElement charge, DateTimeOffset asOf, CancellationToken ct)
    {
        var told = charge.Part("refunds").Items("data").ToList();
        if (told.Count > 0 && charge.Part("refunds").Truth("has_more") is not true)
            return [.. told.Select(refund => StripeRecords.Refund(refund, asOf))];
        return await TryAsync(
            async () =>
                (IReadOnlyList<RefundRecord>)
                    [
                        .. (await AllAsync("/v1/refunds", Fields.Of("charge", charge.Needed("id")), ct)).Select(refund =>
                            StripeRecords.Refund(refund, asOf)
                        ),
                    ],
            [.. told.Select(refund => StripeRecords.Refund(refund, asOf))]
        );
    }

    private async Task<IReadOnlyList<JsonElement>> AllAsync(string path, Fields query, CancellationToken ct)
    {
        var all = new List<JsonElement>();
        await foreach (var page in api.PagesAsync(path, query, ct))
            all.AddRange(page.Items);
        return all;
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> ask, T otherwise)
    {
        if (silent)
            return otherwise;
        try
        {
            // What is given up on ends by itself with the caller's token.
            return await ask().WaitAsync(MustSucceed ? Timeout.InfiniteTimeSpan : Patience);
        }
        catch (TimeoutException)
        {
            silent = true;
            return otherwise;
        }
        catch (ProcessorException exception) when (!MustSucceed || exception.Fault == ProcessorFault.NotFound)
        {
            silent = exception.Fault != ProcessorFault.NotFound;
            return otherwise;
        }
        catch (FormatException) when (!MustSucceed)
        {
            return otherwise;
        }
    }
}
