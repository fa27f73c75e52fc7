using System.Runtime.CompilerServices;
using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Stripe;

/// <summary>Everything Stripe has on record, page by page.</summary>
/// <remarks>Source: docs.stripe.com/api/pagination and each object's "list".</remarks>
internal sealed class StripeBooks(StripeApi api, TimeProvider clock)
{
    // Events reach back this far; docs.stripe.com/api/events.
    private static readonly TimeSpan EventsKept = TimeSpan.FromDays(30);

    public async IAsyncEnumerable<ProcessorRecord> ListAsync(DateTimeOffset changedSince, [EnumeratorCancellation] CancellationToken ct)
    {
        var more = new StripeEnrichment(api) { MustSucceed = true };
        // Stripe filters by creation only. Later changes are in the events while those reach back far enough;
        // before that, what lives long is read whole.
        var eventsSuffice = clock.GetUtcNow() - changedSince < EventsKept;
        var created = Fields.None.With("created[gte]", changedSince);
        var longLived = eventsSuffice ? created : Fields.None;
        // Payments of open invoices: few, and their own state comes with the payment intents.
        var open = new Dictionary<string, PaymentRecord>();
        var unread = new List<string>();

        List<(string Path, Fields Query, Func<JsonElement, DateTimeOffset, Task<IReadOnlyList<ProcessorRecord>>> Read)> lists =
        [
            ("/v1/customers", longLived.With("expand[]", "data.invoice_settings.default_payment_method"), Told(Customer)),
            ("/v1/invoices", created.With("expand[]", "data.payments"), InvoiceAsync),
            ("/v1/payment_intents", created.With("expand[]", "data.latest_charge"), Told(Payment)),
            // Charges of an intent are told with it; only those from before payment intents stand alone.
            ("/v1/charges", created, Told((charge, asOf) => charge.IdOf("payment_intent") is null ? [StripeRecords.Charge(charge, asOf)] : [])),
            ("/v1/checkout/sessions", created.With("status", "complete").With("expand[]", "data.line_items"), SessionAsync),
            (
                "/v1/subscriptions",
                longLived.With("status", "all").With("expand[]", "data.default_payment_method"),
                async (subscription, asOf) => [await more.CompleteAsync(StripeRecords.Subscription(subscription, asOf), subscription, ct)]
            ),
            ("/v1/refunds", created, Told((refund, asOf) => [StripeRecords.Refund(refund, asOf)])),
            ("/v1/disputes", created, Told((dispute, asOf) => [StripeRecords.Dispute(dispute, asOf)])),
        ];
        if (eventsSuffice)
            lists.Add(("/v1/events", created, EventAsync));

        foreach (var (path, query, read) in lists)
        {
            await foreach (var page in api.PagesAsync(path, query, ct))
            {
                foreach (var item in page.Items)
                {
                    IReadOnlyList<ProcessorRecord> records;
                    try
                    {
                        records = await read(item, page.AsOf);
                    }
                    catch (FormatException exception)
                    {
                        // One odd thing must not keep the rest of the books from being read; it is named at the end.
                        var name = item.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.ToString() : path;
                        unread.Add($"{name}: {exception.Message}");
                        continue;
                    }
                    foreach (var record in records)
                        yield return record;
                }
            }
        }
        if (unread.Count > 0)
            throw new FormatException($"All was read but for {unread.Count}. {string.Join(' ', unread.Take(10))}");

        static Func<JsonElement, DateTimeOffset, Task<IReadOnlyList<ProcessorRecord>>> Told(
            Func<JsonElement, DateTimeOffset, IReadOnlyList<ProcessorRecord>> read
        ) => (thing, asOf) => Task.FromResult(read(thing, asOf));

        static IReadOnlyList<ProcessorRecord> Customer(JsonElement customer, DateTimeOffset asOf) =>
            StripeRecords.Expanded(customer.Part("invoice_settings"), "default_payment_method", out var method)
                ? [StripeRecords.Customer(customer, asOf), StripeRecords.StoredMethod(method, asOf, isDefault: true, owner: customer.Needed("id"))]
                : [StripeRecords.Customer(customer, asOf)];

        async Task<IReadOnlyList<ProcessorRecord>> InvoiceAsync(JsonElement invoice, DateTimeOffset asOf)
        {
            if (StripeRecords.InvoiceStatus(invoice) == InvoiceState.Open && invoice.Truth("attempted") is true)
            {
                foreach (var payment in StripeRecords.InvoicePayments(invoice, asOf, PaymentState.Failed, await more.LinksAsync(invoice, ct)))
                    open[payment.Id] = payment;
            }
            // Without its link a payment would be told twice: under the invoice's id, and among the payment intents.
            var records = await StripeEvents.InvoiceAsync(invoice, asOf, "invoice.updated", more, ct);
            return [.. records.Where(record => record is not PaymentRecord payment || payment.Id != payment.InvoiceId)];
        }

        IReadOnlyList<ProcessorRecord> Payment(JsonElement intent, DateTimeOffset asOf) =>
            [Linked(StripeRecords.Payment(intent, asOf), open.GetValueOrDefault(intent.Needed("id")))];

        async Task<IReadOnlyList<ProcessorRecord>> SessionAsync(JsonElement session, DateTimeOffset asOf) =>
            // An invoice tells of its order better than the session it came from.
            session.Has("invoice")
                ? []
                : [.. (await StripeEvents.CheckoutAsync(session, asOf, false, more, ct)).Select(Undated)];

        async Task<IReadOnlyList<ProcessorRecord>> EventAsync(JsonElement happened, DateTimeOffset asOf)
        {
            // What is newer than the date was just read above, except what the lists leave out.
            var type = happened.Needed("type");
            var listed =
                happened.Part("data").Part("object").Time("created") >= changedSince
                && !type.EndsWith(".deleted", StringComparison.Ordinal)
                && !type.StartsWith("payment_method.", StringComparison.Ordinal);
            return listed ? [] : await StripeEvents.ReadAsync(happened, more, ct);
        }
    }

    // A session read later does not say when it was paid.
    public static ProcessorRecord Undated(ProcessorRecord record) => record is OrderRecord order ? order with { PaidAt = null } : record;

    private static PaymentRecord Linked(PaymentRecord payment, PaymentRecord? invoiced) =>
        invoiced is null
            ? payment
            : payment with
            {
                FormerId = invoiced.FormerId,
                OrderId = invoiced.OrderId,
                InvoiceId = invoiced.InvoiceId,
                SubscriptionId = invoiced.SubscriptionId,
                NextAttemptAt = payment.State == PaymentState.Failed ? invoiced.NextAttemptAt : null,
                PayAt = payment.State == PaymentState.Succeeded ? null : invoiced.PayAt,
            };
}
