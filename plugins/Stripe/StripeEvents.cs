using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Stripe;

/// <summary>Stripe's events as records.</summary>
/// <remarks>Source: docs.stripe.com/api/events/types.</remarks>
internal static class StripeEvents
{
    /// <summary>What an event tells; <paramref name="more"/> asks for what its payload leaves out.</summary>
    public static async Task<IReadOnlyList<ProcessorRecord>> ReadAsync(JsonElement envelope, StripeEnrichment more, CancellationToken ct)
    {
        // Thin events carry no object; Portal's endpoint is for full ones.
        if (envelope.Text("object") != "event")
            return [];
        var type = envelope.Needed("type");
        var asOf = envelope.NeededTime("created");
        var data = envelope.Part("data");
        var thing = data.Part("object");
        var before = data.Part("previous_attributes");

        switch (type)
        {
            case "customer.created" or "customer.updated" or "customer.deleted":
                var deleted = type == "customer.deleted";
                var customer = StripeRecords.Customer(thing, asOf, deleted);
                return deleted || type == "customer.updated" && !before.Has("invoice_settings")
                    ? [customer]
                    : [customer, .. await more.MethodsAsync(thing, asOf, ct)];

            case "customer.subscription.created"
            or "customer.subscription.updated"
            or "customer.subscription.deleted"
            or "customer.subscription.paused"
            or "customer.subscription.resumed"
            or "customer.subscription.trial_will_end"
            or "customer.subscription.pending_update_applied"
            or "customer.subscription.pending_update_expired":
                return [await more.CompleteAsync(StripeRecords.Subscription(thing, asOf), thing, ct)];

            case "invoice.deleted":
                return [StripeRecords.Invoice(thing, asOf, deleted: true)];

            case "invoice.created"
            or "invoice.finalized"
            or "invoice.paid"
            or "invoice.payment_succeeded"
            or "invoice.payment_failed"
            or "invoice.payment_action_required"
            or "invoice.voided"
            or "invoice.marked_uncollectible"
            or "invoice.overdue"
            or "invoice.sent"
            or "invoice.updated":
                return await InvoiceAsync(thing, asOf, type, more, ct);

            case "invoice_payment.paid":
                return StripeRecords.InvoicePayment(thing, asOf) is { } link ? [link] : [];

            case "payment_intent.created"
            or "payment_intent.succeeded"
            or "payment_intent.payment_failed"
            or "payment_intent.processing"
            or "payment_intent.requires_action"
            or "payment_intent.canceled":
                return [StripeRecords.Payment(thing, asOf)];

            case "charge.succeeded"
            or "charge.pending"
            or "charge.failed":
                return [StripeRecords.Charge(thing, asOf)];

            // A late change to a failed try says nothing about the payment, which may have succeeded since.
            case "charge.updated":
                return thing.Text("status") == "failed" ? [] : [StripeRecords.Charge(thing, asOf)];

            case "charge.refunded":
                return [StripeRecords.Charge(thing, asOf), .. await more.RefundsAsync(thing, asOf, ct)];

            case "charge.refund.updated"
            or "refund.created"
            or "refund.updated"
            or "refund.failed":
                return [StripeRecords.Refund(thing, asOf)];

            case "charge.dispute.created"
            or "charge.dispute.updated"
            or "charge.dispute.closed"
            or "charge.dispute.funds_withdrawn"
            or "charge.dispute.funds_reinstated":
                return [StripeRecords.Dispute(thing, asOf)];

            case "payment_method.attached"
            or "payment_method.updated"
            or "payment_method.automatically_updated":
                return [StripeRecords.StoredMethod(thing, asOf)];

            case "payment_method.detached":
                return [StripeRecords.StoredMethod(thing, asOf, removed: true, owner: before.IdOf("customer"))];

            case "checkout.session.completed"
            or "checkout.session.async_payment_succeeded"
            or "checkout.session.async_payment_failed":
                return await CheckoutAsync(thing, asOf, type.EndsWith("failed", StringComparison.Ordinal), more, ct);

            // Among the rest: an expired checkout session was never an order, an upcoming invoice has no id yet,
            // and what a set-up intent stored is told by payment_method.attached.
            default:
                return [];
        }
    }

    public static async Task<IReadOnlyList<ProcessorRecord>> InvoiceAsync(
        JsonElement invoice,
        DateTimeOffset asOf,
        string type,
        StripeEnrichment more,
        CancellationToken ct
    )
    {
        var failed = type == "invoice.payment_failed" && !invoice.Has("next_payment_attempt");
        PaymentState? state = StripeRecords.InvoiceStatus(invoice) switch
        {
            InvoiceState.Paid => PaymentState.Succeeded,
            // Open alone does not tell: a direct debit may be on its way.
            InvoiceState.Open when type == "invoice.payment_failed" => PaymentState.Failed,
            InvoiceState.Open when type == "invoice.payment_action_required" => PaymentState.Pending,
            _ => null,
        };
        var records = new List<ProcessorRecord>();
        if (StripeRecords.Order(invoice, asOf, failed) is { } order)
            records.Add(order with { Lines = await more.LinesAsync(invoice, order.Lines, ct) });
        records.Add(StripeRecords.Invoice(invoice, asOf));
        if (state is { } known)
            records.AddRange(StripeRecords.InvoicePayments(invoice, asOf, known, await more.LinksAsync(invoice, ct)));
        return records;
    }

    public static async Task<IReadOnlyList<ProcessorRecord>> CheckoutAsync(
        JsonElement session,
        DateTimeOffset asOf,
        bool failed,
        StripeEnrichment more,
        CancellationToken ct
    )
    {
        // Storing a payment method is no purchase.
        if (session.Text("mode") == "setup")
            return [];
        var order = StripeRecords.CheckoutOrder(
            session,
            asOf,
            failed ? OrderState.Failed : OrderState.Pending,
            await more.CheckoutLinesAsync(session, ct)
        );
        if (order.State == OrderState.Paid)
            order = order with { PaidAt = asOf };
        return StripeRecords.CheckoutPayment(session, asOf, failed ? PaymentState.Failed : PaymentState.Pending) is { } payment
            ? [order, payment]
            : [order];
    }
}
