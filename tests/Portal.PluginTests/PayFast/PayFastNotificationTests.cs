using System.Net;
using System.Net.Sockets;
using Portal.Processors;
using Portal.TestSupport;

namespace Portal.PluginTests.PayFast;

/// <summary>Notifications: who sent them, whether PayFast stands by them, what they say.</summary>
public sealed class PayFastNotificationTests
{
    private const string Validate = "POST /eng/query/validate";
    private const string Fetch = "GET /subscriptions/" + Itn.Token + "/fetch";
    private const string Active =
        """{"code":200,"status":"success","data":{"response":{"amount":69000,"cycles":0,"cycles_complete":1,"frequency":3,"run_date":"2026-03-03T00:00:00+02:00","status":1,"status_text":"ACTIVE"}}}""";

    private static readonly DateTimeOffset Midnight = new(2026, 2, 3, 0, 0, 0, TimeSpan.FromHours(2));

    private static async Task<Delivery> VerifyAsync(WebhookRequest request, string? passphrase = PayFastWire.Passphrase) =>
        await new PayFastWire().Connect(passphrase: passphrase).VerifyAsync(request, CancellationToken.None);

    private static async Task<IReadOnlyList<ProcessorRecord>> ReadAsync((string, string)[] fields, PayFastWire wire)
    {
        var records = await wire.Connect().ReadAsync(Itn.Signed(fields), CancellationToken.None);
        wire.IsSpent();
        return records;
    }

    private static PayFastWire Confirmed() => new PayFastWire().Answers(Validate, "VALID");

    [Test]
    public async Task A_signed_notification_is_verified_without_network()
    {
        var delivery = await VerifyAsync(Itn.Signed(Itn.OnceOff));

        delivery.Should().Be(new Delivery.Verified { DeliveryId = "2452165:COMPLETE", EventType = "itn.COMPLETE" });
    }

    [Test]
    public async Task A_renewal_with_its_token_second_is_verified() =>
        (await VerifyAsync(Itn.Signed(Itn.Renewal))).Should().BeOfType<Delivery.Verified>();

    [Test]
    public async Task A_cancellation_without_payment_id_is_known_by_its_bytes()
    {
        var first = (Delivery.Verified)await VerifyAsync(Itn.Signed(Itn.Canceled));
        var again = (Delivery.Verified)await VerifyAsync(Itn.Signed(Itn.Canceled));
        var other = (Delivery.Verified)await VerifyAsync(Itn.Signed(Itn.Canceled.With(("token", "ffffffff-1111"))));

        first.EventType.Should().Be("itn.CANCELLED");
        first.DeliveryId.Should().HaveLength(64).And.Be(again.DeliveryId).And.NotBe(other.DeliveryId);
    }

    [Test]
    public async Task Text_that_is_not_utf8_is_verified_as_it_came()
    {
        // md5sum of the body before &signature with &passphrase=Demo+Pass-phrase_1
        var body = "pf_payment_id=1&payment_status=COMPLETE&name_first=Zo%EB&merchant_id=10000100";

        var delivery = await VerifyAsync(Itn.Request(body + "&signature=f58a9c8247b57dc4630e1a020173bfa9"));

        delivery.Should().BeOfType<Delivery.Verified>();
    }

    [Test]
    public async Task The_senders_address_decides_nothing() =>
        (await VerifyAsync(Itn.Signed(Itn.OnceOff) with { Sender = IPAddress.Parse("203.0.113.9") })).Should().BeOfType<Delivery.Verified>();

    private static IEnumerable<TestCaseData> Forged()
    {
        var good = Itn.Signed(Itn.OnceOff).Text();
        yield return Case("another amount", good.Replace("690.00", "69.00", StringComparison.Ordinal));
        yield return Case("empty value dropped", good.Replace("item_description=&", "", StringComparison.Ordinal));
        yield return Case("no signature", good[..good.LastIndexOf('&')]);
        yield return Case("empty signature", good[..(good.LastIndexOf('=') + 1)]);
        yield return Case("short signature", good[..^1]);
        yield return Case("long signature", good + "0");
        yield return Case("field after the signature", good + "&amount_gross2=1");
        yield return Case("field told twice", good.Replace("m_payment_id=007", "m_payment_id=007&m_payment_id=007", StringComparison.Ordinal));
        yield return Case("signature told twice", good + good[good.LastIndexOf('&')..]);
        yield return Case("signature only", "signature=d41d8cd98f00b204e9800998ecf8427e");
        yield return Case("alphabetical order", Shuffled());
        yield return Case("empty body", "");
        yield return Case("json", """{"payment_status":"COMPLETE"}""");
        yield return Case("separators only", "&&&");
        yield return Case("no equals sign", "payment_status&signature=1");
        yield return Case("other passphrase", Itn.Signed(Itn.OnceOff, "Demo Pass-phrase_2").Text());
        yield return Case("empty passphrase", Itn.Signed(Itn.OnceOff, "").Text());
        yield return Case("other merchant", Itn.Signed(Itn.OnceOff.With(("merchant_id", "10000101"))).Text());
        yield return Case("no merchant", Itn.Signed(Itn.OnceOff[..^1]).Text());

        static TestCaseData Case(string name, string body) => new TestCaseData(body).SetArgDisplayNames(name);

        static string Shuffled()
        {
            var signature = Itn.Signed(Itn.OnceOff).Text();
            var sorted = Itn.OnceOff.OrderBy(field => field.Name, StringComparer.Ordinal).ToArray();
            return Itn.Parameters(sorted) + signature[signature.LastIndexOf('&')..];
        }
    }

