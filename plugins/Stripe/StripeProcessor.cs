using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Stripe;

/// <summary>One Stripe account.</summary>
[Limit(typeof(IListRecords), "LimitList")]
[Limit(typeof(IPauseSubscriptions), "LimitPause")]
[Limit(typeof(IChangePlans), "LimitChangePlan")]
[Limit(typeof(IRetryPayments), "LimitRetry")]
[Limit(typeof(IHostPaymentMethods), "LimitHostedPage")]
[Limit(typeof(IUpdateCustomers), "LimitUpdateCustomer")]
internal sealed class StripeProcessor(Connection connection)
    : IProcessor,
        IReceiveWebhooks,
        IListRecords,
        ICancelSubscriptions,
        IUndoCancellations,
        IPauseSubscriptions,
        IChangePlans,
        IRetryPayments,
        IRefundPayments,
        IHostCheckout,
        IHostPaymentMethods,
        IRemovePaymentMethods,
        IChoosePaymentMethods,
        IProvideInvoiceFiles,
        IUpdateCustomers
{
    private readonly StripeApi api = new(connection);

    private DateTimeOffset Now => connection.Clock.GetUtcNow();

    public CancelTiming Timings => CancelTiming.AtPeriodEnd | CancelTiming.Immediately;

    public RefundTerms Terms => new() { Partial = true };

    public async Task CheckAsync(CancellationToken ct)
    {
        var key = connection["apiKey"] ?? "";
        if (key.Contains(connection.TestMode ? "_live_" : "_test_", StringComparison.Ordinal))
            throw new ProcessorException(
                ProcessorFault.BadCredentials,
                connection.TestMode ? "A live key in a connection for test mode." : "A test key in a connection for live mode."
            );
        await api.GetAsync("/v1/customers", Fields.Of("limit", "1"), ct);
    }

    public Task<Delivery> VerifyAsync(WebhookRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (StripeSignature.Refuse(request, connection["webhookSecret"], Now) is { } reason)
            return Task.FromResult<Delivery>(new Delivery.Rejected { Reason = reason });
        try
        {
            var envelope = StripeJson.Envelope(request.Body);
            if (envelope.Text("id") is { Length: > 0 and <= 200 } id && envelope.Text("type") is { Length: > 0 and <= 200 } type)
                return Task.FromResult<Delivery>(
                    new Delivery.Verified
                    {
                        DeliveryId = id,
                        EventType = type,
                        TestMode = !envelope.Truth("livemode"),
                    }
                );
        }
        catch (FormatException)
        {
            // Signed but unreadable is kept all the same; reading it later says what is wrong with it.
        }
        return Task.FromResult<Delivery>(
            new Delivery.Verified { DeliveryId = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(request.Body.Span)), EventType = "unreadable" }
        );
    }

    public Task<IReadOnlyList<ProcessorRecord>> ReadAsync(WebhookRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return StripeEvents.ReadAsync(StripeJson.Envelope(request.Body), new StripeEnrichment(api), ct);
    }

    public IAsyncEnumerable<ProcessorRecord> ListAsync(DateTimeOffset changedSince, CancellationToken ct) =>
        new StripeBooks(api, connection.Clock).ListAsync(changedSince, ct);

    public async Task<ProcessorRecord?> FindAsync(RecordKind kind, string id, CancellationToken ct)
    {
        var more = new StripeEnrichment(api);
        var asOf = Now;
        try
        {
            switch (kind)
            {
                case RecordKind.Customer:
                    return StripeRecords.Customer(await GetAsync("/v1/customers/", id), asOf);
                case RecordKind.Order when id.StartsWith("cs_", StringComparison.Ordinal):
                    var session = await GetAsync("/v1/checkout/sessions/", id);
                    return session.Text("status") == "complete"
                        ? (await StripeEvents.CheckoutAsync(session, asOf, false, more, ct)).Select(StripeBooks.Undated).FirstOrDefault()
                        : null;
                case RecordKind.Order:
                    var invoice = await GetAsync("/v1/invoices/", id);
                    return StripeRecords.Order(invoice, asOf) is { } order
                        ? order with
                        {
                            Lines = await more.LinesAsync(invoice, order.Lines, ct),
                        }
                        : null;
                case RecordKind.Invoice:
                    return StripeRecords.Invoice(await GetAsync("/v1/invoices/", id), asOf);
                case RecordKind.Payment when id.StartsWith("ch_", StringComparison.Ordinal) || id.StartsWith("py_", StringComparison.Ordinal):
                    return StripeRecords.Charge(await GetAsync("/v1/charges/", id), asOf);
                case RecordKind.Payment when id.StartsWith("in_", StringComparison.Ordinal):
                    var link = (await LinksAsync(Fields.Of("invoice", id), ct)).FirstOrDefault(link => StripeRecords.PaidBy(link) is not null);
                    return link.ValueKind == JsonValueKind.Undefined ? null : await PaymentAsync(StripeRecords.PaidBy(link)!, id, ct);
                case RecordKind.Payment:
                    return await PaymentAsync(id, await InvoiceOfAsync(id, ct), ct);
                case RecordKind.Refund:
                    return StripeRecords.Refund(await GetAsync("/v1/refunds/", id), asOf);
                case RecordKind.Dispute:
                    return StripeRecords.Dispute(await GetAsync("/v1/disputes/", id), asOf);
                case RecordKind.Subscription:
                    return StripeRecords.Subscription(await SubscriptionAsync(id, ct), asOf);
                case RecordKind.PaymentMethod:
                    var method = await GetAsync("/v1/payment_methods/", id);
                    return StripeRecords.StoredMethod(method, asOf, removed: method.IdOf("customer") is null);
                default:
                    return null;
            }
        }
        catch (ProcessorException exception) when (exception.Fault == ProcessorFault.NotFound)
        {
            return null;
        }

        Task<JsonElement> GetAsync(string path, string thing) => api.GetAsync(path + StripeApi.Segment(thing), Fields.None, ct);
    }

    public async Task<Outcome> CancelAsync(CancelSubscription request, CancellationToken ct)
    {
        var path = "/v1/subscriptions/" + StripeApi.Segment(request.SubscriptionId);
        var reply =
            request.Timing == CancelTiming.Immediately
                ? await api.DeleteAsync(path, ct)
                : await api.PostAsync(path, Expand(Fields.Of("cancel_at_period_end", "true")), request.IdempotencyKey, ct);
        if (reply.Error is null)
            return Done(StripeRecords.Subscription(reply.Body(), Now));
        // Stripe refuses to cancel what has ended; for the buyer that is what she wanted.
        var subscription = StripeRecords.Subscription(await SubscriptionAsync(request.SubscriptionId, ct), Now);
        return subscription.State is SubscriptionState.Canceled or SubscriptionState.Expired ? Done(subscription) : Refused(reply);
    }

    public async Task<Outcome> UndoCancelAsync(UndoCancellation request, CancellationToken ct)
    {
        var subscription = await SubscriptionAsync(request.SubscriptionId, ct);
        if (StripeRecords.State(subscription) is SubscriptionState.Canceled or SubscriptionState.Expired)
            return new Outcome.Declined { Code = "subscription_ended" };
        // Stripe takes only one of the two at a time.
        var change =
            subscription.Truth("cancel_at_period_end") is true ? Fields.Of("cancel_at_period_end", "false")
            : subscription.Has("cancel_at") ? Fields.Of("cancel_at", "")
            : null;
        return change is null
            ? Done(StripeRecords.Subscription(subscription, Now))
            : await ChangeSubscriptionAsync(request.SubscriptionId, change, request, ct);
    }

    public Task<Outcome> PauseAsync(PauseSubscription request, CancellationToken ct)
    {
        var pause = Fields.Of("pause_collection[behavior]", "void");
        return ChangeSubscriptionAsync(
            request.SubscriptionId,
            request.Until is { } until ? pause.With("pause_collection[resumes_at]", until) : pause,
            request,
            ct
        );
    }

    public async Task<Outcome> ResumeAsync(ResumeSubscription request, CancellationToken ct)
    {
        var subscription = await SubscriptionAsync(request.SubscriptionId, ct);
        if (subscription.Text("status") != "paused")
            return await ChangeSubscriptionAsync(request.SubscriptionId, Fields.Of("pause_collection", ""), request, ct);
        var reply = await api.PostAsync(
            $"/v1/subscriptions/{StripeApi.Segment(request.SubscriptionId)}/resume",
            Expand(Fields.Of("billing_cycle_anchor", "now")),
            request.IdempotencyKey,
            ct
        );
        if (reply.Error is not null)
            return Refused(reply);
        var resumed = StripeRecords.Subscription(reply.Body(), Now);
        // It stays paused until its first invoice is paid.
        return resumed.State == SubscriptionState.Paused ? new Outcome.Pending() : Done(resumed);
    }

    public async Task<PlanQuote> QuoteAsync(ChangePlan request, CancellationToken ct)
    {
        var subscription = await SubscriptionAsync(request.SubscriptionId, ct);
        var price = await api.GetAsync("/v1/prices/" + StripeApi.Segment(request.PlanId), Fields.None, ct);
        var form = Fields
            .Of("customer", subscription.IdOf("customer") ?? throw new FormatException("Stripe's subscription names no customer."))
            .With("subscription", request.SubscriptionId);
        foreach (var (name, value) in PlanChange(subscription, request).Pairs)
        {
            var open = name.IndexOf('[', StringComparison.Ordinal);
            form = form.With("subscription_details[" + (open < 0 ? name + "]" : name[..open] + "]" + name[open..]), value);
        }
        // Changes nothing and must be fresh each time: a key of its own, so that Stripe does not repeat an older answer.
        var key = $"{request.IdempotencyKey}-{Guid.CreateVersion7(Now):N}";
        var reply = await api.PostAsync("/v1/invoices/create_preview", form, key, ct);
        var unit =
            price.Whole("unit_amount")
            ?? price.Exact("unit_amount_decimal")
            ?? throw new ProcessorException(ProcessorFault.BadRequest, "The price has no fixed amount, so it cannot be quoted.");
        return new PlanQuote
        {
            DueNow = reply.Body().NeededAmount("total"),
            EachPeriod = StripeMoney.Read(unit * request.Quantity, price.Needed("currency")),
        };
    }

    public async Task<Outcome> ChangeAsync(ChangePlan request, CancellationToken ct)
    {
        var subscription = await SubscriptionAsync(request.SubscriptionId, ct);
        var reply = await api.PostAsync(
            "/v1/subscriptions/" + StripeApi.Segment(request.SubscriptionId),
            Expand(PlanChange(subscription, request).With("payment_behavior", "pending_if_incomplete")).With("expand[]", "latest_invoice"),
            request.IdempotencyKey,
            ct
        );
        if (reply.Error is not null)
            return Refused(reply);
        var changed = reply.Body();
        if (!changed.Has("pending_update"))
            return Done(StripeRecords.Subscription(changed, Now));
        // The change waits for its payment: the buyer can make it on the invoice's page.
        return StripeRecords.Expanded(changed, "latest_invoice", out var invoice) && invoice.Page("hosted_invoice_url") is { } page
            ? new Outcome.RequiresAction { Page = new HostedPage { Location = page } }
            : new Outcome.Pending { Reference = changed.IdOf("latest_invoice") };
    }

    public async Task<Outcome> RetryAsync(RetryPayment request, CancellationToken ct)
    {
        var invoiceId =
            request.InvoiceId
            ?? (request.PaymentId.StartsWith("in_", StringComparison.Ordinal) ? request.PaymentId : await InvoiceOfAsync(request.PaymentId, ct));
        if (invoiceId is null)
            return new Outcome.Declined { Code = "payment_without_invoice" };
        var path = "/v1/invoices/" + StripeApi.Segment(invoiceId);
        // She is here: her bank may ask her, which it could not in a renewal at night.
        var form = Fields.Of("off_session", "false").With("payment_method", request.PaymentMethodId).With("expand[]", "payments");
        var reply = await api.PostAsync(path + "/pay", form, request.IdempotencyKey, ct);
        if (reply.Error is { NeedsBuyer: false, IsDecline: true })
            return Refused(reply);
        var invoice = reply.Error is null ? reply.Body() : await api.GetAsync(path, Fields.Of("expand[]", "payments"), ct);
        if (StripeRecords.InvoiceStatus(invoice) == InvoiceState.Paid)
        {
            var links = await LinksAsync(invoice, ct);
            var payment = StripeRecords.InvoicePayments(invoice, Now, PaymentState.Succeeded, links).FirstOrDefault();
            return payment is null ? Done(StripeRecords.Invoice(invoice, Now)) : Done(payment);
        }
        if (reply.Error is { NeedsBuyer: false })
            return Refused(reply);
        return reply.Error is not null && invoice.Page("hosted_invoice_url") is { } page
            ? new Outcome.RequiresAction { Page = new HostedPage { Location = page } }
            : new Outcome.Pending { Reference = invoiceId };
    }

    public async Task<Outcome> RefundAsync(RefundPayment request, CancellationToken ct)
    {
        var paymentId = request.PaymentId;
        if (paymentId.StartsWith("in_", StringComparison.Ordinal))
        {
            var links = await LinksAsync(Fields.Of("invoice", paymentId), ct);
            paymentId = links.Select(StripeRecords.PaidBy).FirstOrDefault(id => id is not null) ?? paymentId;
        }
        var form = Fields
            .Of(paymentId.StartsWith("pi_", StringComparison.Ordinal) ? "payment_intent" : "charge", paymentId)
            .With("amount", StripeMoney.Write(request.Amount).ToString(CultureInfo.InvariantCulture));
        var reply = await api.PostAsync("/v1/refunds", form, request.IdempotencyKey, ct);
        if (reply.Error is not null)
            return Refused(reply);
        var refund = StripeRecords.Refund(reply.Body(), Now);
        return refund.State == RefundState.Failed
            ? new Outcome.Declined { Code = reply.Body().Text("failure_reason") ?? "refund_failed" }
            : Done(refund);
    }

    public async Task<HostedPage> StartCheckoutAsync(StartCheckout request, CancellationToken ct)
    {
        var price = await api.GetAsync("/v1/prices/" + StripeApi.Segment(request.PlanId), Fields.None, ct);
        var form = Fields
            .Of("mode", price.Has("recurring") ? "subscription" : "payment")
            .With("line_items[0][price]", request.PlanId)
            .With("line_items[0][quantity]", "1")
            .With("success_url", request.ReturnTo.AbsoluteUri)
            .With("cancel_url", request.ReturnTo.AbsoluteUri);
        return Hosted((await api.PostAsync("/v1/checkout/sessions", form, request.IdempotencyKey, ct)).Body());
    }

    public async Task<HostedPage> StartUpdateAsync(UpdatePaymentMethod request, CancellationToken ct)
    {
        // A buyer may have several customers at Stripe; the subscription's own is the one that is charged.
        var customer = request.SubscriptionId is { } subscription ? (await SubscriptionAsync(subscription, ct)).IdOf("customer") : request.CustomerId;
        var form = Fields
            .Of("customer", customer ?? throw new ProcessorException(ProcessorFault.BadRequest, "Stripe needs to know the customer."))
            .With("return_url", request.ReturnTo.AbsoluteUri)
            .With("flow_data[type]", "payment_method_update")
            .With("flow_data[after_completion][type]", "redirect")
            .With("flow_data[after_completion][redirect][return_url]", request.ReturnTo.AbsoluteUri);
        return Hosted((await api.PostAsync("/v1/billing_portal/sessions", form, request.IdempotencyKey, ct)).Body());
    }

    public async Task<Outcome> RemoveAsync(RemovePaymentMethod request, CancellationToken ct)
    {
        var path = "/v1/payment_methods/" + StripeApi.Segment(request.PaymentMethodId);
        var reply = await api.PostAsync(path + "/detach", Fields.None, request.IdempotencyKey, ct);
        var method = reply.Error is null ? reply.Body() : await api.GetAsync(path, Fields.None, ct);
        // Stripe refuses to detach what is not attached any more.
        return method.IdOf("customer") is null ? Done(StripeRecords.StoredMethod(method, Now, removed: true)) : Refused(reply);
    }

    public async Task<Outcome> ChooseAsync(ChoosePaymentMethod request, CancellationToken ct)
    {
        if (request.SubscriptionId is { } subscription)
            return await ChangeSubscriptionAsync(subscription, Fields.Of("default_payment_method", request.PaymentMethodId), request, ct);
        var form = Fields
            .Of("invoice_settings[default_payment_method]", request.PaymentMethodId)
            .With("expand[]", "invoice_settings.default_payment_method");
        var reply = await api.PostAsync("/v1/customers/" + StripeApi.Segment(request.CustomerId), form, request.IdempotencyKey, ct);
        if (reply.Error is not null)
            return Refused(reply);
        if (!StripeRecords.Expanded(reply.Body().Part("invoice_settings"), "default_payment_method", out var method))
            method = await api.GetAsync("/v1/payment_methods/" + StripeApi.Segment(request.PaymentMethodId), Fields.None, ct);
        return Done(StripeRecords.StoredMethod(method, Now, isDefault: true, owner: request.CustomerId));
    }

    public async Task<InvoiceFile> OpenAsync(string invoiceId, CancellationToken ct)
    {
        // The link is signed and expires, so it is asked for each time and never kept.
        var invoice = await api.GetAsync("/v1/invoices/" + StripeApi.Segment(invoiceId), Fields.None, ct);
        return Uri.TryCreate(invoice.Text("invoice_pdf"), UriKind.Absolute, out var link)
            ? await api.OpenAsync(link, ct)
            : throw new ProcessorException(ProcessorFault.NotFound, "Stripe has no document for this invoice yet.");
    }

    public async Task<Outcome> UpdateAsync(UpdateCustomer request, CancellationToken ct)
    {
        var path = "/v1/customers/" + StripeApi.Segment(request.CustomerId);
        var reply = await api.PostAsync(path, StripeTaxIds.Details(request), request.IdempotencyKey, ct);
        if (reply.Error is not null)
            return Refused(reply);
        if (request.TaxId is not null)
            await ReplaceTaxIdAsync(path + "/tax_ids", request, ct);
        return Done(StripeRecords.Customer(reply.Body(), Now));
    }

    /// <summary>The new one first: a customer whose tax id Stripe refuses keeps the one she had.</summary>
    private async Task ReplaceTaxIdAsync(string path, UpdateCustomer request, CancellationToken ct)
    {
        var wanted = StripeTaxIds.Of(request);
        if (wanted is null && request.TaxId is { Length: > 0 })
            return;
        var known = (await api.GetAsync(path, Fields.Of("limit", "100"), ct)).Items("data").ToList();
        if (wanted is { } add && !known.Exists(taxId => StripeTaxIds.IsSame(taxId, add)))
            (await api.PostAsync(path, Fields.Of("type", add.Type).With("value", add.Value), request.IdempotencyKey + ":tax", ct)).Body();
        // Kinds the portal never writes are the merchant's own entries.
        foreach (var former in known.Where(taxId => StripeTaxIds.IsPortals(taxId) && (wanted is not { } stays || !StripeTaxIds.IsSame(taxId, stays))))
        {
            var gone = await api.DeleteAsync(path + "/" + StripeApi.Segment(former.Needed("id")), ct);
            if (gone.Error is { Status: not 404 })
                throw gone.Error.ToException();
        }
    }

    private async Task<Outcome> ChangeSubscriptionAsync(string id, Fields change, ProcessorRequest request, CancellationToken ct)
    {
        var reply = await api.PostAsync("/v1/subscriptions/" + StripeApi.Segment(id), Expand(change), request.IdempotencyKey, ct);
        return reply.Error is null ? Done(StripeRecords.Subscription(reply.Body(), Now)) : Refused(reply);
    }

    private Fields PlanChange(JsonElement subscription, ChangePlan request)
    {
        var items = subscription.Part("items").Items("data").ToList();
        if (items is not [var item])
            throw new ProcessorException(ProcessorFault.BadRequest, "The subscription has more than one item, so its plan cannot be changed here.");
        var since = item.Time("current_period_start") ?? subscription.Time("current_period_start");
        // Prorated as of midnight, so that the amount quoted is the amount charged, minutes later.
        var midnight = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero);
        return Fields
            .Of("items[0][id]", item.Needed("id"))
            .With("items[0][price]", request.PlanId)
            .With("items[0][quantity]", request.Quantity.ToString(CultureInfo.InvariantCulture))
            .With("proration_behavior", "always_invoice")
            .With("proration_date", since > midnight ? since.Value : midnight);
    }

    private async Task<PaymentRecord> PaymentAsync(string id, string? invoice, CancellationToken ct)
    {
        var asOf = Now;
        var payment = StripeRecords.Payment(
            await api.GetAsync("/v1/payment_intents/" + StripeApi.Segment(id), Fields.Of("expand[]", "latest_charge"), ct),
            asOf
        );
        return invoice is null ? payment : payment with { FormerId = invoice, OrderId = invoice, InvoiceId = invoice };
    }

    private async Task<string?> InvoiceOfAsync(string paymentIntent, CancellationToken ct)
    {
        var query = Fields.Of("payment[type]", "payment_intent").With("payment[payment_intent]", paymentIntent);
        return (await LinksAsync(query, ct)).Select(link => link.IdOf("invoice")).FirstOrDefault(id => id is not null);
    }

    private async Task<IReadOnlyList<JsonElement>> LinksAsync(Fields query, CancellationToken ct) =>
        [.. (await api.GetAsync("/v1/invoice_payments", query, ct)).Items("data")];

    private async Task<IReadOnlyList<JsonElement>> LinksAsync(JsonElement invoice, CancellationToken ct) =>
        invoice.Has("payments") ? [.. invoice.Part("payments").Items("data")] : await LinksAsync(Fields.Of("invoice", invoice.Needed("id")), ct);

    private Task<JsonElement> SubscriptionAsync(string id, CancellationToken ct) =>
        api.GetAsync("/v1/subscriptions/" + StripeApi.Segment(id), Expand(Fields.None), ct);

    private static Fields Expand(Fields fields) => fields.With("expand[]", "default_payment_method").With("expand[]", "items.data.price.product");

    private static Outcome.Succeeded Done(ProcessorRecord record) => new() { Record = record };

    private static Outcome.Declined Refused(StripeReply reply) =>
        reply.Error is { IsDecline: true } error
            ? new Outcome.Declined { Code = error.DeclineCode ?? error.Code ?? "declined", BuyerMessage = error.BuyerMessage }
            : throw reply.Error!.ToException();

    private static HostedPage Hosted(JsonElement page) =>
        new()
        {
            Location = page.Page("url") ?? throw new ProcessorException(ProcessorFault.NoReply, "Stripe's reply names no page."),
            ExpiresAt = page.Time("expires_at"),
        };
}
