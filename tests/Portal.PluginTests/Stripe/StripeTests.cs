using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Plugin.Stripe;
using Portal.Processors;
using Portal.TestSupport;

namespace Portal.PluginTests.Stripe;

/// <summary>The Stripe plugin: conformance, then what its own events, shapes and states become.</summary>
public sealed class StripeTests : ProcessorConformance
{
    private const string WebhookSecret = "whsec_canary_5b1f0a";
    private static readonly DateTimeOffset Happened = DateTimeOffset.FromUnixTimeSeconds(1785300000);

    protected override IProcessorPlugin Plugin => new StripePlugin();

    protected override string Folder => "Stripe";

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["apiKey"] = "rk_test_canary_77d2", ["webhookSecret"] = WebhookSecret };

    protected override string? IdempotencyHeader => "Idempotency-Key";

    protected override IReadOnlyList<string> SignatureHeaders => ["Stripe-Signature"];

    protected override TimeSpan? Tolerance => TimeSpan.FromSeconds(300);

    protected override IReadOnlyCollection<string> NotInDocument =>
        [
            "POST /v1/refunds",
            "GET /v1/checkout/sessions/{}/line_items",
            "GET /v1/customers/{}/tax_ids",
            "POST /v1/customers/{}/tax_ids",
            "DELETE /v1/customers/{}/tax_ids/{}",
        ];

    protected override ConformanceSamples Samples =>
        new()
        {
            SubscriptionId = "sub_1Portal",
            CancelingSubscriptionId = "sub_2Canceling",
            PausedSubscriptionId = "sub_3Paused",
            PlanId = "price_2Portal",
            PaymentId = "pi_1Portal",
            InvoiceId = "in_1Portal",
            CustomerId = "cus_1Portal",
            PaymentMethodId = "pm_1Portal",
            Refund = new Money(500, "EUR"),
            Finds =
            [
                (RecordKind.Customer, "cus_1Portal"),
                (RecordKind.Order, "in_1Portal"),
                (RecordKind.Order, "cs_test_1Portal"),
                (RecordKind.Payment, "pi_1Portal"),
                (RecordKind.Payment, "ch_1Portal"),
                (RecordKind.Payment, "in_1Portal"),
                (RecordKind.Refund, "re_1Portal"),
                (RecordKind.Dispute, "du_1Portal"),
                (RecordKind.Subscription, "sub_1Portal"),
                (RecordKind.Invoice, "in_1Portal"),
                (RecordKind.PaymentMethod, "pm_1Portal"),
            ],
        };

    protected override IReadOnlyList<byte[]> Deliveries =>
        [.. Files(Own("Events")), .. Files(Repository.Shared("processors", "samples", "stripe"), "event.*.json")];

    protected override WebhookRequest Sign(byte[] body, string secret, DateTimeOffset at) =>
        Request(body, $"t={at.ToUnixTimeSeconds()},v1={Mac(body, secret, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))}");

    // Signature

    [Test]
    public async Task The_published_signature_vector_verifies()
    {
        if (Repository.Shared("processors", "samples", "stripe", "signature_example.json") is not { } file)
            return;
        var vector = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        var body = Encoding.UTF8.GetBytes((string)vector["raw_body"]!);
        var request = Request(body, (string)vector["headers"]!["Stripe-Signature"]!);
        var settings = new Dictionary<string, string>(Settings) { ["webhookSecret"] = (string)vector["secret"]! };
        var processor = Connect(settings, DateTimeOffset.FromUnixTimeSeconds((long)vector["timestamp"]!)).Processor;

        var delivery = await ((IReceiveWebhooks)processor).VerifyAsync(request, default);

        delivery
            .Should()
            .Be(
                new Delivery.Verified
                {
                    DeliveryId = "evt_1Sample0006",
                    EventType = "invoice.paid",
                    TestMode = true,
                }
            );
    }

    [SecurityCase("W1", "Stripe: the header is read strictly")]
    [TestCase("t={t},v1={v}", true)]
    [TestCase("t={t},v1=00,v1={v},v0=11", true)]
    [TestCase("v1={v},t={t}", true)]
    [TestCase("t={t},v0={v}", false)]
    [TestCase("t={t}", false)]
    [TestCase("v1={v}", false)]
    [TestCase("t={t},v1=", false)]
    [TestCase("t={t},v1={V}", false)]
    [TestCase("t={t},t={t},v1={v}", false)]
    [TestCase("t={t};v1={v}", false)]
    public async Task A_header_is_read_strictly(string header, bool genuine)
    {
        var body = "{}"u8.ToArray();
        var t = Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var mac = Mac(body, WebhookSecret, t);
        var told = header
            .Replace("{t}", t, StringComparison.Ordinal)
            .Replace("{v}", mac, StringComparison.Ordinal)
            .Replace("{V}", mac.ToUpperInvariant(), StringComparison.Ordinal);

        (await Webhooks.VerifyAsync(Request(body, told), default) is Delivery.Verified).Should().Be(genuine);
    }

    [SecurityCase("W2", "Stripe: a timestamp has one spelling")]
    [TestCase("hello")]
    [TestCase("1e9")]
    [TestCase(" {t}")]
    [TestCase("+{t}")]
    [TestCase("0{t}")]
    [TestCase("-{t}")]
    [TestCase("{t}.0")]
    [TestCase("9999999999999999")]
    [TestCase("99999999999999999999999")]
    [TestCase("")]
    public async Task A_timestamp_has_one_spelling(string spelling)
    {
        var body = "{}"u8.ToArray();
        var t = spelling.Replace("{t}", Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

        var delivery = await Webhooks.VerifyAsync(Request(body, $"t={t},v1={Mac(body, WebhookSecret, t)}"), default);

        delivery.Should().BeOfType<Delivery.Rejected>();
    }

    [Test]
    public async Task Both_secrets_are_good_while_one_is_rolled()
    {
        var rolling = (IReceiveWebhooks)Connect(new Dictionary<string, string>(Settings) { ["webhookSecret"] = "whsec_old, whsec_new" }).Processor;

        foreach (var secret in new[] { "whsec_old", "whsec_new" })
            (await rolling.VerifyAsync(Sign("{}"u8.ToArray(), secret, Now), default)).Should().BeOfType<Delivery.Verified>();
        (await rolling.VerifyAsync(Sign("{}"u8.ToArray(), "whsec_old, whsec_new", Now), default)).Should().BeOfType<Delivery.Rejected>();
    }

    [SecurityCase("W3", "Stripe: a secret without a key verifies nothing")]
    [TestCase("whsec_")]
    [TestCase(",")]
    [TestCase(" , whsec_ ,")]
    public async Task A_secret_without_a_key_verifies_nothing(string secret)
    {
        var webhooks = (IReceiveWebhooks)Connect(new Dictionary<string, string>(Settings) { ["webhookSecret"] = secret }).Processor;

        (await webhooks.VerifyAsync(Sign("{}"u8.ToArray(), secret, Now), default)).Should().BeOfType<Delivery.Rejected>();
        (await webhooks.VerifyAsync(Sign("{}"u8.ToArray(), "whsec_", Now), default)).Should().BeOfType<Delivery.Rejected>();
    }

    [Test]
    public async Task Live_mode_is_told()
    {
        var live = Edit(File.ReadAllBytes(Own("Events/refund.updated.json")), envelope => envelope["livemode"] = true);

        (await Webhooks.VerifyAsync(Sign(live, WebhookSecret, Now), default))
            .Should()
            .BeOfType<Delivery.Verified>()
            .Which.TestMode.Should()
            .BeFalse();
    }

    // Events

    [Test]
    public async Task A_paid_invoice_is_an_order_an_invoice_and_a_payment()
    {
        var records = await Told("invoice.paid");

        var order = records.OfType<OrderRecord>().Single();
        order.Id.Should().Be("in_1Portal");
        order.State.Should().Be(OrderState.Paid);
        order.Reason.Should().Be(OrderReason.SubscriptionRenewal);
        order.Total.Should().Be(new Money(1785, "EUR"));
        order.Tax.Should().Be(new Money(285, "EUR"));
        order.SubscriptionId.Should().Be("sub_1Portal");
        order.PaidAt.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1785203602));
        order
            .Customer.Should()
            .Be(
                new CustomerReference
                {
                    Id = "cus_1Portal",
                    Email = "ada@example.com",
                    Name = "Ada Byron",
                }
            );
        order.Billing!.TaxId.Should().Be("GB123456789");
        order.Billing.Address!.Country.Should().Be("GB");
        var line = order.Lines.Single();
        line.ProductId.Should().Be("prod_1Portal");
        line.Total.Should().Be(new Money(1785, "EUR"), "exclusive tax is part of what the line costs");
        line.Tax.Should().Be(new Money(285, "EUR"));
        line.PeriodEnd.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1787878400));

        var invoice = records.OfType<InvoiceRecord>().Single();
        invoice.Number.Should().Be("PORTAL-0001");
        invoice.State.Should().Be(InvoiceState.Paid);
        invoice.OrderId.Should().Be(order.Id);

        var payment = records.OfType<PaymentRecord>().Single();
        payment.Id.Should().Be("pi_1Portal");
        payment.FormerId.Should().Be("in_1Portal");
        payment.OrderId.Should().Be("in_1Portal");
        payment.State.Should().Be(PaymentState.Succeeded);
        payment.Amount.Should().Be(new Money(1785, "EUR"));
        records.Should().OnlyContain(record => record.AsOf == DateTimeOffset.FromUnixTimeSeconds(1785210004));
    }

    [Test]
    public async Task A_paid_invoice_whose_payment_cannot_be_asked_goes_by_its_own_id()
    {
        var payment = (await Told("invoice.paid", reachable: false)).OfType<PaymentRecord>().Single();

        payment.Id.Should().Be("in_1Portal");
        payment.FormerId.Should().BeNull();
    }

    [Test]
    public async Task Before_basil_an_invoice_names_its_subscription_price_tax_and_payment_itself()
    {
        var old = Thing("invoice.paid");
        foreach (var gone in new[] { "parent", "total_taxes", "customer_address", "customer_tax_ids" })
            old.Remove(gone);
        old["subscription"] = "sub_1Portal";
        old["payment_intent"] = "pi_1Portal";
        old["charge"] = "ch_1Portal";
        old["tax"] = 285;
        var line = old["lines"]!["data"]![0]!.AsObject();
        foreach (var gone in new[] { "taxes", "pricing", "parent" })
            line.Remove(gone);
        line["price"] = JsonNode.Parse("""{"id":"price_1Portal","product":"prod_1Portal","nickname":null}""");
        line["tax_amounts"] = JsonNode.Parse("""[{"amount":285,"inclusive":false,"tax_rate":"txr_1"}]""");
        line["tax_rates"] = JsonNode.Parse("""[{"id":"txr_1","percentage":19.0}]""");

        var records = await Read("invoice.paid", old, reachable: false);

        var order = records.OfType<OrderRecord>().Single();
        order.SubscriptionId.Should().Be("sub_1Portal");
        order.Tax.Should().Be(new Money(285, "EUR"));
        order
            .Lines.Single()
            .Should()
            .Match<OrderLine>(told => told.ProductId == "prod_1Portal" && told.TaxRate == 19m && told.Total.MinorUnits == 1785);
        records.OfType<PaymentRecord>().Single().Should().Match<PaymentRecord>(told => told.Id == "pi_1Portal" && told.FormerId == "in_1Portal");
    }

    [Test]
    public async Task Inclusive_tax_and_discounts_are_counted_once()
    {
        var invoice = Thing("invoice.paid");
        var line = invoice["lines"]!["data"]![0]!;
        line["taxes"]![0]!["tax_behavior"] = "inclusive";
        line["discount_amounts"] = JsonNode.Parse("""[{"amount":100,"discount":"di_1"}]""");

        var told = (await Read("invoice.paid", invoice)).OfType<OrderRecord>().Single().Lines.Single();

        told.Total.Should().Be(new Money(1400, "EUR"));
        told.Tax.Should().Be(new Money(285, "EUR"));
    }

    [Test]
    public async Task An_invoice_covered_by_credit_has_no_payment()
    {
        var invoice = Thing("invoice.paid");
        invoice["amount_paid"] = 0;

        (await Read("invoice.paid", invoice)).Should().HaveCount(2).And.NotContain(record => record is PaymentRecord);
    }

    [TestCase(1785286400, OrderState.Pending)]
    [TestCase(null, OrderState.Failed)]
    public async Task A_failed_invoice_says_where_and_when_it_can_be_paid(long? nextAttempt, OrderState state)
    {
        var invoice = Thing("invoice.payment_failed");
        invoice["next_payment_attempt"] = nextAttempt;

        var records = await Read("invoice.payment_failed", invoice, reachable: false);

        records.OfType<OrderRecord>().Single().State.Should().Be(state);
        var payment = records.OfType<PaymentRecord>().Single();
        payment.Id.Should().Be("in_1Portal");
        payment.State.Should().Be(PaymentState.Failed);
        payment.Amount.Should().Be(new Money(1785, "EUR"));
        payment.NextAttemptAt.Should().Be(nextAttempt is { } next ? DateTimeOffset.FromUnixTimeSeconds(next) : null);
        payment.PayAt.Should().Be(new Uri("https://invoice.stripe.com/i/acct_1/test_1"));
    }

    [TestCase("invoice.created", "draft", InvoiceState.Draft, null)]
    [TestCase("invoice.finalized", "open", InvoiceState.Open, OrderState.Pending)]
    [TestCase("invoice.updated", "open", InvoiceState.Open, OrderState.Pending)]
    [TestCase("invoice.overdue", "open", InvoiceState.Open, OrderState.Pending)]
    [TestCase("invoice.payment_succeeded", "paid", InvoiceState.Paid, OrderState.Paid)]
    [TestCase("invoice.voided", "void", InvoiceState.Void, OrderState.Canceled)]
    [TestCase("invoice.marked_uncollectible", "uncollectible", InvoiceState.Uncollectible, OrderState.Failed)]
    public async Task Invoice_states(string type, string status, InvoiceState state, OrderState? order)
    {
        var invoice = Thing("invoice.paid");
        invoice["status"] = status;

        var records = await Read(type, invoice);

        records.OfType<InvoiceRecord>().Single().State.Should().Be(state);
        records.OfType<OrderRecord>().SingleOrDefault()?.State.Should().Be(order);
        records.OfType<OrderRecord>().Any().Should().Be(order is not null);
        records.OfType<PaymentRecord>().Any().Should().Be(state == InvoiceState.Paid, "an open invoice may be on its way to being paid");
    }

    [TestCase("subscription_create", true, OrderReason.SubscriptionStart)]
    [TestCase("subscription_cycle", true, OrderReason.SubscriptionRenewal)]
    [TestCase("subscription_threshold", true, OrderReason.SubscriptionRenewal)]
    [TestCase("subscription_update", true, OrderReason.SubscriptionChange)]
    [TestCase("subscription", true, OrderReason.SubscriptionRenewal)]
    [TestCase("quote_accept", true, OrderReason.SubscriptionStart)]
    [TestCase("quote_accept", false, OrderReason.Purchase)]
    [TestCase("manual", false, OrderReason.Purchase)]
    [TestCase(null, false, OrderReason.Purchase)]
    public async Task Billing_reasons(string? reason, bool subscribed, OrderReason expected)
    {
        var invoice = Thing("invoice.paid");
        invoice["billing_reason"] = reason;
        if (!subscribed)
            invoice["parent"] = null;

        (await Read("invoice.paid", invoice)).OfType<OrderRecord>().Single().Reason.Should().Be(expected);
    }

    [Test]
    public async Task A_long_invoice_is_read_to_its_end()
    {
        var invoice = Thing("invoice.paid");
        invoice["lines"]!["has_more"] = true;
        var (processor, replies, _) = Connect();
        var line = invoice["lines"]!["data"]![0]!.ToJsonString();
        replies.Fault = (call, _) =>
            Task.FromResult(
                call.Address.AbsolutePath == "/v1/invoices/in_1Portal/lines"
                    ? Json($$"""{"object":"list","has_more":false,"data":[{{line}},{{line}},{{line}}]}""")
                    : null
            );

        var records = await ((IReceiveWebhooks)processor).ReadAsync(Delivered("invoice.paid", invoice), default);

        records.OfType<OrderRecord>().Single().Lines.Should().HaveCount(3);
    }

    [Test]
    public async Task A_checkout_without_an_invoice_is_an_order_with_lines_and_its_payment()
    {
        var records = await Told("checkout.session.completed");

        var order = records.OfType<OrderRecord>().Single();
        order.Id.Should().Be("cs_test_1Portal");
        order.Reference.Should().Be("order-77");
        order.State.Should().Be(OrderState.Paid);
        order.Reason.Should().Be(OrderReason.Purchase);
        order.Tax.Should().Be(new Money(380, "EUR"));
        order
            .Lines.Single()
            .Should()
            .Match<OrderLine>(line => line.Name == "Handbook" && line.ProductId == "prod_9Portal" && line.Total.MinorUnits == 2380);
        order.Customer!.Email.Should().Be("ada@example.com");
        records.OfType<PaymentRecord>().Single().Should().Match<PaymentRecord>(payment => payment.Id == "pi_2Portal" && payment.OrderId == order.Id);
    }

    [Test]
    public async Task A_checkout_with_an_invoice_tells_the_invoices_order()
    {
        var session = Thing("checkout.session.completed");
        session["mode"] = "subscription";
        session["invoice"] = "in_1Portal";
        session["subscription"] = "sub_1Portal";
        session["payment_intent"] = null;

        var records = await Read("checkout.session.completed", session, reachable: false);

        var order = records.Should().ContainSingle().Which.Should().BeOfType<OrderRecord>().Subject;
        order.Id.Should().Be("in_1Portal");
        order.Reason.Should().Be(OrderReason.SubscriptionStart);
        order.SubscriptionId.Should().Be("sub_1Portal");
        order.Lines.Should().BeEmpty("Stripe could not be asked for them");
    }

    [TestCase("checkout.session.completed", OrderState.Pending, PaymentState.Pending)]
    [TestCase("checkout.session.async_payment_failed", OrderState.Failed, PaymentState.Failed)]
    public async Task An_unpaid_checkout_waits_or_has_failed(string type, OrderState order, PaymentState payment)
    {
        var session = Thing("checkout.session.completed");
        session["payment_status"] = "unpaid";

        var records = await Read(type, session);

        records.OfType<OrderRecord>().Single().State.Should().Be(order);
        records.OfType<OrderRecord>().Single().PaidAt.Should().BeNull();
        records.OfType<PaymentRecord>().Single().State.Should().Be(payment);
    }

    [Test]
    public async Task A_refunded_charge_tells_the_payment_and_its_refunds()
    {
        var records = await Told("charge.refunded");

        var payment = records.OfType<PaymentRecord>().Single();
        payment.Id.Should().Be("pi_1Portal");
        payment.State.Should().Be(PaymentState.Succeeded);
        payment.Refunded.Should().Be(new Money(500, "EUR"));
        payment
            .Method.Should()
            .Be(
                new PaymentMethod
                {
                    Id = "pm_1Portal",
                    Kind = "card",
                    Brand = "Visa",
                    LastFour = "4242",
                    ExpiryMonth = 8,
                    ExpiryYear = 2030,
                }
            );
        records.OfType<RefundRecord>().Single().Should().Match<RefundRecord>(refund => refund.Id == "re_1Portal" && refund.PaymentId == "pi_1Portal");
    }

    [Test]
    public async Task Refunds_within_the_charge_are_believed_without_asking()
    {
        var charge = Thing("charge.refunded");
        charge["refunds"] = new JsonObject { ["has_more"] = false, ["data"] = new JsonArray(Thing("refund.updated")) };

        (await Read("charge.refunded", charge, reachable: false)).OfType<RefundRecord>().Single().Amount.Should().Be(new Money(500, "EUR"));
    }

    [Test]
    public async Task A_deleted_customer_is_told_as_deleted()
    {
        var customer = (await Told("customer.deleted")).Should().ContainSingle().Which.Should().BeOfType<CustomerRecord>().Subject;

        customer.Deleted.Should().BeTrue();
        customer.Email.Should().Be("ada@example.com");
        customer.Address!.City.Should().Be("London");
    }

    [Test]
    public async Task A_new_default_payment_method_is_told_with_the_customer()
    {
        var records = await Read("customer.updated", Thing("customer.created"), before: """{"invoice_settings":{"default_payment_method":null}}""");

        records.OfType<CustomerRecord>().Should().ContainSingle().Which.Deleted.Should().BeFalse();
        records
            .OfType<PaymentMethodRecord>()
            .Select(method => (method.Id, method.Default))
            .Should()
            .Equal(("pm_1Portal", true), ("pm_2Portal", false));
        (await Read("customer.updated", Thing("customer.created"), before: """{"name":"A"}""")).Should().ContainSingle();
    }

    [Test]
    public async Task Payment_methods_come_and_go()
    {
        var attached = (PaymentMethodRecord)(await Told("payment_method.attached")).Single();
        attached.Removed.Should().BeFalse();
        attached.Default.Should().BeNull();
        attached.Customer!.Id.Should().Be("cus_1Portal");

        var detached = (PaymentMethodRecord)(await Told("payment_method.detached")).Single();
        detached.Removed.Should().BeTrue();
        detached.Customer!.Id.Should().Be("cus_1Portal", "the owner is among the previous attributes");
    }

    [Test]
    public async Task A_subscription_is_told_with_its_price_period_and_method()
    {
        var subscription = (SubscriptionRecord)(await Told("customer.subscription.created")).Single();

        subscription.PlanId.Should().Be("price_1Portal");
        subscription.Name.Should().Be("Basic", "the price's nickname is hidden from customers");
        subscription.Price.Should().Be(new Money(1500, "EUR"));
        subscription.Cycle.Should().Be(new BillingCycle { Unit = CycleUnit.Month });
        subscription.CurrentPeriodEnd.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1787878400));
        subscription.WillCancel.Should().BeFalse();
        subscription.Method!.LastFour.Should().Be("4242");
    }

    [Test]
    public async Task Before_basil_the_period_is_the_subscriptions_own()
    {
        var old = Thing("customer.subscription.created");
        var item = old["items"]!["data"]![0]!.AsObject();
        item.Remove("current_period_start");
        item.Remove("current_period_end");
        old["current_period_start"] = 1785000000;
        old["current_period_end"] = 1787600000;

        var subscription = (SubscriptionRecord)(await Read("customer.subscription.updated", old)).Single();

        subscription.CurrentPeriodStart.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1785000000));
        subscription.CurrentPeriodEnd.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1787600000));
    }

    [Test]
    public async Task Periods_span_all_items_and_prices_add_up()
    {
        var subscription = Thing("customer.subscription.created");
        var second = subscription["items"]!["data"]![0]!.DeepClone();
        second["quantity"] = 3;
        second["current_period_start"] = 1785100000;
        second["current_period_end"] = 1788000000;
        second["price"]!["unit_amount"] = null;
        second["price"]!["unit_amount_decimal"] = "10.5";
        subscription["items"]!["data"]!.AsArray().Add(second);

        var told = (SubscriptionRecord)(await Read("customer.subscription.updated", subscription)).Single();

        told.CurrentPeriodStart.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1785100000));
        told.CurrentPeriodEnd.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1788000000));
        told.Price.Should().Be(new Money(1532, "EUR"), "31.5 is rounded away from zero");
    }

    [TestCase("trialing", false, SubscriptionState.Trialing)]
    [TestCase("active", false, SubscriptionState.Active)]
    [TestCase("active", true, SubscriptionState.Paused)]
    [TestCase("past_due", false, SubscriptionState.PastDue)]
    [TestCase("past_due", true, SubscriptionState.PastDue)]
    [TestCase("unpaid", false, SubscriptionState.PastDue)]
    [TestCase("incomplete", false, SubscriptionState.PastDue)]
    [TestCase("paused", false, SubscriptionState.Paused)]
    [TestCase("canceled", false, SubscriptionState.Canceled)]
    [TestCase("incomplete_expired", false, SubscriptionState.Expired)]
    public async Task Subscription_states(string status, bool pausing, SubscriptionState expected)
    {
        var subscription = Thing("customer.subscription.created");
        subscription["status"] = status;
        if (pausing)
            subscription["pause_collection"] = JsonNode.Parse("""{"behavior":"void","resumes_at":1790000000}""");

        var told = (SubscriptionRecord)(await Read("customer.subscription.updated", subscription)).Single();

        told.State.Should().Be(expected);
        told.PausedUntil.Should().Be(pausing ? DateTimeOffset.FromUnixTimeSeconds(1790000000) : null);
    }

    [TestCase("active", true, null, true, 1787878400)]
    [TestCase("active", true, 1786000000, true, 1786000000)]
    [TestCase("active", false, 1786000000, true, 1786000000)]
    [TestCase("canceled", true, 1786000000, false, null)]
    [TestCase("active", false, null, false, null)]
    public async Task Scheduled_ends(string status, bool withPeriod, long? at, bool willCancel, long? cancelAt)
    {
        var subscription = Thing("customer.subscription.created");
        subscription["status"] = status;
        subscription["cancel_at_period_end"] = withPeriod;
        subscription["cancel_at"] = at;

        var told = (SubscriptionRecord)(await Read("customer.subscription.updated", subscription)).Single();

        told.WillCancel.Should().Be(willCancel);
        told.CancelAt.Should().Be(cancelAt is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null);
    }

    [TestCase("succeeded", false, PaymentState.Succeeded)]
    [TestCase("processing", false, PaymentState.Pending)]
    [TestCase("requires_action", false, PaymentState.Pending)]
    [TestCase("requires_confirmation", false, PaymentState.Pending)]
    [TestCase("requires_capture", false, PaymentState.Pending)]
    [TestCase("requires_payment_method", false, PaymentState.Pending)]
    [TestCase("requires_payment_method", true, PaymentState.Failed)]
    [TestCase("canceled", false, PaymentState.Canceled)]
    public async Task Payment_intent_states(string status, bool refused, PaymentState expected)
    {
        var intent = Thing("payment_intent.succeeded");
        intent["status"] = status;
        if (refused)
            intent["last_payment_error"] = JsonNode.Parse("""{"code":"card_declined","decline_code":"insufficient_funds"}""");

        var told = (PaymentRecord)(await Read("payment_intent.payment_failed", intent)).Single();

        told.State.Should().Be(expected);
        told.FailureCode.Should().Be(refused ? "insufficient_funds" : null);
    }

    [TestCase("charge.succeeded", "succeeded", PaymentState.Succeeded)]
    [TestCase("charge.pending", "pending", PaymentState.Pending)]
    [TestCase("charge.failed", "failed", PaymentState.Failed)]
    [TestCase("charge.updated", "succeeded", PaymentState.Succeeded)]
    [TestCase("charge.updated", "failed", null)]
    public async Task Charge_states(string type, string status, PaymentState? expected)
    {
        var charge = Thing("charge.refunded");
        charge["status"] = status;

        (await Read(type, charge))
            .Cast<PaymentRecord>()
            .Select(payment => (PaymentState?)payment.State)
            .Should()
            .Equal(expected is null ? [] : [expected]);
    }

    [TestCase("pending", RefundState.Pending)]
    [TestCase("requires_action", RefundState.Pending)]
    [TestCase("succeeded", RefundState.Succeeded)]
    [TestCase("failed", RefundState.Failed)]
    [TestCase("canceled", RefundState.Failed)]
    public async Task Refund_states(string status, RefundState expected)
    {
        var refund = Thing("refund.updated");
        refund["status"] = status;

        foreach (var type in new[] { "refund.created", "refund.updated", "refund.failed", "charge.refund.updated" })
            ((RefundRecord)(await Read(type, refund)).Single()).State.Should().Be(expected);
    }

    [TestCase("needs_response", DisputeState.Open)]
    [TestCase("under_review", DisputeState.Open)]
    [TestCase("warning_needs_response", DisputeState.Open)]
    [TestCase("warning_under_review", DisputeState.Open)]
    [TestCase("won", DisputeState.Won)]
    [TestCase("warning_closed", DisputeState.Won)]
    [TestCase("prevented", DisputeState.Won)]
    [TestCase("lost", DisputeState.Lost)]
    public async Task Dispute_states(string status, DisputeState expected)
    {
        var dispute = Thing("charge.dispute.created");
        dispute["status"] = status;

        foreach (var type in new[] { "created", "updated", "closed", "funds_withdrawn", "funds_reinstated" })
        {
            var told = (DisputeRecord)(await Read("charge.dispute." + type, dispute)).Should().ContainSingle().Subject;
            told.State.Should().Be(expected);
            told.PaymentId.Should().Be("pi_1Portal");
        }
    }

    [TestCase("customer.subscription.updated", "customer.subscription.created")]
    [TestCase("invoice.updated", "invoice.paid")]
    [TestCase("payment_intent.processing", "payment_intent.succeeded")]
    [TestCase("charge.pending", "charge.refunded")]
    [TestCase("refund.updated", "refund.updated")]
    [TestCase("charge.dispute.updated", "charge.dispute.created")]
    public async Task A_state_nobody_thought_of_is_shown_not_guessed(string type, string like)
    {
        var thing = Thing(like);
        thing["status"] = "brand_new";

        (await FluentActions.Awaiting(() => Read(type, thing)).Should().ThrowAsync<FormatException>()).WithMessage("*does not know*");
    }

    [TestCase("plan.created")]
    [TestCase("invoice.upcoming")]
    [TestCase("setup_intent.succeeded")]
    [TestCase("checkout.session.expired")]
    [TestCase("something.entirely.new")]
    public async Task Other_events_have_no_effect(string type) =>
        (await Read(type, JsonNode.Parse("""{"object":"thing","customer":"cus_1"}""")!.AsObject())).Should().BeEmpty();

    [Test]
    public async Task Thin_events_have_no_effect() =>
        (
            await Webhooks.ReadAsync(
                Request("""{"id":"evt_1","object":"v2.core.event","type":"v1.x","created":"2026-07-29T00:00:00Z"}"""u8.ToArray(), ""),
                default
            )
        )
            .Should()
            .BeEmpty();

    [TestCase("amount_refunded", "\"much\"")]
    [TestCase("amount", "1.5")]
    [TestCase("currency", "\"euro\"")]
    [TestCase("currency", "null")]
    [TestCase("created", "99999999999999")]
    [TestCase("status", "7")]
    [TestCase("payment_intent", "7")]
    [TestCase("payment_method_details", "[]")]
    public async Task A_wrong_shape_is_a_sentence(string field, string value)
    {
        var charge = Thing("charge.refunded");
        charge[field] = JsonNode.Parse(value);

        (await FluentActions.Awaiting(() => Read("charge.succeeded", charge)).Should().ThrowAsync<FormatException>()).WithMessage("*Stripe*.");
    }

    [Test]
    public async Task The_shared_samples_are_read()
    {
        foreach (var body in Files(Repository.Shared("processors", "samples", "stripe"), "event.*.json"))
        {
            var request = Sign(body, WebhookSecret, Now);
            var type = ((Delivery.Verified)await Webhooks.VerifyAsync(request, default)).EventType;
            var records = await Webhooks.ReadAsync(request, default);
            records.Any().Should().Be(type != "setup_intent.succeeded", type);
            records.Should().NotContain(record => record.AsOf <= Happened || record.AsOf > Happened.AddSeconds(20));
        }
    }

    // Amounts

    [TestCase(1099, "eur", 1099, "EUR")]
    [TestCase(-1099, "usd", -1099, "USD")]
    [TestCase(1099, "jpy", 1099, "JPY")]
    [TestCase(5124, "kwd", 5124, "KWD")]
    [TestCase(500, "ugx", 5, "UGX")]
    [TestCase(100000, "isk", 1000, "ISK")]
    [TestCase(12, "mga", 1200, "MGA")]
    [TestCase(500, "huf", 500, "HUF")]
    public void Amounts_convert_exactly_both_ways(long stripe, string currency, long minor, string code)
    {
        StripeMoney.Read(stripe, currency).Should().Be(new Money(minor, code));
        StripeMoney.Write(new Money(minor, code)).Should().Be(stripe);
    }

    [Test]
    public void An_amount_that_cannot_be_told_exactly_is_refused()
    {
        FluentActions.Invoking(() => StripeMoney.Read(550, "ugx")).Should().Throw<FormatException>();
        FluentActions.Invoking(() => StripeMoney.Read(long.MaxValue, "mga")).Should().Throw<FormatException>();
        FluentActions.Invoking(() => StripeMoney.Write(new Money(1250, "MGA"))).Should().Throw<ProcessorException>();
    }

    // Books

    [Test]
    public async Task The_books_are_read_page_by_page_with_their_links()
    {
        var (processor, replies, _) = Connect();
        var records = new List<ProcessorRecord>();
        await foreach (var record in ((IListRecords)processor).ListAsync(Samples.ChangedSince, default))
            records.Add(record);

        records.OfType<CustomerRecord>().Select(customer => customer.Id).Should().Equal("cus_1Portal", "cus_2Portal");
        records.OfType<OrderRecord>().Select(order => order.Id).Should().Equal("in_1Portal", "in_2Open", "cs_test_1Portal");
        records
            .OfType<PaymentRecord>()
            .Select(payment => (payment.Id, payment.FormerId, payment.State))
            .Should()
            .Equal(
                ("pi_1Portal", "in_1Portal", PaymentState.Succeeded),
                ("pi_1Portal", null, PaymentState.Succeeded),
                ("pi_3Failed", "in_2Open", PaymentState.Failed),
                ("ch_9Old", null, PaymentState.Succeeded),
                ("pi_2Portal", null, PaymentState.Succeeded)
            );
        var failed = records.OfType<PaymentRecord>().Single(payment => payment.Id == "pi_3Failed");
        failed.OrderId.Should().Be("in_2Open");
        failed.PayAt.Should().NotBeNull();
        failed.NextAttemptAt.Should().NotBeNull();
        records.OfType<SubscriptionRecord>().Select(subscription => subscription.Id).Should().Equal("sub_1Portal", "sub_0Old");
        records.OfType<SubscriptionRecord>().First().Name.Should().Be("Basic");
        records.OfType<SubscriptionRecord>().Last().AsOf.Should().NotBe(Now, "an event is as old as it is");
        records.Where(record => record is not SubscriptionRecord { Id: "sub_0Old" }).Should().OnlyContain(record => record.AsOf == Now);
        records.OfType<PaymentMethodRecord>().Single().Default.Should().BeTrue();
        replies.Calls.Should().OnlyContain(call => call.Query.Count(pair => pair.Key == "limit" && pair.Value == "100") == 1 || !call.Query.Any());
    }

    [Test]
    public async Task Reading_breaks_off_at_a_fault_and_starts_again_harmlessly()
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (call, _) =>
            call.Address.AbsolutePath == "/v1/refunds" ? throw new HttpRequestException(HttpRequestError.ConnectionError) : Nothing;
        var first = new List<ProcessorRecord>();
        var act = async () =>
        {
            await foreach (var record in ((IListRecords)processor).ListAsync(Samples.ChangedSince, default))
                first.Add(record);
        };
        (await act.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.NotSent);
        first.Should().NotBeEmpty();

        replies.Fault = null;
        var again = new List<ProcessorRecord>();
        await foreach (var record in ((IListRecords)processor).ListAsync(Samples.ChangedSince, default))
            again.Add(record);
        again.Take(first.Count).Should().BeEquivalentTo(first, all => all.RespectingRuntimeTypes());
    }

    [Test]
    public async Task One_odd_thing_does_not_hide_the_rest_of_the_books()
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (call, _) =>
            call.Address.AbsolutePath == "/v1/disputes"
                ? Task.FromResult<HttpResponseMessage?>(
                    Json(
                        """{"object":"list","has_more":false,"data":[{"id":"du_7","object":"dispute","amount":1,"currency":"eur","charge":"ch_7","status":"odd"}]}"""
                    )
                )
                : Nothing;
        var records = new List<ProcessorRecord>();
        var act = async () =>
        {
            await foreach (var record in ((IListRecords)processor).ListAsync(Samples.ChangedSince, default))
                records.Add(record);
        };

        (await act.Should().ThrowAsync<FormatException>()).WithMessage("All was read but for 1. du_7:*");
        records.Should().Contain(record => record.Id == "sub_0Old", "what comes after the odd thing is read, too");
    }

    [Test]
    public async Task A_gap_in_the_books_is_not_passed_over()
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (call, _) =>
            call.Address.AbsolutePath.StartsWith("/v1/products/", StringComparison.Ordinal)
                ? throw new HttpRequestException(HttpRequestError.ConnectionError)
                : Nothing;
        var act = async () =>
        {
            await foreach (var record in ((IListRecords)processor).ListAsync(Samples.ChangedSince, default))
                record.Id.Should().NotBeEmpty();
        };

        (await act.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.NotSent);
    }

    [Test]
    public async Task In_the_books_an_invoice_tells_of_its_order_and_an_unlinked_payment_is_told_once()
    {
        var (processor, replies, _) = Connect();
        var session = Thing("checkout.session.completed");
        session["invoice"] = "in_1Portal";
        replies.Fault = (call, _) =>
            Task.FromResult<HttpResponseMessage?>(
                call.Address.AbsolutePath switch
                {
                    "/v1/checkout/sessions" => Json(List(session)),
                    "/v1/invoices" => Json(List(Thing("invoice.paid"))),
                    "/v1/invoice_payments" => Json("""{"error":{"type":"invalid_request_error"}}""", 404),
                    _ => Json(List()),
                }
            );
        var records = new List<ProcessorRecord>();
        await foreach (var record in ((IListRecords)processor).ListAsync(Samples.ChangedSince, default))
            records.Add(record);

        records.Select(record => record.GetType()).Should().Equal(typeof(OrderRecord), typeof(InvoiceRecord));

        static string List(params JsonNode[] things) => new JsonObject { ["has_more"] = false, ["data"] = new JsonArray(things) }.ToJsonString();
    }

    [Test]
    public async Task Long_ago_what_lives_long_is_read_whole()
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (_, _) => Task.FromResult<HttpResponseMessage?>(Json("""{"object":"list","has_more":false,"data":[]}"""));
        await foreach (var record in ((IListRecords)processor).ListAsync(Now.AddDays(-31), default))
            record.Should().BeNull();

        replies.Calls.Should().NotContain(call => call.Address.AbsolutePath == "/v1/events");
        foreach (var call in replies.Calls)
            call.Query.Any(pair => pair.Key == "created[gte]").Should().Be(call.Address.AbsolutePath is not ("/v1/customers" or "/v1/subscriptions"));
    }

    [TestCase("../customers")]
    [TestCase("sub_1?x=1")]
    [TestCase("")]
    public async Task An_id_that_is_none_is_not_found(string id)
    {
        var (processor, replies, _) = Connect();

        (await ((IListRecords)processor).FindAsync(RecordKind.Subscription, id, default)).Should().BeNull();
        replies.Calls.Should().BeEmpty();
    }

    // Requests

    [Test]
    public async Task A_command_is_encoded_as_Stripe_takes_it()
    {
        var (processor, replies, _) = Connect();
        await ((IPauseSubscriptions)processor).PauseAsync(new() { IdempotencyKey = "key-1", SubscriptionId = "sub_1Portal" }, default);

        var call = replies.Calls.Single();
        call.Body.Should().Be("pause_collection%5Bbehavior%5D=void&expand%5B%5D=default_payment_method&expand%5B%5D=items.data.price.product");
        call.Headers["Content-Type"].Should().Be("application/x-www-form-urlencoded");
        call.Headers["Stripe-Version"].Should().Be("2026-06-24.dahlia");
        call.Headers["Idempotency-Key"].Should().Be("key-1");
        call.Headers["Authorization"].Should().Be("Bearer rk_test_canary_77d2");
    }

    [Test]
    public async Task A_new_tax_id_takes_the_place_of_the_buyers_former_one()
    {
        var calls = await UpdateAsync(new() { TaxId = "GB980780684", TaxIdCountry = "GB" });

        calls
            .Should()
            .Equal(
                "POST /v1/customers/cus_1Portal ",
                "GET /v1/customers/cus_1Portal/tax_ids ",
                "POST /v1/customers/cus_1Portal/tax_ids type=gb_vat&value=GB980780684",
                "DELETE /v1/customers/cus_1Portal/tax_ids/txi_1Former "
            );
    }

    [Test]
    public async Task A_tax_id_taken_away_goes_and_the_merchants_own_entries_stay() =>
        (await UpdateAsync(new() { TaxId = "" })).Should().EndWith("DELETE /v1/customers/cus_1Portal/tax_ids/txi_1Former ").And.HaveCount(3);

    [Test]
    public async Task A_tax_id_Stripe_has_in_another_spelling_is_left_alone() =>
        (await UpdateAsync(new() { TaxId = "DE136695976", TaxIdCountry = "DE" })).Should().HaveCount(2);

    [Test]
    public async Task A_tax_id_of_a_kind_Stripe_has_no_form_for_here_is_not_sent() =>
        (await UpdateAsync(new() { TaxId = "91-1144442", TaxIdCountry = "US" })).Should().ContainSingle();

    [Test]
    public async Task A_refused_tax_id_costs_nobody_the_former_one()
    {
        var (processor, replies, _) = Connect();

        var act = () => ((IUpdateCustomers)processor).UpdateAsync(Update(new() { TaxId = "DE811907980", TaxIdCountry = "DE" }), default);

        (await act.Should().ThrowAsync<ProcessorException>())
            .Which.Should()
            .Match<ProcessorException>(refused => refused.Fault == ProcessorFault.BadRequest && refused.Message.Contains("tax_id_invalid"));
        replies.Calls.Should().NotContain(call => call.Method == "DELETE");
    }

    [TestCase("GR", "EL094259216", "eu_vat", "EL094259216")]
    [TestCase("GB", "XI980780684", "eu_vat", "XI980780684")]
    [TestCase("GB", "GB980780684", "gb_vat", "GB980780684")]
    [TestCase("CH", "CHE107787577IVA", "ch_vat", "CHE-107.787.577 IVA")]
    [TestCase("CH", "CHE107787577", "ch_uid", "CHE-107.787.577")]
    [TestCase("NO", "995525828", "no_vat", "995525828MVA")]
    [TestCase("NO", "995525828MVA", "no_vat", "995525828MVA")]
    [TestCase("AU", "83914571673", "au_abn", "83914571673")]
    [TestCase("IN", "27AAPFU0939F1ZV", "in_gst", "27AAPFU0939F1ZV")]
    [TestCase("BR", "16727230000197", "br_cnpj", "16.727.230/0001-97")]
    [TestCase("BR", "39053344705", "br_cpf", "390.533.447-05")]
    [TestCase("ZA", "4220214157", "za_vat", "4220214157")]
    [TestCase("CA", "123026635", "ca_bn", "123026635")]
    [TestCase("CA", "123026635RT0001", "ca_gst_hst", "123026635RT0001")]
    public async Task Tax_ids_have_a_kind_and_a_form_of_their_own_at_Stripe(string country, string value, string type, string written)
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (call, _) =>
            Task.FromResult<HttpResponseMessage?>(call is { Method: "POST", Form.Count: 2 } ? Json("""{"id":"txi_9","object":"tax_id"}""") : null);

        await ((IUpdateCustomers)processor).UpdateAsync(Update(new() { TaxId = value, TaxIdCountry = country }), default);

        replies.Calls.Single(call => call is { Method: "POST", Form.Count: 2 }).Form.Select(field => field.Value).Should().Equal(type, written);
    }

    [Test]
    public async Task A_delivery_address_carries_the_name_on_the_parcel()
    {
        var (processor, replies, _) = Connect();
        var request = new UpdateCustomer
        {
            IdempotencyKey = "key-1",
            CustomerId = "cus_2Parcel",
            Name = "Ada Lovelace",
            ShippingAddress = new()
            {
                Line1 = "3 Mill Lane",
                City = "London",
                PostalCode = "N1 9GU",
                Country = "GB",
            },
        };

        var outcome = await ((IUpdateCustomers)processor).UpdateAsync(request, default);

        outcome.Should().BeOfType<Outcome.Succeeded>().Which.Record.Id.Should().Be("cus_2Parcel");
        replies.Calls.Should().ContainSingle().Which.Headers["Idempotency-Key"].Should().Be("key-1");
    }

    [TestCase("opt_in", true)]
    [TestCase("opt_out", null)]
    public async Task Agreeing_to_promotions_at_the_checkout_is_told_and_leaving_the_box_alone_is_not(string promotions, bool? consent)
    {
        var session = Thing("checkout.session.completed");
        session["consent"] = JsonNode.Parse($$"""{"promotions":"{{promotions}}","terms_of_service":null}""");

        var told = await Read("checkout.session.completed", session);

        told.OfType<OrderRecord>().Single().MarketingConsent.Should().Be(consent);
    }

    private static UpdateCustomer Update(TaxIdOnly taxId) =>
        new()
        {
            IdempotencyKey = "key-1",
            CustomerId = "cus_1Portal",
            TaxId = taxId.TaxId,
            TaxIdCountry = taxId.TaxIdCountry,
        };

    private async Task<List<string>> UpdateAsync(TaxIdOnly taxId)
    {
        var (processor, replies, _) = Connect();
        (await ((IUpdateCustomers)processor).UpdateAsync(Update(taxId), default)).Should().BeOfType<Outcome.Succeeded>();
        return [.. replies.Calls.Select(call => $"{call.Method} {call.Address.AbsolutePath} {call.Body}")];
    }

    private sealed record TaxIdOnly
    {
        public string? TaxId { get; init; }
        public string? TaxIdCountry { get; init; }
    }

    [Test]
    public async Task The_document_is_fetched_without_the_key()
    {
        var (processor, replies, _) = Connect();
        await ((IProvideInvoiceFiles)processor).OpenAsync("in_1Portal", default);

        replies.Calls.Select(call => call.Address.Host).Should().Equal("api.stripe.com", "pay.stripe.com", "files.stripe.com");
        replies.Calls.Skip(1).Should().OnlyContain(call => !call.Headers.ContainsKey("Authorization"));
    }

    [TestCase("http://pay.stripe.com/x")]
    [TestCase("https://pay.stripe.com:8443/x")]
    [TestCase("https://pay.stripe.com.evil.example/x")]
    [TestCase("https://169.254.169.254/")]
    public async Task A_document_elsewhere_is_not_fetched(string link)
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (call, _) =>
            call.Address.Host == "api.stripe.com"
                ? Task.FromResult<HttpResponseMessage?>(Json($$"""{"id":"in_1","invoice_pdf":"{{link}}"}"""))
                : Nothing;

        var act = () => ((IProvideInvoiceFiles)processor).OpenAsync("in_1Portal", default);

        (await act.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.BadRequest);
        replies.Calls.Should().ContainSingle();
    }

    [Test]
    public async Task A_draft_has_no_document()
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (_, _) => Task.FromResult<HttpResponseMessage?>(Json("""{"id":"in_1","invoice_pdf":null}"""));

        var act = () => ((IProvideInvoiceFiles)processor).OpenAsync("in_1Portal", default);

        (await act.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.NotFound);
    }

    [Test]
    public async Task A_refused_card_is_an_answer()
    {
        var outcome = await Retry(
            """{"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","message":"Your card has insufficient funds."}}"""
        );

        outcome.Should().Be(new Outcome.Declined { Code = "insufficient_funds", BuyerMessage = "Your card has insufficient funds." });
    }

    [Test]
    public async Task A_bank_that_asks_sends_the_buyer_to_the_invoice()
    {
        var outcome = await Retry("""{"error":{"type":"card_error","code":"invoice_payment_intent_requires_action","message":"x"}}""", "open");

        outcome.Should().BeOfType<Outcome.RequiresAction>().Which.Page.Location.Host.Should().Be("invoice.stripe.com");
    }

    [Test]
    public async Task What_was_paid_meanwhile_is_a_success()
    {
        var outcome = await Retry("""{"error":{"type":"invalid_request_error","message":"Invoice is already paid"}}""", "paid", 400);

        outcome.Should().BeOfType<Outcome.Succeeded>().Which.Record.Should().BeOfType<PaymentRecord>().Which.Id.Should().Be("pi_1Portal");
    }

    [TestCase(CancelTiming.Immediately)]
    [TestCase(CancelTiming.AtPeriodEnd)]
    public async Task Canceling_what_is_canceled_succeeds(CancelTiming timing)
    {
        var (processor, replies, _) = Connect();
        var ended = Thing("customer.subscription.created");
        ended["status"] = "canceled";
        replies.Fault = (call, _) =>
            Task.FromResult<HttpResponseMessage?>(
                call.IsWrite ? Json("""{"error":{"type":"invalid_request_error","code":"resource_missing"}}""", 404) : Json(ended.ToJsonString())
            );

        var outcome = await ((ICancelSubscriptions)processor).CancelAsync(
            new()
            {
                IdempotencyKey = "key-1",
                SubscriptionId = "sub_1Portal",
                Timing = timing,
            },
            default
        );

        ((SubscriptionRecord)outcome.Should().BeOfType<Outcome.Succeeded>().Which.Record).State.Should().Be(SubscriptionState.Canceled);
    }

    [Test]
    public async Task A_change_that_waits_for_its_payment_sends_the_buyer_there()
    {
        var (processor, replies, _) = Connect();
        var waiting = Thing("customer.subscription.created");
        waiting["pending_update"] = new JsonObject { ["expires_at"] = 1785900000 };
        waiting["latest_invoice"] = Thing("invoice.payment_failed");
        replies.Fault = (call, _) => call.IsWrite ? Task.FromResult<HttpResponseMessage?>(Json(waiting.ToJsonString())) : Nothing;

        var outcome = await ((IChangePlans)processor).ChangeAsync(
            new()
            {
                IdempotencyKey = "key-1",
                SubscriptionId = "sub_1Portal",
                PlanId = "price_2Portal",
                ReturnTo = new Uri("https://portal.example/"),
            },
            default
        );

        outcome.Should().BeOfType<Outcome.RequiresAction>();
    }

    [Test]
    public async Task A_short_wait_is_waited_and_a_long_one_handed_on()
    {
        var (processor, replies, clock) = Connect();
        var waits = new Queue<string>(["2", "120"]);
        replies.Fault = (_, _) =>
        {
            var limited = Json("""{"error":{"type":"rate_limit_error","code":"rate_limit"}}""", 429);
            limited.Headers.Add("Retry-After", waits.Dequeue());
            return Task.FromResult<HttpResponseMessage?>(limited);
        };

        var thrown = (await FluentActions.Awaiting(() => processor.CheckAsync(default)).Should().ThrowAsync<ProcessorException>()).Which;

        thrown.Fault.Should().Be(ProcessorFault.RateLimited);
        thrown.RetryAfter.Should().Be(TimeSpan.FromSeconds(120));
        clock.Waits.Should().ContainSingle().Which.TotalSeconds.Should().BeInRange(2, 2.5);
    }

    [Test]
    public async Task Stripes_own_advice_on_retrying_comes_first()
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (_, _) =>
        {
            var broken = Json("""{"error":{"type":"api_error"}}""", 500);
            broken.Headers.Add("Stripe-Should-Retry", "false");
            return Task.FromResult<HttpResponseMessage?>(broken);
        };

        await FluentActions.Awaiting(() => processor.CheckAsync(default)).Should().ThrowAsync<ProcessorException>();

        replies.Calls.Should().ContainSingle();
    }

    [Test]
    public async Task A_reply_too_large_to_hold_is_cut_off()
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (_, _) =>
            Task.FromResult<HttpResponseMessage?>(Json($$"""{"object":"list","data":[],"filler":"{{new string('x', 17 * 1024 * 1024)}}"}"""));

        var thrown = (await FluentActions.Awaiting(() => processor.CheckAsync(default)).Should().ThrowAsync<ProcessorException>()).Which;

        thrown.Fault.Should().Be(ProcessorFault.NoReply);
    }

    [TestCase("MGA", 1250)]
    [TestCase("UGX", 5)]
    public async Task A_refund_is_sent_in_Stripes_own_units(string currency, long minor)
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (call, _) =>
            Task.FromResult<HttpResponseMessage?>(
                Json(
                    $$"""{"id":"re_1","object":"refund","payment_intent":"pi_1","status":"pending","currency":"{{currency.ToLowerInvariant()}}","amount":{{call.Form.Single(
                        field => field.Key == "amount"
                    ).Value}}}"""
                )
            );
        var refund = () =>
            ((IRefundPayments)processor).RefundAsync(
                new()
                {
                    IdempotencyKey = "key-1",
                    PaymentId = "pi_1",
                    Amount = new Money(minor, currency),
                },
                default
            );

        if (currency == "MGA")
        {
            (await refund.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.BadRequest);
            replies.Calls.Should().BeEmpty("nothing that cannot be told exactly is sent");
        }
        else
        {
            var told = (RefundRecord)(await refund()).Should().BeOfType<Outcome.Succeeded>().Which.Record;
            told.Amount.Should().Be(new Money(minor, currency));
            replies.Calls.Single().Form.Should().Contain(KeyValuePair.Create("amount", "500"));
        }
    }

    [Test]
    public async Task A_key_of_the_other_mode_is_refused_before_it_is_used()
    {
        var (processor, replies, _) = Connect(new Dictionary<string, string>(Settings) { ["apiKey"] = "sk_live_canary" });

        var thrown = (await FluentActions.Awaiting(() => processor.CheckAsync(default)).Should().ThrowAsync<ProcessorException>()).Which;

        thrown.Fault.Should().Be(ProcessorFault.BadCredentials);
        replies.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task A_deletion_carries_no_key_so_it_is_sent_once()
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (_, _) => throw new HttpRequestException(HttpRequestError.ResponseEnded);
        var cancel = () =>
            ((ICancelSubscriptions)processor).CancelAsync(
                new()
                {
                    IdempotencyKey = "key-1",
                    SubscriptionId = "sub_1Portal",
                    Timing = CancelTiming.Immediately,
                },
                default
            );

        (await cancel.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.NoReply);
        replies.Calls.Should().ContainSingle();
    }

    [TestCase(true, 1786000000, "cancel_at_period_end", "false")]
    [TestCase(false, 1786000000, "cancel_at", "")]
    [TestCase(false, null, null, null)]
    public async Task A_cancellation_is_undone_the_way_it_was_scheduled(bool withPeriod, long? at, string? field, string? value)
    {
        var (processor, replies, _) = Connect();
        var subscription = Thing("customer.subscription.created");
        subscription["cancel_at_period_end"] = withPeriod;
        subscription["cancel_at"] = at;
        replies.Fault = (_, _) => Task.FromResult<HttpResponseMessage?>(Json(subscription.ToJsonString()));

        var outcome = await ((IUndoCancellations)processor).UndoCancelAsync(
            new() { IdempotencyKey = "key-1", SubscriptionId = "sub_1Portal" },
            default
        );

        outcome.Should().BeOfType<Outcome.Succeeded>();
        var sent = replies.Calls.Where(call => call.IsWrite).SelectMany(call => call.Form).Where(pair => pair.Key != "expand[]");
        sent.Select(pair => (pair.Key, pair.Value)).Should().Equal(field is null ? [] : [(field, value!)]);
    }

    [Test]
    public async Task What_has_ended_cannot_be_undone()
    {
        var (processor, replies, _) = Connect();
        var subscription = Thing("customer.subscription.created");
        subscription["status"] = "canceled";
        replies.Fault = (_, _) => Task.FromResult<HttpResponseMessage?>(Json(subscription.ToJsonString()));

        var outcome = await ((IUndoCancellations)processor).UndoCancelAsync(
            new() { IdempotencyKey = "key-1", SubscriptionId = "sub_1Portal" },
            default
        );

        outcome.Should().BeOfType<Outcome.Declined>();
        replies.Calls.Should().NotContain(call => call.IsWrite);
    }

    [TestCase("active", true)]
    [TestCase("paused", false)]
    public async Task A_trial_paused_for_want_of_a_method_is_resumed_at_its_own_address(string after, bool done)
    {
        var (processor, replies, _) = Connect();
        var subscription = Thing("customer.subscription.created");
        replies.Fault = (call, _) =>
        {
            subscription["status"] = call.IsWrite ? after : "paused";
            return Task.FromResult<HttpResponseMessage?>(Json(subscription.ToJsonString()));
        };

        var outcome = await ((IPauseSubscriptions)processor).ResumeAsync(new() { IdempotencyKey = "key-1", SubscriptionId = "sub_1Portal" }, default);

        replies.Calls[^1].Address.AbsolutePath.Should().Be("/v1/subscriptions/sub_1Portal/resume");
        (outcome is Outcome.Succeeded).Should().Be(done);
        (outcome is Outcome.Pending).Should().Be(!done);
    }

    [TestCase(1785200000, "1785283200")]
    [TestCase(1785300000, "1785300000")]
    public async Task A_plan_change_is_prorated_from_midnight_or_from_the_period(long periodStart, string expected)
    {
        var (processor, replies, _) = Connect();
        var subscription = Thing("customer.subscription.created");
        subscription["items"]!["data"]![0]!["current_period_start"] = periodStart;
        replies.Fault = (_, _) => Task.FromResult<HttpResponseMessage?>(Json(subscription.ToJsonString()));

        await ((IChangePlans)processor).ChangeAsync(
            new()
            {
                IdempotencyKey = "key-1",
                SubscriptionId = "sub_1Portal",
                PlanId = "price_2Portal",
                ReturnTo = new Uri("https://portal.example/"),
            },
            default
        );

        replies.Calls[^1].Form.Should().Contain(KeyValuePair.Create("proration_date", expected));
    }

    [Test]
    public async Task A_subscription_with_several_items_is_not_changed()
    {
        var (processor, replies, _) = Connect();
        var subscription = Thing("customer.subscription.created");
        subscription["items"]!["data"]!.AsArray().Add(subscription["items"]!["data"]![0]!.DeepClone());
        replies.Fault = (_, _) => Task.FromResult<HttpResponseMessage?>(Json(subscription.ToJsonString()));
        var change = () =>
            ((IChangePlans)processor).ChangeAsync(
                new()
                {
                    IdempotencyKey = "key-1",
                    SubscriptionId = "sub_1Portal",
                    PlanId = "price_2Portal",
                    ReturnTo = new Uri("https://portal.example/"),
                },
                default
            );

        (await change.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.BadRequest);
        replies.Calls.Should().NotContain(call => call.IsWrite);
    }

    [Test]
    public async Task Once_Stripe_is_silent_a_delivery_asks_no_more()
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError);

        var told = await ((IReceiveWebhooks)processor).ReadAsync(
            Delivered("customer.subscription.created", Thing("customer.subscription.created")),
            default
        );

        told.Should().ContainSingle();
        replies.Calls.Select(call => call.Address.AbsolutePath).Distinct().Should().ContainSingle();
    }

    [Test]
    public async Task Storing_a_method_at_checkout_is_no_order()
    {
        var session = Thing("checkout.session.completed");
        session["mode"] = "setup";

        (await Read("checkout.session.completed", session)).Should().BeEmpty();
    }

    [Test]
    public async Task A_name_told_twice_is_not_read()
    {
        var body = """{"id":"evt_1","object":"event","type":"plan.created","type":"invoice.paid","created":1785300000}"""u8.ToArray();
        var delivery = (Delivery.Verified)await Webhooks.VerifyAsync(Sign(body, WebhookSecret, Now), default);

        delivery.EventType.Should().Be("unreadable");
        delivery.DeliveryId.Should().StartWith("sha256:");
        await FluentActions.Awaiting(() => Webhooks.ReadAsync(Request(body, ""), default)).Should().ThrowAsync<FormatException>();
    }

    [Test]
    public async Task What_the_lists_leave_out_comes_from_the_events()
    {
        var (processor, replies, _) = Connect();
        var deleted = JsonNode.Parse(File.ReadAllBytes(Own("Events/customer.deleted.json")))!;
        var attached = JsonNode.Parse(File.ReadAllBytes(Own("Events/payment_method.attached.json")))!;
        var listed = JsonNode.Parse(File.ReadAllBytes(Own("Events/refund.updated.json")))!;
        var events = new JsonObject { ["has_more"] = false, ["data"] = new JsonArray(deleted, attached, listed) }.ToJsonString();
        replies.Fault = (call, _) =>
            Task.FromResult<HttpResponseMessage?>(Json(call.Address.AbsolutePath == "/v1/events" ? events : """{"has_more":false,"data":[]}"""));
        var records = new List<ProcessorRecord>();
        await foreach (var record in ((IListRecords)processor).ListAsync(Samples.ChangedSince, default))
            records.Add(record);

        records.Select(record => record.GetType()).Should().Equal(typeof(CustomerRecord), typeof(PaymentMethodRecord));
        records.OfType<CustomerRecord>().Single().Deleted.Should().BeTrue();
    }

    [Test]
    public async Task Removing_what_is_gone_succeeds()
    {
        var (processor, replies, _) = Connect();
        var method = Thing("payment_method.detached");
        replies.Fault = (call, _) =>
            Task.FromResult<HttpResponseMessage?>(
                call.IsWrite ? Json("""{"error":{"type":"invalid_request_error"}}""", 400) : Json(method.ToJsonString())
            );

        var outcome = await ((IRemovePaymentMethods)processor).RemoveAsync(
            new() { IdempotencyKey = "key-1", PaymentMethodId = "pm_1Portal" },
            default
        );

        ((PaymentMethodRecord)outcome.Should().BeOfType<Outcome.Succeeded>().Which.Record).Removed.Should().BeTrue();
    }

    [Test]
    public async Task A_refund_of_what_is_refunded_is_declined()
    {
        var (processor, replies, _) = Connect();
        replies.Fault = (_, _) =>
            Task.FromResult<HttpResponseMessage?>(
                Json(
                    """{"error":{"type":"invalid_request_error","code":"charge_already_refunded","message":"Charge ch_1 has already been refunded."}}""",
                    400
                )
            );

        var outcome = await ((IRefundPayments)processor).RefundAsync(
            new()
            {
                IdempotencyKey = "key-1",
                PaymentId = "pi_1",
                Amount = new Money(5, "EUR"),
            },
            default
        );

        outcome.Should().Be(new Outcome.Declined { Code = "charge_already_refunded" });
    }

    private static Task<HttpResponseMessage?> Nothing => Task.FromResult<HttpResponseMessage?>(null);

    private IReceiveWebhooks Webhooks => (IReceiveWebhooks)Connect().Processor;

    private async Task<Outcome> Retry(string refusal, string status = "open", int code = 402)
    {
        var (processor, replies, _) = Connect();
        var invoice = Thing("invoice.paid");
        invoice["status"] = status;
        replies.Fault = (call, _) =>
            call.IsWrite ? Task.FromResult<HttpResponseMessage?>(Json(refusal, code))
            : call.Address.AbsolutePath == "/v1/invoices/in_1Portal" ? Task.FromResult<HttpResponseMessage?>(Json(invoice.ToJsonString()))
            : Nothing;
        return await ((IRetryPayments)processor).RetryAsync(
            new()
            {
                IdempotencyKey = "key-1",
                PaymentId = "pi_1Portal",
                InvoiceId = "in_1Portal",
            },
            default
        );
    }

    private async Task<IReadOnlyList<ProcessorRecord>> Told(string type, bool reachable = true) =>
        await Read(type, Thing(type), reachable, Before(type));

    private async Task<IReadOnlyList<ProcessorRecord>> Read(string type, JsonObject thing, bool reachable = true, string? before = null)
    {
        var (processor, replies, _) = Connect();
        if (!reachable)
            replies.Fault = (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError);
        var records = await ((IReceiveWebhooks)processor).ReadAsync(Delivered(type, thing, before), default);
        replies.Mistakes.Should().BeEmpty();
        return records;
    }

    private WebhookRequest Delivered(string type, JsonObject thing, string? before = null)
    {
        var like = Own($"Events/{type}.json");
        var created = File.Exists(like) ? (long)JsonNode.Parse(File.ReadAllBytes(like))!["created"]! : Happened.ToUnixTimeSeconds();
        var envelope = new JsonObject
        {
            ["id"] = "evt_1",
            ["object"] = "event",
            ["type"] = type,
            ["created"] = created,
            ["livemode"] = false,
            ["data"] = new JsonObject { ["object"] = thing.DeepClone(), ["previous_attributes"] = before is null ? null : JsonNode.Parse(before) },
        };
        return Sign(Encoding.UTF8.GetBytes(envelope.ToJsonString()), WebhookSecret, Now);
    }

    private static JsonObject Thing(string type) =>
        JsonNode.Parse(File.ReadAllBytes(Own($"Events/{type}.json")))!["data"]!["object"]!.AsObject().DeepClone().AsObject();

    private static string? Before(string type) =>
        JsonNode.Parse(File.ReadAllBytes(Own($"Events/{type}.json")))!["data"]!["previous_attributes"]?.ToJsonString();

    private static byte[] Edit(byte[] body, Action<JsonNode> edit)
    {
        var node = JsonNode.Parse(body)!;
        edit(node);
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    private static HttpResponseMessage Json(string text, int status = 200) =>
        new((System.Net.HttpStatusCode)status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    private static string Own(string path) => Path.Combine(Repository.Root, "tests", "Portal.PluginTests", "Stripe", path);

    private static IEnumerable<byte[]> Files(string? folder, string pattern = "*.json") =>
        folder is null ? [] : Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    private static string Mac(byte[] body, string secret, string timestamp) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(timestamp + "."), .. body]));

    private static WebhookRequest Request(byte[] body, string signature) =>
        new()
        {
            Body = body,
            Headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["Stripe-Signature"] = [signature] },
        };
}