    [SecurityCase("W1", "PayFast: what cannot be proved is rejected")]
    [TestCaseSource(nameof(Forged))]
    public async Task What_cannot_be_proved_is_rejected(string body)
    {
        var delivery = await VerifyAsync(Itn.Request(body));

        delivery.Should().BeOfType<Delivery.Rejected>().Which.Reason.Should().NotContain(PayFastWire.Passphrase);
    }

    [SecurityCase("W3", "PayFast: nothing is believed without a passphrase")]
    [TestCase(null)]
    [TestCase("")]
    [TestCase("  ")]
    public async Task Nothing_is_believed_without_a_passphrase(string? passphrase) =>
        (await VerifyAsync(Itn.Signed(Itn.OnceOff, passphrase ?? ""), passphrase)).Should().BeOfType<Delivery.Rejected>();

    [TestCase("01-itn-complete-sdk.form", "jt7NOE43FZPn", true)]
    [TestCase("03-itn-subscription-first-charge.form", PayFastWire.Passphrase, true)]
    [TestCase("04-itn-subscription-renewal-token-second.form", PayFastWire.Passphrase, true)]
    [TestCase("05-itn-cancelled.form", PayFastWire.Passphrase, true)]
    [TestCase("06-itn-tampered-amount-INVALID.form", PayFastWire.Passphrase, false)]
    public async Task Shared_samples_are_judged_right(string file, string passphrase, bool valid)
    {
        var delivery = await VerifyAsync(Itn.Request(PayFastSamples.Read(file)), passphrase);

        (delivery is Delivery.Verified).Should().Be(valid);
    }

    [TestCase(false, "https://www.payfast.co.za/eng/query/validate")]
    [TestCase(true, "https://sandbox.payfast.co.za/eng/query/validate")]
    public async Task Payfast_is_asked_with_the_parameters_as_they_came(bool test, string address)
    {
        var wire = new PayFastWire().Answers(Validate, "VALID\n");

        await wire.Connect(test).ReadAsync(Itn.Signed(Itn.OnceOff), CancellationToken.None);

        var asked = wire.Sent.Should().ContainSingle().Subject;
        asked.Address.AbsoluteUri.Should().Be(address);
        asked.Body.Should().Be(Itn.Parameters(Itn.OnceOff));
    }

    [Test]
    public async Task What_payfast_disowns_is_not_read()
    {
        var read = () => ReadAsync(Itn.OnceOff, new PayFastWire().Answers(Validate, "INVALID"));

        await read.Should().ThrowAsync<FormatException>();
    }

    private static IEnumerable<TestCaseData> Unconfirmed()
    {
        yield return new TestCaseData(
            new PayFastWire().Fails(Validate, new HttpRequestException(HttpRequestError.ConnectionError)),
            ProcessorFault.NotSent
        ).SetArgDisplayNames("unreachable");
        yield return new TestCaseData(new PayFastWire().Answers(Validate, "<html>VALID</html>"), ProcessorFault.NoReply).SetArgDisplayNames("html");
        yield return new TestCaseData(new PayFastWire().Answers(Validate, ""), ProcessorFault.NoReply).SetArgDisplayNames("empty");
        yield return new TestCaseData(new PayFastWire().Answers(Validate, "INVALID", 502), ProcessorFault.NoReply).SetArgDisplayNames("bad gateway");
        yield return new TestCaseData(new PayFastWire().Answers(Validate, "VALID", 302), ProcessorFault.NoReply).SetArgDisplayNames("redirect");
        yield return new TestCaseData(new PayFastWire().Answers(Validate, "slow down", 429), ProcessorFault.RateLimited).SetArgDisplayNames(
            "rate limit"
        );
    }

