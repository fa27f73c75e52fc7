using System.Runtime.CompilerServices;
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
        IProvideInvoiceFiles
{
    // Events reach back this far; docs.stripe.com/api/events.
    private static readonly TimeSpan EventsKept = TimeSpan.FromDays(30);

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
                connection.TestMode
                    ? "A live key in a connection for test mode."
                    : "A test key in a connection for live mode."
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
            if (
                envelope.Text("id") is { Length: > 0 and <= 200 } id
                && envelope.Text("type") is { Length: > 0 and <= 200 } type
            )
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
            new Delivery.Verified
            {
                DeliveryId =
                    "sha256:" + Convert.ToHexStringLower(SHA256.HashData(request.Body.Span)),
                EventType = "unreadable",
            }
        );
    }

    public Task<IReadOnlyList<ProcessorRecord>> ReadAsync(
        WebhookRequest request,
        CancellationToken ct
    )
    {
        ct.ThrowIfCancellationRequested();
        return ReadEventAsync(StripeJson.Envelope(request.Body), new Enrichment(api), ct);
    }

    /// <summary>What an event tells; <paramref name="more"/> asks for what its payload leaves out.</summary>
    private static async Task<IReadOnlyList<ProcessorRecord>> ReadEventAsync(
        JsonElement envelope,
        Enrichment more,
        CancellationToken ct
    )
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
                return
                [
                    await more.CompleteAsync(StripeRecords.Subscription(thing, asOf), thing, ct),
                ];

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
                return await ReadInvoiceAsync(thing, asOf, type, more, ct);

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
                return
                [
                    StripeRecords.Charge(thing, asOf),
                    .. await more.RefundsAsync(thing, asOf, ct),
                ];

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
                return
                [
                    StripeRecords.StoredMethod(
                        thing,
                        asOf,
                        removed: true,
                        owner: before.IdOf("customer")
                    ),
                ];

            case "checkout.session.completed"
            or "checkout.session.async_payment_succeeded"
            or "checkout.session.async_payment_failed":
                return await ReadCheckoutAsync(
                    thing,
                    asOf,
                    type.EndsWith("failed", StringComparison.Ordinal),
                    more,
                    ct
                );

            // Among the rest: an expired checkout session was never an order, an upcoming invoice has no id yet,
            // and what a set-up intent stored is told by payment_method.attached.
            default:
                return [];
        }
    }

    private static async Task<IReadOnlyList<ProcessorRecord>> ReadInvoiceAsync(
        JsonElement invoice,
        DateTimeOffset asOf,
        string type,
        Enrichment more,
        CancellationToken ct
    )
    {
        var failed = type == "invoice.payment_failed" && !invoice.Has("next_payment_attempt");
        PaymentState? state = StripeRecords.InvoiceStatus(invoice) switch
        {
            InvoiceState.Paid => PaymentState.Succeeded,
            // Open alone does not tell: a direct debit may be on its way.
            InvoiceState.Open when type == "invoice.payment_failed" => PaymentState.Failed,
            InvoiceState.Open when type == "invoice.payment_action_required" =>
                PaymentState.Pending,
            _ => null,
        };
        var records = new List<ProcessorRecord>();
        if (StripeRecords.Order(invoice, asOf, failed) is { } order)
            records.Add(order with { Lines = await more.LinesAsync(invoice, order.Lines, ct) });
        records.Add(StripeRecords.Invoice(invoice, asOf));
        if (state is { } known)
            records.AddRange(
                StripeRecords.InvoicePayments(
                    invoice,
                    asOf,
                    known,
                    await more.LinksAsync(invoice, ct)
                )
            );
        return records;
    }

    private static async Task<IReadOnlyList<ProcessorRecord>> ReadCheckoutAsync(
        JsonElement session,
        DateTimeOffset asOf,
        bool failed,
        Enrichment more,
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
        return
            StripeRecords.CheckoutPayment(
                session,
                asOf,
                failed ? PaymentState.Failed : PaymentState.Pending
            )
                is { } payment
            ? [order, payment]
            : [order];
    }

    public async IAsyncEnumerable<ProcessorRecord> ListAsync(
        DateTimeOffset changedSince,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var more = new Enrichment(api) { MustSucceed = true };
        // Stripe filters by creation only. Later changes are in the events while those reach back far enough;
        // before that, what lives long is read whole.
        var eventsSuffice = Now - changedSince < EventsKept;
        var created = Fields.None.With("created[gte]", changedSince);
        var longLived = eventsSuffice ? created : Fields.None;
        // Payments of open invoices: few, and their own state comes with the payment intents.
        var open = new Dictionary<string, PaymentRecord>();
        var unread = new List<string>();

        List<(
            string Path,
            Fields Query,
            Func<JsonElement, DateTimeOffset, Task<IReadOnlyList<ProcessorRecord>>> Read
        )> lists =
        [
            (
                "/v1/customers",
                longLived.With("expand[]", "data.invoice_settings.default_payment_method"),
                Told(Customer)
            ),
            ("/v1/invoices", created.With("expand[]", "data.payments"), InvoiceAsync),
            ("/v1/payment_intents", created.With("expand[]", "data.latest_charge"), Told(Payment)),
            // Charges of an intent are told with it; only those from before payment intents stand alone.
            (
                "/v1/charges",
                created,
                Told(
                    (charge, asOf) =>
                        charge.IdOf("payment_intent") is null
                            ? [StripeRecords.Charge(charge, asOf)]
                            : []
                )
            ),
            (
                "/v1/checkout/sessions",
                created.With("status", "complete").With("expand[]", "data.line_items"),
                SessionAsync
            ),
            (
                "/v1/subscriptions",
                longLived.With("status", "all").With("expand[]", "data.default_payment_method"),
                async (subscription, asOf) =>
                    [
                        await more.CompleteAsync(
                            StripeRecords.Subscription(subscription, asOf),
                            subscription,
                            ct
                        ),
                    ]
            ),
            ("/v1/refunds", created, Told((refund, asOf) => [StripeRecords.Refund(refund, asOf)])),
            (
                "/v1/disputes",
                created,
                Told((dispute, asOf) => [StripeRecords.Dispute(dispute, asOf)])
            ),
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
                        unread.Add($"{item.Text("id")}: {exception.Message}");
                        continue;
                    }
                    foreach (var record in records)
                        yield return record;
                }
            }
        }
        if (unread.Count > 0)
            throw new FormatException(
                $"All was read but for {unread.Count}. {string.Join(' ', unread.Take(10))}"
            );

        static Func<JsonElement, DateTimeOffset, Task<IReadOnlyList<ProcessorRecord>>> Told(
            Func<JsonElement, DateTimeOffset, IReadOnlyList<ProcessorRecord>> read
        ) => (thing, asOf) => Task.FromResult(read(thing, asOf));

        static IReadOnlyList<ProcessorRecord> Customer(JsonElement customer, DateTimeOffset asOf) =>
            StripeRecords.Expanded(
                customer.Part("invoice_settings"),
                "default_payment_method",
                out var method
            )
                ?
                [
                    StripeRecords.Customer(customer, asOf),
                    StripeRecords.StoredMethod(
                        method,
                        asOf,
                        isDefault: true,
                        owner: customer.Needed("id")
                    ),
                ]
                : [StripeRecords.Customer(customer, asOf)];

        async Task<IReadOnlyList<ProcessorRecord>> InvoiceAsync(
            JsonElement invoice,
            DateTimeOffset asOf
        )
        {
            if (
                StripeRecords.InvoiceStatus(invoice) == InvoiceState.Open
                && invoice.Truth("attempted") is true
            )
            {
                foreach (
                    var payment in StripeRecords.InvoicePayments(
                        invoice,
                        asOf,
                        PaymentState.Failed,
                        await more.LinksAsync(invoice, ct)
                    )
                )
                    open[payment.Id] = payment;
            }
            // Without its link a payment would be told twice: under the invoice's id, and among the payment intents.
            var records = await ReadInvoiceAsync(invoice, asOf, "invoice.updated", more, ct);
            return
            [
                .. records.Where(record =>
                    record is not PaymentRecord payment || payment.Id != payment.InvoiceId
                ),
            ];
        }

        IReadOnlyList<ProcessorRecord> Payment(JsonElement intent, DateTimeOffset asOf) =>
            [
                Linked(
                    StripeRecords.Payment(intent, asOf),
                    open.GetValueOrDefault(intent.Needed("id"))
                ),
            ];

        async Task<IReadOnlyList<ProcessorRecord>> SessionAsync(
            JsonElement session,
            DateTimeOffset asOf
        ) =>
            // An invoice tells of its order better than the session it came from.
            session.IdOf("invoice")
                is null
                ? [.. (await ReadCheckoutAsync(session, asOf, false, more, ct)).Select(Undated)]
                : [];

        async Task<IReadOnlyList<ProcessorRecord>> EventAsync(
            JsonElement happened,
            DateTimeOffset asOf
        )
        {
            // What is newer than the date was just read above, except what the lists leave out.
            var type = happened.Needed("type");
            var listed =
                happened.Part("data").Part("object").Time("created") >= changedSince
                && !type.EndsWith(".deleted", StringComparison.Ordinal)
                && !type.StartsWith("payment_method.", StringComparison.Ordinal);
            return listed ? [] : await ReadEventAsync(happened, more, ct);
        }
    }

    // A session read later does not say when it was paid.
    private static ProcessorRecord Undated(ProcessorRecord record) =>
        record is OrderRecord order ? order with { PaidAt = null } : record;

    private static PaymentRecord Linked(PaymentRecord payment, PaymentRecord? invoiced) =>
        invoiced is null
            ? payment
            : payment with
            {
                FormerId = invoiced.FormerId,
                OrderId = invoiced.OrderId,
                InvoiceId = invoiced.InvoiceId,
                SubscriptionId = invoiced.SubscriptionId,
                NextAttemptAt =
                    payment.State == PaymentState.Failed ? invoiced.NextAttemptAt : null,
                PayAt = payment.State == PaymentState.Succeeded ? null : invoiced.PayAt,
            };

    public async Task<ProcessorRecord?> FindAsync(RecordKind kind, string id, CancellationToken ct)
    {
        var more = new Enrichment(api);
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
                        ? (await ReadCheckoutAsync(session, asOf, false, more, ct))
                            .Select(Undated)
                            .FirstOrDefault()
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
                case RecordKind.Payment
                    when id.StartsWith("ch_", StringComparison.Ordinal)
                        || id.StartsWith("py_", StringComparison.Ordinal):
                    return StripeRecords.Charge(await GetAsync("/v1/charges/", id), asOf);
                case RecordKind.Payment when id.StartsWith("in_", StringComparison.Ordinal):
                    var link = (await LinksAsync(Fields.Of("invoice", id), ct)).FirstOrDefault(
                        link => StripeRecords.PaidBy(link) is not null
                    );
                    return link.ValueKind == JsonValueKind.Undefined
                        ? null
                        : await PaymentAsync(StripeRecords.PaidBy(link)!, id, ct);
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
                    return StripeRecords.StoredMethod(
                        method,
                        asOf,
                        removed: method.IdOf("customer") is null
                    );
                default:
                    return null;
            }
        }
        catch (ProcessorException exception) when (exception.Fault == ProcessorFault.NotFound)
        {
            return null;
        }

        Task<JsonElement> GetAsync(string path, string thing) =>
            api.GetAsync(path + Segment(thing), Fields.None, ct);
    }

    public async Task<Outcome> CancelAsync(CancelSubscription request, CancellationToken ct)
    {
        var path = "/v1/subscriptions/" + Segment(request.SubscriptionId);
        var reply =
            request.Timing == CancelTiming.Immediately
                ? await api.DeleteAsync(path, ct)
                : await api.PostAsync(
                    path,
                    Expand(Fields.Of("cancel_at_period_end", "true")),
                    request.IdempotencyKey,
                    ct
                );
        if (reply.Error is null)
            return Done(StripeRecords.Subscription(reply.Body(), Now));
        // Stripe refuses to cancel what has ended; for the buyer that is what she wanted.
        var subscription = StripeRecords.Subscription(
            await SubscriptionAsync(request.SubscriptionId, ct),
            Now
        );
        return subscription.State is SubscriptionState.Canceled or SubscriptionState.Expired
            ? Done(subscription)
            : Refused(reply);
    }

    public async Task<Outcome> UndoCancelAsync(UndoCancellation request, CancellationToken ct)
    {
        var subscription = await SubscriptionAsync(request.SubscriptionId, ct);
        if (
            StripeRecords.State(subscription)
            is SubscriptionState.Canceled
                or SubscriptionState.Expired
        )
            return new Outcome.Declined { Code = "subscription_ended" };
        // Stripe takes only one of the two at a time.
        var change =
            subscription.Truth("cancel_at_period_end") is true
                ? Fields.Of("cancel_at_period_end", "false")
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
            return await ChangeSubscriptionAsync(
                request.SubscriptionId,
                Fields.Of("pause_collection", ""),
                request,
                ct
            );
        var reply = await api.PostAsync(
            $"/v1/subscriptions/{Segment(request.SubscriptionId)}/resume",
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
        var price = await api.GetAsync("/v1/prices/" + Segment(request.PlanId), Fields.None, ct);
        var form = Fields
            .Of(
                "customer",
                subscription.IdOf("customer")
                    ?? throw new FormatException("Stripe's subscription names no customer.")
            )
            .With("subscription", request.SubscriptionId);
        foreach (var (name, value) in PlanChange(subscription, request).Pairs)
        {
            var open = name.IndexOf('[', StringComparison.Ordinal);
            form = form.With(
                "subscription_details["
                    + (open < 0 ? name + "]" : name[..open] + "]" + name[open..]),
                value
            );
        }
        var reply = await api.PostAsync(
            "/v1/invoices/create_preview",
            form,
            request.IdempotencyKey + "-quote",
            ct
        );
        var unit =
            price.Whole("unit_amount")
            ?? price.Exact("unit_amount_decimal")
            ?? throw new ProcessorException(
                ProcessorFault.BadRequest,
                "The price has no fixed amount, so it cannot be quoted."
            );
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
            "/v1/subscriptions/" + Segment(request.SubscriptionId),
            Expand(
                    PlanChange(subscription, request)
                        .With("payment_behavior", "pending_if_incomplete")
                )
                .With("expand[]", "latest_invoice"),
            request.IdempotencyKey,
            ct
        );
        if (reply.Error is not null)
            return Refused(reply);
        var changed = reply.Body();
        if (!changed.Has("pending_update"))
            return Done(StripeRecords.Subscription(changed, Now));
        // The change waits for its payment: the buyer can make it on the invoice's page.
        return
            StripeRecords.Expanded(changed, "latest_invoice", out var invoice)
            && invoice.Page("hosted_invoice_url") is { } page
            ? new Outcome.RequiresAction { Page = new HostedPage { Location = page } }
            : new Outcome.Pending { Reference = changed.IdOf("latest_invoice") };
    }

    public async Task<Outcome> RetryAsync(RetryPayment request, CancellationToken ct)
    {
        var invoiceId =
            request.InvoiceId
            ?? (
                request.PaymentId.StartsWith("in_", StringComparison.Ordinal)
                    ? request.PaymentId
                    : await InvoiceOfAsync(request.PaymentId, ct)
            );
        if (invoiceId is null)
            return new Outcome.Declined { Code = "payment_without_invoice" };
        var path = "/v1/invoices/" + Segment(invoiceId);
        // She is here: her bank may ask her, which it could not in a renewal at night.
        var form = Fields
            .Of("off_session", "false")
            .With("payment_method", request.PaymentMethodId)
            .With("expand[]", "payments");
        var reply = await api.PostAsync(path + "/pay", form, request.IdempotencyKey, ct);
        if (reply.Error is { NeedsBuyer: false, IsDecline: true })
            return Refused(reply);
        var invoice = reply.Error is null
            ? reply.Body()
            : await api.GetAsync(path, Fields.Of("expand[]", "payments"), ct);
        if (StripeRecords.InvoiceStatus(invoice) == InvoiceState.Paid)
        {
            var links = await LinksAsync(invoice, ct);
            var payment = StripeRecords
                .InvoicePayments(invoice, Now, PaymentState.Succeeded, links)
                .FirstOrDefault();
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
            paymentId =
                links.Select(StripeRecords.PaidBy).FirstOrDefault(id => id is not null)
                ?? paymentId;
        }
        var form = Fields
            .Of(
                paymentId.StartsWith("pi_", StringComparison.Ordinal) ? "payment_intent" : "charge",
                paymentId
            )
            .With(
                "amount",
                StripeMoney
                    .Write(request.Amount)
                    .ToString(System.Globalization.CultureInfo.InvariantCulture)
            );
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
        var price = await api.GetAsync("/v1/prices/" + Segment(request.PlanId), Fields.None, ct);
        var form = Fields
            .Of("mode", price.Has("recurring") ? "subscription" : "payment")
            .With("line_items[0][price]", request.PlanId)
            .With("line_items[0][quantity]", "1")
            .With("success_url", request.ReturnTo.AbsoluteUri)
            .With("cancel_url", request.ReturnTo.AbsoluteUri);
        return Hosted(
            (await api.PostAsync("/v1/checkout/sessions", form, request.IdempotencyKey, ct)).Body()
        );
    }

    public async Task<HostedPage> StartUpdateAsync(
        UpdatePaymentMethod request,
        CancellationToken ct
    )
    {
        var customer = request.CustomerId;
        if (customer is null && request.SubscriptionId is { } subscription)
            customer = (await SubscriptionAsync(subscription, ct)).IdOf("customer");
        var form = Fields
            .Of(
                "customer",
                customer
                    ?? throw new ProcessorException(
                        ProcessorFault.BadRequest,
                        "Stripe needs to know the customer."
                    )
            )
            .With("return_url", request.ReturnTo.AbsoluteUri)
            .With("flow_data[type]", "payment_method_update")
            .With("flow_data[after_completion][type]", "redirect")
            .With(
                "flow_data[after_completion][redirect][return_url]",
                request.ReturnTo.AbsoluteUri
            );
        return Hosted(
            (
                await api.PostAsync("/v1/billing_portal/sessions", form, request.IdempotencyKey, ct)
            ).Body()
        );
    }

    public async Task<Outcome> RemoveAsync(RemovePaymentMethod request, CancellationToken ct)
    {
        var path = "/v1/payment_methods/" + Segment(request.PaymentMethodId);
        var reply = await api.PostAsync(path + "/detach", Fields.None, request.IdempotencyKey, ct);
        var method = reply.Error is null ? reply.Body() : await api.GetAsync(path, Fields.None, ct);
        // Stripe refuses to detach what is not attached any more.
        return method.IdOf("customer") is null
            ? Done(StripeRecords.StoredMethod(method, Now, removed: true))
            : Refused(reply);
    }

    public async Task<Outcome> ChooseAsync(ChoosePaymentMethod request, CancellationToken ct)
    {
        if (request.SubscriptionId is { } subscription)
            return await ChangeSubscriptionAsync(
                subscription,
                Fields.Of("default_payment_method", request.PaymentMethodId),
                request,
                ct
            );
        var form = Fields
            .Of("invoice_settings[default_payment_method]", request.PaymentMethodId)
            .With("expand[]", "invoice_settings.default_payment_method");
        var reply = await api.PostAsync(
            "/v1/customers/" + Segment(request.CustomerId),
            form,
            request.IdempotencyKey,
            ct
        );
        if (reply.Error is not null)
            return Refused(reply);
        var method = reply.Body().Part("invoice_settings").Part("default_payment_method");
        return Done(
            StripeRecords.StoredMethod(method, Now, isDefault: true, owner: request.CustomerId)
        );
    }

    public async Task<InvoiceFile> OpenAsync(string invoiceId, CancellationToken ct)
    {
        // The link is signed and expires, so it is asked for each time and never kept.
        var invoice = await api.GetAsync("/v1/invoices/" + Segment(invoiceId), Fields.None, ct);
        return Uri.TryCreate(invoice.Text("invoice_pdf"), UriKind.Absolute, out var link)
            ? await api.OpenAsync(link, ct)
            : throw new ProcessorException(
                ProcessorFault.NotFound,
                "Stripe has no document for this invoice yet."
            );
    }

    private async Task<Outcome> ChangeSubscriptionAsync(
        string id,
        Fields change,
        ProcessorRequest request,
        CancellationToken ct
    )
    {
        var reply = await api.PostAsync(
            "/v1/subscriptions/" + Segment(id),
            Expand(change),
            request.IdempotencyKey,
            ct
        );
        return reply.Error is null
            ? Done(StripeRecords.Subscription(reply.Body(), Now))
            : Refused(reply);
    }

    private Fields PlanChange(JsonElement subscription, ChangePlan request)
    {
        var items = subscription.Part("items").Items("data").ToList();
        if (items is not [var item])
            throw new ProcessorException(
                ProcessorFault.BadRequest,
                "The subscription has more than one item, so its plan cannot be changed here."
            );
        var since = item.Time("current_period_start") ?? subscription.Time("current_period_start");
        // Prorated as of midnight, so that the amount quoted is the amount charged, minutes later.
        var midnight = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero);
        return Fields
            .Of("items[0][id]", item.Needed("id"))
            .With("items[0][price]", request.PlanId)
            .With(
                "items[0][quantity]",
                request.Quantity.ToString(System.Globalization.CultureInfo.InvariantCulture)
            )
            .With("proration_behavior", "always_invoice")
            .With("proration_date", since > midnight ? since.Value : midnight);
    }

    private async Task<PaymentRecord> PaymentAsync(string id, string? invoice, CancellationToken ct)
    {
        var asOf = Now;
        var payment = StripeRecords.Payment(
            await api.GetAsync(
                "/v1/payment_intents/" + Segment(id),
                Fields.Of("expand[]", "latest_charge"),
                ct
            ),
            asOf
        );
        return invoice is null
            ? payment
            : payment with
            {
                FormerId = invoice,
                OrderId = invoice,
                InvoiceId = invoice,
            };
    }

    private async Task<string?> InvoiceOfAsync(string paymentIntent, CancellationToken ct)
    {
        var query = Fields
            .Of("payment[type]", "payment_intent")
            .With("payment[payment_intent]", paymentIntent);
        return (await LinksAsync(query, ct))
            .Select(link => link.IdOf("invoice"))
            .FirstOrDefault(id => id is not null);
    }

    private async Task<IReadOnlyList<JsonElement>> LinksAsync(Fields query, CancellationToken ct) =>
        [.. (await api.GetAsync("/v1/invoice_payments", query, ct)).Items("data")];

    private async Task<IReadOnlyList<JsonElement>> LinksAsync(
        JsonElement invoice,
        CancellationToken ct
    ) =>
        invoice.Has("payments")
            ? [.. invoice.Part("payments").Items("data")]
            : await LinksAsync(Fields.Of("invoice", invoice.Needed("id")), ct);

    private Task<JsonElement> SubscriptionAsync(string id, CancellationToken ct) =>
        api.GetAsync("/v1/subscriptions/" + Segment(id), Expand(Fields.None), ct);

    private static Fields Expand(Fields fields) =>
        fields
            .With("expand[]", "default_payment_method")
            .With("expand[]", "items.data.price.product");

    private static Outcome.Succeeded Done(ProcessorRecord record) => new() { Record = record };

    private static Outcome.Declined Refused(StripeReply reply) =>
        reply.Error is { IsDecline: true } error
            ? new Outcome.Declined
            {
                Code = error.DeclineCode ?? error.Code ?? "declined",
                BuyerMessage = error.BuyerMessage,
            }
            : throw reply.Error!.ToException();

    private static HostedPage Hosted(JsonElement page) =>
        new()
        {
            Location =
                page.Page("url")
                ?? throw new ProcessorException(
                    ProcessorFault.NoReply,
                    "Stripe's reply names no page."
                ),
            ExpiresAt = page.Time("expires_at"),
        };

    /// <summary>An id as one segment of a path; anything else could name another resource.</summary>
    internal static string Segment(string id) =>
        id.Length is > 0 and <= 255
        && id.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '-')
            ? id
            : throw new ProcessorException(
                ProcessorFault.NotFound,
                "This is not an id of Stripe's."
            );

    /// <summary>
    /// Asks for what a payload leaves out. Where Stripe cannot be asked, what the payload proves stands alone;
    /// a later delivery or back-fill closes the gap. After the first failure it asks no more.
    /// </summary>
    private sealed class Enrichment(StripeApi api)
    {
        private readonly Dictionary<string, string?> productNames = [];
        private bool silent;

        /// <summary>For reading the books, where a gap would stay: only what Stripe does not have may be missing.</summary>
        public bool MustSucceed { get; init; }

        public async Task<IReadOnlyList<ProcessorRecord>> MethodsAsync(
            JsonElement customer,
            DateTimeOffset asOf,
            CancellationToken ct
        )
        {
            var chosen = customer.Part("invoice_settings").IdOf("default_payment_method");
            if (chosen is null)
                return [];
            var id = customer.Needed("id");
            return await TryAsync(
                async () =>
                    (IReadOnlyList<ProcessorRecord>)
                        [
                            .. (
                                await AllAsync(
                                    $"/v1/customers/{Segment(id)}/payment_methods",
                                    Fields.None,
                                    ct
                                )
                            ).Select(method =>
                                StripeRecords.StoredMethod(
                                    method,
                                    asOf,
                                    isDefault: method.Text("id") == chosen,
                                    owner: id
                                )
                            ),
                        ],
                []
            );
        }

        public async Task<SubscriptionRecord> CompleteAsync(
            SubscriptionRecord record,
            JsonElement subscription,
            CancellationToken ct
        )
        {
            var item = subscription.Part("items").Items("data").FirstOrDefault();
            var product = item.Part(item.Has("price") ? "price" : "plan").IdOf("product");
            if (record.Name is null && product is not null)
            {
                if (!productNames.TryGetValue(product, out var name))
                    productNames[product] = name = await TryAsync(
                        async () =>
                            (
                                await api.GetAsync(
                                    "/v1/products/" + Segment(product),
                                    Fields.None,
                                    ct
                                )
                            ).Text("name"),
                        null
                    );
                record = record with { Name = name };
            }
            if (record.Method is null && subscription.IdOf("default_payment_method") is { } method)
                record = record with
                {
                    Method = await TryAsync(
                        async () =>
                            StripeRecords.Method(
                                await api.GetAsync(
                                    "/v1/payment_methods/" + Segment(method),
                                    Fields.None,
                                    ct
                                )
                            ),
                        null
                    ),
                };
            return record;
        }

        public async Task<IReadOnlyList<OrderLine>> LinesAsync(
            JsonElement invoice,
            IReadOnlyList<OrderLine> told,
            CancellationToken ct
        ) =>
            invoice.Part("lines").Truth("has_more") is true
                ? await TryAsync(
                    async () =>
                        (IReadOnlyList<OrderLine>)
                            [
                                .. (
                                    await AllAsync(
                                        $"/v1/invoices/{Segment(invoice.Needed("id"))}/lines",
                                        Fields.None,
                                        ct
                                    )
                                ).Select(line =>
                                    StripeRecords.InvoiceLine(line, invoice.Needed("currency"))
                                ),
                            ],
                    told
                )
                : told;

        public async Task<IReadOnlyList<JsonElement>> LinksAsync(
            JsonElement invoice,
            CancellationToken ct
        ) =>
            invoice.Has("payments") ? [.. invoice.Part("payments").Items("data")]
            // The old shape names its payment itself.
            : invoice.Has("payment_intent") || invoice.Has("charge") ? []
            : await TryAsync(
                () =>
                    AllAsync(
                        "/v1/invoice_payments",
                        Fields.Of("invoice", invoice.Needed("id")),
                        ct
                    ),
                []
            );

        public async Task<IReadOnlyList<JsonElement>> CheckoutLinesAsync(
            JsonElement session,
            CancellationToken ct
        ) =>
            session.Has("line_items") && session.Part("line_items").Truth("has_more") is not true
                ? [.. session.Part("line_items").Items("data")]
                : await TryAsync(
                    () =>
                        AllAsync(
                            $"/v1/checkout/sessions/{Segment(session.Needed("id"))}/line_items",
                            Fields.None,
                            ct
                        ),
                    []
                );

        public async Task<IReadOnlyList<RefundRecord>> RefundsAsync(
            JsonElement charge,
            DateTimeOffset asOf,
            CancellationToken ct
        )
        {
            var told = charge.Part("refunds").Items("data").ToList();
            if (told.Count > 0 && charge.Part("refunds").Truth("has_more") is not true)
                return [.. told.Select(refund => StripeRecords.Refund(refund, asOf))];
            return await TryAsync(
                async () =>
                    (IReadOnlyList<RefundRecord>)
                        [
                            .. (
                                await AllAsync(
                                    "/v1/refunds",
                                    Fields.Of("charge", charge.Needed("id")),
                                    ct
                                )
                            ).Select(refund => StripeRecords.Refund(refund, asOf)),
                        ],
                [.. told.Select(refund => StripeRecords.Refund(refund, asOf))]
            );
        }

        private async Task<IReadOnlyList<JsonElement>> AllAsync(
            string path,
            Fields query,
            CancellationToken ct
        )
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
                return await ask();
            }
            catch (ProcessorException exception)
                when (!MustSucceed || exception.Fault == ProcessorFault.NotFound)
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
}