    [TestCaseSource(nameof(Unconfirmed))]
    public async Task What_cannot_be_confirmed_yet_is_tried_again(object wire, ProcessorFault fault)
    {
        var read = () => ReadAsync(Itn.OnceOff, (PayFastWire)wire);

        (await read.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(fault);
    }

    [Test]
    public async Task A_purchase_becomes_an_order_and_its_payment()
    {
        var records = await ReadAsync(Itn.OnceOff, Confirmed());

        var customer = new CustomerReference { Email = "zoe+shop@example.com", Name = "Zoë O'Nkosi" };
        records
            .Should()
            .BeEquivalentTo<ProcessorRecord>(
                [
                    new OrderRecord
                    {
                        Id = "2452165",
                        AsOf = PayFastWire.Now,
                        Customer = customer,
                        Reference = "007",
                        Total = new Money(69000, "ZAR"),
                        State = OrderState.Paid,
                        Reason = OrderReason.Purchase,
                        Lines = [new OrderLine { Name = "Gold plan (monthly)", Total = new Money(69000, "ZAR") }],
                    },
                    new PaymentRecord
                    {
                        Id = "2452165",
                        AsOf = PayFastWire.Now,
                        Customer = customer,
                        Amount = new Money(69000, "ZAR"),
                        State = PaymentState.Succeeded,
                        OrderId = "2452165",
                    },
                ],
                options => options.RespectingRuntimeTypes()
            );
    }

    [Test]
    public async Task A_first_charge_brings_the_subscription_with_it()
    {
        var records = await ReadAsync(Itn.FirstCharge, Confirmed().Answers(Fetch, Active));

        records
            .OfType<SubscriptionRecord>()
            .Should()
            .ContainSingle()
            .Which.Should()
            .BeEquivalentTo(
                new SubscriptionRecord
                {
                    Id = Itn.Token,
                    AsOf = PayFastWire.Now,
                    Customer = new CustomerReference { Email = "zoe+shop@example.com", Name = "Zoë O'Nkosi" },
                    Name = "Gold plan (monthly)",
                    State = SubscriptionState.Active,
                    Price = new Money(69000, "ZAR"),
                    Cycle = new BillingCycle { Unit = CycleUnit.Month },
                    StartedAt = Midnight,
                    CurrentPeriodEnd = Midnight.AddDays(28).AddHours(12),
                }
            );
        records.OfType<OrderRecord>().Should().ContainSingle().Which.Reason.Should().Be(OrderReason.SubscriptionStart);
        records.OfType<PaymentRecord>().Should().ContainSingle().Which.SubscriptionId.Should().Be(Itn.Token);
    }

    [Test]
    public async Task A_renewal_is_told_as_one()
    {
        var records = await ReadAsync(Itn.Renewal, Confirmed().Answers(Fetch, Active));

        var order = records.OfType<OrderRecord>().Should().ContainSingle().Subject;
        order.Reason.Should().Be(OrderReason.SubscriptionRenewal);
        order.SubscriptionId.Should().Be(Itn.Token);
        records.OfType<SubscriptionRecord>().Should().ContainSingle().Which.StartedAt.Should().BeNull();
    }

    [Test]
    public async Task A_late_renewal_does_not_revive_what_was_canceled()
    {
        var canceled = Active.Replace("\"status\":1,\"status_text\":\"ACTIVE\"", "\"status\":2", StringComparison.Ordinal);

        var records = await ReadAsync(Itn.Renewal, Confirmed().Answers(Fetch, canceled));

        records.OfType<SubscriptionRecord>().Should().ContainSingle().Which.State.Should().Be(SubscriptionState.Canceled);
    }

    private static IEnumerable<TestCaseData> Unavailable()
    {
        yield return Case("refused", wire => wire.Fails(Fetch, new HttpRequestException(HttpRequestError.ConnectionError)));
        yield return Case("outage page", wire => wire.Answers(Fetch, "<html>", 503));
        yield return Case("html with 200", wire => wire.Answers(Fetch, "<html>"));
        yield return Case("wrong credentials", wire => wire.Answers(Fetch, "{}", 401));
        yield return Case("rate limit", wire => wire.Answers(Fetch, "{}", 429));
        yield return Case("unknown status", wire => wire.Answers(Fetch, Active.Replace("\"status\":1", "\"status\":99", StringComparison.Ordinal)));
        yield return Case(
            "unknown frequency",
            wire => wire.Answers(Fetch, Active.Replace("\"frequency\":3", "\"frequency\":33", StringComparison.Ordinal))
        );

        static TestCaseData Case(string name, Func<PayFastWire, PayFastWire> fetch) =>
            new TestCaseData(fetch(Confirmed()), fetch(Confirmed())).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Unavailable))]
    public async Task A_payment_is_told_even_when_its_subscription_cannot_be_asked_for(object first, object renewal)
    {
        var started = await ReadAsync(Itn.FirstCharge, (PayFastWire)first);
        var renewed = await ReadAsync(Itn.Renewal, (PayFastWire)renewal);

        started.OfType<PaymentRecord>().Should().ContainSingle().Which.AsOf.Should().Be(PayFastWire.Now);
        started.OfType<SubscriptionRecord>().Should().ContainSingle().Which.AsOf.Should().Be(Midnight);
        renewed.OfType<PaymentRecord>().Should().ContainSingle().Which.State.Should().Be(PaymentState.Succeeded);
        renewed.OfType<SubscriptionRecord>().Should().ContainSingle().Which.AsOf.Should().Be(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Test]
    public async Task The_token_of_a_tokenisation_agreement_is_no_subscription()
    {
        var wire = Confirmed()
            .Answers(Fetch, """{"code":200,"status":"success","data":{"response":{"status":1,"status_reason":"","status_text":"ACTIVE"}}}""");

        var records = await ReadAsync(Itn.Renewal, wire);

        records.Should().HaveCount(2);
        records.OfType<OrderRecord>().Should().ContainSingle().Which.Reason.Should().Be(OrderReason.Purchase);
        records.OfType<PaymentRecord>().Should().ContainSingle().Which.SubscriptionId.Should().BeNull();
    }

    [Test]
    public async Task A_cancellation_ends_the_subscription_and_touches_no_payment()
    {
        var records = await ReadAsync(Itn.Canceled, Confirmed());

        var ended = records.Should().ContainSingle().Which.Should().BeOfType<SubscriptionRecord>().Subject;
        ended.Id.Should().Be(Itn.Token);
        ended.State.Should().Be(SubscriptionState.Canceled);
        ended.AsOf.Should().Be(PayFastWire.Now);
    }

    [TestCase("CANCELLED", OrderState.Canceled, PaymentState.Failed)]
    [TestCase("FAILED", OrderState.Failed, PaymentState.Failed)]
    [TestCase("PENDING", OrderState.Pending, PaymentState.Pending)]
    [TestCase("COMPLETE", OrderState.Paid, PaymentState.Succeeded)]
    public async Task States_are_told(string status, OrderState order, PaymentState payment)
    {
        var records = await ReadAsync(Itn.OnceOff.With(("payment_status", status)), Confirmed());

        records.OfType<OrderRecord>().Should().ContainSingle().Which.State.Should().Be(order);
        records.OfType<PaymentRecord>().Should().ContainSingle().Which.State.Should().Be(payment);
    }

    [Test]
    public async Task A_payment_only_moves_forward_in_whatever_order_its_notifications_are_read()
    {
        var dates = new List<DateTimeOffset>();
        foreach (var status in new[] { "PENDING", "FAILED", "COMPLETE" })
        {
            var records = await ReadAsync(Itn.OnceOff.With(("payment_status", status)), Confirmed());
            dates.Add(records.OfType<PaymentRecord>().Single().AsOf);
        }

        dates.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [TestCase("")]
    [TestCase("2452165")]
    public async Task A_buyer_who_turned_back_without_an_amount_leaves_nothing(string id) =>
        (await ReadAsync(Itn.OnceOff.With(("pf_payment_id", id), ("payment_status", "CANCELLED"), ("amount_gross", "")), Confirmed()))
            .Should()
            .BeEmpty();

    [Test]
    public async Task An_unknown_status_has_no_effect() =>
        (await ReadAsync(Itn.OnceOff.With(("payment_status", "MOONED")), Confirmed())).Should().BeEmpty();

    [TestCase("payment_status", "")]
    [TestCase("pf_payment_id", "")]
    [TestCase("amount_gross", "")]
    [TestCase("amount_gross", "690.005")]
    [TestCase("amount_gross", "-690.00")]
    [TestCase("amount_gross", "1,690.00")]
    [TestCase("amount_gross", "1e3")]
    [TestCase("amount_gross", "9999999999999999999999.00")]
    [TestCase("amount_gross", "R690")]
    public async Task What_is_confirmed_and_unreadable_is_parked(string field, string value)
    {
        var read = () => ReadAsync(Itn.OnceOff.With((field, value)), Confirmed());

        await read.Should().ThrowAsync<FormatException>();
    }

    [Test]
    public async Task A_refused_socket_counts_as_unreachable()
    {
        var refused = new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused));
        var read = () => ReadAsync(Itn.OnceOff, new PayFastWire().Fails(Validate, refused));

        (await read.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.NotSent);
    }
}
