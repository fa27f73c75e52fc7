using System.Net;
using System.Text.Json;
using Portal.Plugin.PayFast;
using Portal.Processors;

namespace Portal.PluginTests.PayFast;

/// <summary>Calls to PayFast's API: how they are signed, how answers are judged, what each command comes to.</summary>
public sealed class PayFastTests
{
    private const string Token = Itn.Token;
    private const string Fetch = "GET /subscriptions/" + Token + "/fetch";
    private const string Cancel = "PUT /subscriptions/" + Token + "/cancel";
    private const string Pause = "PUT /subscriptions/" + Token + "/pause";
    private const string Unpause = "PUT /subscriptions/" + Token + "/unpause";
    private const string Done = """{"code":200,"status":"success","data":{"response":true}}""";
    private const string FailedInside200 =
        """{"code":"400","status":"failed","data":{"response":false,"message":"Subscription cannot be paused, status is: CANCELLED"}}""";

    private static string Subscription(
        int status = 1,
        string text = "",
        int frequency = 3,
        string runDate = "2026-03-03T00:00:00+02:00",
        int complete = 1
    ) =>
        $$"""
            {"code":200,"status":"success","data":{"response":{"amount":1628,"cycles":14,"cycles_complete":{{complete}},
            "frequency":{{frequency}},"run_date":"{{runDate}}","status":{{status}},"status_reason":"","status_text":"{{text}}","token":"{{Token}}"} } }
            """;

    private static Task<Outcome> CancelAsync(PayFastWire wire, CancelTiming timing = CancelTiming.Immediately) =>
        wire.Connect()
            .CancelAsync(
                new CancelSubscription
                {
                    IdempotencyKey = "k",
                    SubscriptionId = Token,
                    Timing = timing,
                },
                CancellationToken.None
            );

    private static Task<Outcome> PauseAsync(PayFastWire wire, DateTimeOffset? until = null) =>
        wire.Connect()
            .PauseAsync(
                new PauseSubscription
                {
                    IdempotencyKey = "k",
                    SubscriptionId = Token,
                    Until = until,
                },
                CancellationToken.None
            );

    private static Task<Outcome> RefundAsync(PayFastWire wire, long cents, string currency = "ZAR", bool test = false) =>
        wire.Connect(test)
            .RefundAsync(
                new RefundPayment
                {
                    IdempotencyKey = "k",
                    PaymentId = "2452165",
                    Amount = new Money(cents, currency),
                },
                CancellationToken.None
            );

    private static async Task<ProcessorFault> FaultOf(Func<Task> call) => (await call.Should().ThrowAsync<ProcessorException>()).Which.Fault;

    [Test]
    public async Task A_sandbox_call_is_flagged_and_the_flag_is_not_signed()
    {
        var wire = new PayFastWire().Answers(Fetch, Subscription());

        await wire.Connect(test: true).FindAsync(RecordKind.Subscription, Token, CancellationToken.None);

        var sent = wire.Sent.Single();
        sent.Address.AbsoluteUri.Should().Be($"https://api.payfast.co.za/subscriptions/{Token}/fetch?testing=true");
        sent.Headers.Should()
            .Contain("merchant-id", PayFastWire.MerchantId)
            .And.Contain("version", "v1")
            .And.Contain("timestamp", "2026-02-03T10:11:12+02:00")
            .And.Contain("signature", "d05ffc25cec599cf8f92e75a48c26e47");
        sent.Headers.Values.Should().NotContain(value => value.Contains("pass", StringComparison.OrdinalIgnoreCase));
    }

    [Test]
    public async Task A_command_without_a_body_says_that_it_has_none()
    {
        var wire = new PayFastWire().Answers(Cancel, Done);

        await CancelAsync(wire);

        wire.Sent.Single().Length.Should().Be(0);
        wire.Sent.Single().Body.Should().BeEmpty();
    }

    [Test]
    public async Task A_commands_body_is_signed_with_its_headers()
    {
        var wire = new PayFastWire().Answers(Fetch, Subscription()).Answers(Pause, Done);

        await PauseAsync(wire);

        wire.Sent[1].Body.Should().Be("""{"cycles":1}""");
        // md5sum of: cycles=1&merchant-id=10000100&passphrase=Demo+Pass-phrase_1&timestamp=2026-02-03T10%3A11%3A12%2B02%3A00&version=v1
        wire.Sent[1].Headers["signature"].Should().Be("ea64764940a9f4b96f7f984e93cf65e2");
    }

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Case("wrong signature", 401, """{"code":401,"status":"failed","data":{"response":false}}""", ProcessorFault.BadCredentials);
        yield return Case("forbidden page", 403, "<html>", ProcessorFault.BadCredentials);
        yield return Case("401 inside 200", 200, """{"code":"401","status":"failed","data":{"response":false}}""", ProcessorFault.BadCredentials);
        yield return Case("429 inside 200", 200, """{"code":429,"status":"failed"}""", ProcessorFault.RateLimited);
        yield return Case("500 inside 200", 200, """{"code":500,"status":"failed"}""", ProcessorFault.NoReply);
        yield return Case("not found", 404, """{"code":404,"status":"failed"}""", ProcessorFault.NotFound);
        yield return Case("application error", 500, """{"code":500,"status":"failed"}""", ProcessorFault.NoReply);
        yield return Case("bad gateway", 502, "<html>", ProcessorFault.NoReply);
        yield return Case("redirect", 302, "", ProcessorFault.BadRequest);
        yield return Case("request timeout", 408, "", ProcessorFault.NoReply);
        yield return Case("html with 200", 200, "<html>", ProcessorFault.NoReply);
        yield return Case("half a reply", 200, """{"code":200,"status":"succ""", ProcessorFault.NoReply);
        yield return Case("empty reply", 200, "", ProcessorFault.NoReply);
        yield return Case("success that says false", 200, """{"code":200,"status":"success","data":{"response":false}}""", ProcessorFault.NoReply);

        static TestCaseData Case(string name, int status, string body, ProcessorFault fault) =>
            new TestCaseData(status, body, fault).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Faults))]
    public async Task A_commands_failure_says_what_to_do_next(int status, string body, ProcessorFault fault) =>
        (await FaultOf(() => CancelAsync(new PayFastWire().Answers(Cancel, body, status)))).Should().Be(fault);

    [TestCase(HttpRequestError.ConnectionError, ProcessorFault.NotSent)]
    [TestCase(HttpRequestError.NameResolutionError, ProcessorFault.NotSent)]
    [TestCase(HttpRequestError.SecureConnectionError, ProcessorFault.NotSent)]
    [TestCase(HttpRequestError.ResponseEnded, ProcessorFault.NoReply)]
    [TestCase(HttpRequestError.Unknown, ProcessorFault.NoReply)]
    public async Task A_lost_reply_is_not_taken_for_a_call_never_sent(HttpRequestError error, ProcessorFault fault) =>
        (await FaultOf(() => CancelAsync(new PayFastWire().Fails(Cancel, new HttpRequestException(error))))).Should().Be(fault);

    [Test]
    public async Task A_reply_that_breaks_off_or_comes_too_late_is_lost()
    {
        var late = new PayFastWire().Fails(Cancel, new TaskCanceledException("timeout"));
        var broken = new PayFastWire().Answers(
            Cancel,
            _ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new BrokenStream()) })
        );

        (await FaultOf(() => CancelAsync(late))).Should().Be(ProcessorFault.NoReply);
        (await FaultOf(() => CancelAsync(broken))).Should().Be(ProcessorFault.NoReply);
    }

    [Test]
    public async Task A_callers_own_cancellation_is_left_alone()
    {
        using var stop = new CancellationTokenSource();
        var wire = new PayFastWire().Answers(
            Fetch,
            async ct =>
            {
                await stop.CancelAsync();
                ct.ThrowIfCancellationRequested();
                return new HttpResponseMessage();
            }
        );
        var find = () => wire.Connect().FindAsync(RecordKind.Subscription, Token, stop.Token);

        await find.Should().ThrowAsync<OperationCanceledException>();
    }

    [TestCase(120, 120)]
    [TestCase(null, 300)]
    public async Task The_rate_limit_is_respected(int? told, int waits)
    {
        var wire = new PayFastWire().Answers(
            Cancel,
            """{"code":429,"status":"failed","data":{"response":false,"message":"Signature rate limit reached"}}""",
            429,
            told is { } seconds ? TimeSpan.FromSeconds(seconds) : null
        );

        var thrown = (await FluentActions.Awaiting(() => CancelAsync(wire)).Should().ThrowAsync<ProcessorException>()).Which;

        thrown.Fault.Should().Be(ProcessorFault.RateLimited);
        thrown.RetryAfter.Should().Be(TimeSpan.FromSeconds(waits));
    }

    [Test]
    public async Task Messages_tell_no_secret_no_token_and_no_reply()
    {
        var wire = new PayFastWire().Answers(Cancel, $"<html>{PayFastWire.Passphrase} secret-in-body", 500);

        var thrown = (await FluentActions.Awaiting(() => CancelAsync(wire)).Should().ThrowAsync<ProcessorException>()).Which;

        thrown
            .ToString()
            .Should()
            .NotContain(PayFastWire.Passphrase)
            .And.NotContain("secret-in-body")
            .And.NotContain(Token)
            .And.Contain("subscriptions/cancel");
    }

    [Test]
    public async Task Calls_go_one_at_a_time()
    {
        var open = new TaskCompletionSource<HttpResponseMessage>();
        var first = new PayFastWire().Answers(Cancel, _ => open.Task);
        var second = new PayFastWire().Answers(Fetch, Subscription());

        var canceling = CancelAsync(first);
        var finding = second.Connect().FindAsync(RecordKind.Subscription, Token, CancellationToken.None);
        second.Sent.Should().BeEmpty();
        open.SetResult(new HttpResponseMessage { Content = new StringContent(Done) });
        await Task.WhenAll(canceling, finding);

        second.Sent.Should().ContainSingle();
    }

    [Test]
    public async Task Credentials_are_proved_by_reading_the_books()
    {
        var wire = new PayFastWire().Answers("GET /transactions/history", "");

        await wire.Connect().CheckAsync(CancellationToken.None);

        wire.Sent.Single().Address.Query.Should().Be("?from=2026-02-03&to=2026-02-03&limit=1");
    }

    [Test]
    public async Task An_outage_page_proves_no_credentials()
    {
        var wire = new PayFastWire().Answers("GET /transactions/history", "<html>");

        (await FaultOf(() => wire.Connect().CheckAsync(CancellationToken.None))).Should().Be(ProcessorFault.NoReply);
    }

    [Test]
    public async Task A_failure_without_a_code_is_one()
    {
        var wire = new PayFastWire().Answers(Cancel, """{"status":"failed"}""").Answers(Fetch, Subscription());

        (await CancelAsync(wire)).Should().BeEquivalentTo(new Outcome.Declined { Code = "400" });
    }

    [Test]
    public async Task Refused_credentials_fail_the_check()
    {
        var wire = new PayFastWire().Answers("GET /transactions/history", "{}", 401);

        (await FaultOf(() => wire.Connect().CheckAsync(CancellationToken.None))).Should().Be(ProcessorFault.BadCredentials);
    }

    [TestCase(1, "ACTIVE", SubscriptionState.Active)]
    [TestCase(2, "CANCELLED", SubscriptionState.Canceled)]
    [TestCase(3, "PAUSED", SubscriptionState.Paused)]
    [TestCase(4, "COMPLETE", SubscriptionState.Expired)]
    [TestCase(5, "IN REVIEW", SubscriptionState.PastDue)]
    [TestCase(6, "FAILED", SubscriptionState.PastDue)]
    [TestCase(7, "SYSTEM PAUSED", SubscriptionState.PastDue)]
    [TestCase(1, "PAUSED", SubscriptionState.Paused)]
    [TestCase(1, "CANCELLED", SubscriptionState.Canceled)]
    [TestCase(2, "ACTIVE", SubscriptionState.Canceled)]
    [TestCase(1, "", SubscriptionState.Active)]
    public async Task Subscription_states_are_told(int number, string text, SubscriptionState state)
    {
        var wire = new PayFastWire().Answers(Fetch, Subscription(number, text));

        var found = (SubscriptionRecord)(await wire.Connect().FindAsync(RecordKind.Subscription, Token, CancellationToken.None))!;

        found.State.Should().Be(state);
        found.Price.Should().Be(new Money(1628, "ZAR"));
        found.CurrentPeriodEnd.HasValue.Should().Be(state == SubscriptionState.Active);
    }

    [Test]
    public async Task A_subscription_not_charged_yet_is_a_trial()
    {
        var wire = new PayFastWire().Answers(Fetch, Subscription(complete: 0));

        var found = (SubscriptionRecord)(await wire.Connect().FindAsync(RecordKind.Subscription, Token, CancellationToken.None))!;

        found.State.Should().Be(SubscriptionState.Trialing);
        found.TrialEnd.Should().Be(new DateTimeOffset(2026, 3, 3, 12, 0, 0, TimeSpan.FromHours(2)));
    }

    [TestCase(1, CycleUnit.Day, 1)]
    [TestCase(2, CycleUnit.Week, 1)]
    [TestCase(3, CycleUnit.Month, 1)]
    [TestCase(4, CycleUnit.Month, 3)]
    [TestCase(5, CycleUnit.Month, 6)]
    [TestCase(6, CycleUnit.Year, 1)]
    public void Frequencies_are_told(int frequency, CycleUnit unit, int count) =>
        PayFastRecords.Cycle(frequency).Should().Be(new BillingCycle { Unit = unit, Count = count });

    [Test]
    public async Task A_tokenisation_agreement_is_no_subscription()
    {
        var wire = new PayFastWire().Answers(
            Fetch,
            """{"code":200,"status":"success","data":{"response":{"status":1,"status_reason":"","status_text":"ACTIVE"}}}"""
        );

        (await wire.Connect().FindAsync(RecordKind.Subscription, Token, CancellationToken.None)).Should().BeNull();
    }

    [TestCase("../transactions")]
    [TestCase("..")]
    [TestCase("a?b")]
    [TestCase("a b")]
    [TestCase("")]
    public async Task An_id_cannot_lead_to_another_address(string id)
    {
        var wire = new PayFastWire();

        (await wire.Connect().FindAsync(RecordKind.Subscription, id, CancellationToken.None)).Should().BeNull();
        wire.Sent.Should().BeEmpty();
    }

    [Test]
    public async Task A_canceled_subscription_is_told()
    {
        var outcome = await CancelAsync(new PayFastWire().Answers(Cancel, Done));

        var record = outcome.Should().BeOfType<Outcome.Succeeded>().Which.Record;
        record.Should().BeOfType<SubscriptionRecord>().Which.State.Should().Be(SubscriptionState.Canceled);
    }

    [Test]
    public async Task A_change_is_newer_than_what_was_read_while_it_was_made()
    {
        var slow = new PayFastWire();
        slow.Answers(Cancel, _ => Reply(slow, Done));
        var reading = new PayFastWire();
        reading.Answers(Fetch, _ => Reply(reading, Subscription()));

        var canceled = (Outcome.Succeeded)await CancelAsync(slow);
        var read = await reading.Connect().FindAsync(RecordKind.Subscription, Token, CancellationToken.None);

        canceled.Record.AsOf.Should().Be(PayFastWire.Now.AddSeconds(9));
        read!.AsOf.Should().Be(PayFastWire.Now);

        static Task<HttpResponseMessage> Reply(PayFastWire wire, string body)
        {
            wire.Passed = TimeSpan.FromSeconds(9);
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent(body) });
        }
    }

    [Test]
    public async Task Payfasts_true_may_be_a_text() =>
        (await CancelAsync(new PayFastWire().Answers(Cancel, """{"code":200,"status":"success","data":{"response":"true"}}""")))
            .Should()
            .BeOfType<Outcome.Succeeded>();

    [TestCase(2, true)]
    [TestCase(4, true)]
    [TestCase(1, false)]
    public async Task Canceling_again_succeeds_where_it_is_canceled(int status, bool succeeds)
    {
        var wire = new PayFastWire().Answers(Cancel, FailedInside200).Answers(Fetch, Subscription(status));

        var outcome = await CancelAsync(wire);

        (outcome is Outcome.Succeeded).Should().Be(succeeds);
        (outcome as Outcome.Declined)?.Code.Should().Be("400");
        wire.IsSpent();
    }

    [Test]
    public async Task Payfast_does_not_cancel_at_the_end_of_a_period()
    {
        var wire = new PayFastWire();

        wire.Connect().Timings.Should().Be(CancelTiming.Immediately);
        (await FaultOf(() => CancelAsync(wire, CancelTiming.AtPeriodEnd))).Should().Be(ProcessorFault.BadRequest);
    }

    [TestCase(3, "2026-03-03", null, 1)]
    [TestCase(3, "2026-03-03", "2026-02-20", 1)]
    [TestCase(3, "2026-03-03", "2026-03-03", 1)]
    [TestCase(3, "2026-03-03", "2026-04-03", 1)]
    [TestCase(3, "2026-03-03", "2026-04-04", 2)]
    [TestCase(3, "2026-01-31", "2026-02-28", 1)]
    [TestCase(3, "2026-01-31", "2026-03-31", 2)]
    [TestCase(3, "2026-03-03", "2027-03-03", 12)]
    [TestCase(1, "2026-03-03", "2026-03-10", 7)]
    [TestCase(2, "2026-03-03", "2026-03-11", 2)]
    [TestCase(4, "2026-03-03", "2026-06-04", 2)]
    [TestCase(5, "2026-03-03", "2026-09-03", 1)]
    [TestCase(6, "2028-02-29", "2029-02-28", 1)]
    public void A_pause_leaves_out_every_charge_before_its_end(int frequency, string run, string? until, int cycles)
    {
        static DateTimeOffset Day(string day) => new(DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(2));

        PayFastProcessor.PausedCycles(PayFastRecords.Cycle(frequency), Day(run), until is null ? null : Day(until).AddHours(9)).Should().Be(cycles);
    }

    [Test]
    public async Task A_pause_says_when_it_ends_by_itself()
    {
        var wire = new PayFastWire().Answers(Fetch, Subscription()).Answers(Pause, Done);

        var outcome = await PauseAsync(wire, new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));

        wire.Sent[1].Body.Should().Be("""{"cycles":2}""");
        var paused = (SubscriptionRecord)outcome.Should().BeOfType<Outcome.Succeeded>().Which.Record;
        paused.State.Should().Be(SubscriptionState.Paused);
        paused.PausedUntil.Should().Be(new DateTimeOffset(2026, 5, 3, 12, 0, 0, TimeSpan.FromHours(2)));
    }

    [Test]
    public async Task What_is_paused_is_not_paused_further()
    {
        var wire = new PayFastWire().Answers(Fetch, Subscription(3));

        (await PauseAsync(wire)).Should().BeOfType<Outcome.Succeeded>();
        wire.IsSpent();
    }

    [Test]
    public async Task A_refused_pause_is_declined()
    {
        var wire = new PayFastWire().Answers(Fetch, Subscription()).Answers(Pause, FailedInside200).Answers(Fetch, Subscription(2));

        (await PauseAsync(wire)).Should().BeEquivalentTo(new Outcome.Declined { Code = "400" });
        wire.IsSpent();
    }

    [Test]
    public async Task A_pause_without_end_in_sight_is_declined()
    {
        var wire = new PayFastWire().Answers(Fetch, Subscription(frequency: 1));

        (await PauseAsync(wire, DateTimeOffset.MaxValue)).Should().BeOfType<Outcome.Declined>();
        wire.IsSpent();
    }

    [TestCase(Done, null)]
    [TestCase(FailedInside200, 1)]
    public async Task A_pause_is_lifted_once(string reply, int? status)
    {
        var wire = new PayFastWire().Answers(Unpause, reply);
        if (status is { } now)
        {
            wire.Answers(Fetch, Subscription(now));
        }

        var outcome = await wire.Connect()
            .ResumeAsync(new ResumeSubscription { IdempotencyKey = "k", SubscriptionId = Token }, CancellationToken.None);

        outcome
            .Should()
            .BeOfType<Outcome.Succeeded>()
            .Which.Record.Should()
            .BeOfType<SubscriptionRecord>()
            .Which.State.Should()
            .Be(SubscriptionState.Active);
        wire.IsSpent();
    }

    private const string RefundQuery = "GET /refunds/query/2452165";
    private const string Refund = "POST /refunds/2452165";

    private static string Refundable(int left, string method = "PAYMENT_SOURCE") =>
        $$$"""
            {"code":200,"status":"success","data":{"response":{"status":"REFUNDABLE","funding_type":"CC","amount_original":10000,
            "amount_available_for_refund":{{{left}}},"errors":[],"refund_full":{"method":"{{{method}}}"},"refund_partial":{"method":"{{{method}}}"} } } }
            """;

    [Test]
    public async Task A_refund_tells_how_much_was_given_back_altogether()
    {
        var wire = new PayFastWire().Answers(RefundQuery, Refundable(7000)).Answers(Refund, Done);

        var outcome = await RefundAsync(wire, 2500);

        var payment = (PaymentRecord)outcome.Should().BeOfType<Outcome.Succeeded>().Which.Record;
        payment.Amount.Should().Be(new Money(10000, "ZAR"));
        payment.Refunded.Should().Be(new Money(5500, "ZAR"));
        using var body = JsonDocument.Parse(wire.Sent[1].Body!);
        body.RootElement.GetProperty("amount").GetInt64().Should().Be(2500);
        body.RootElement.GetProperty("reason").GetString().Should().Be("Refund");
    }

    [Test]
    public async Task A_refund_query_without_envelope_is_read_too()
    {
        var wire = new PayFastWire()
            .Answers(RefundQuery, """{"status":"REFUNDABLE","amount_original":1000,"amount_available_for_refund":"500"}""")
            .Answers(Refund, Done);

        (await RefundAsync(wire, 500)).Should().BeOfType<Outcome.Succeeded>();
    }

    [TestCase(2000, "PAYMENT_SOURCE", "not_refundable")]
    [TestCase(7000, "BANK_PAYOUT", "BANK_PAYOUT")]
    [TestCase(7000, "NOT_AVAILABLE", "NOT_AVAILABLE")]
    public async Task What_cannot_be_refunded_is_declined_before_it_is_tried(int left, string method, string code)
    {
        var wire = new PayFastWire().Answers(RefundQuery, Refundable(left, method));

        (await RefundAsync(wire, 2500)).Should().BeEquivalentTo(new Outcome.Declined { Code = code });
        wire.IsSpent();
    }

    [Test]
    public async Task A_refund_whose_reply_is_lost_is_not_called_failed()
    {
        var wire = new PayFastWire().Answers(RefundQuery, Refundable(10000)).Fails(Refund, new HttpRequestException(HttpRequestError.ResponseEnded));

        (await FaultOf(() => RefundAsync(wire, 2500))).Should().Be(ProcessorFault.NoReply);
    }

    [TestCase(0, "ZAR", false)]
    [TestCase(-1, "ZAR", false)]
    [TestCase(100, "EUR", false)]
    [TestCase(100, "ZAR", true)]
    public async Task An_impossible_refund_is_never_sent(long cents, string currency, bool test)
    {
        var wire = new PayFastWire();

        (await FaultOf(() => RefundAsync(wire, cents, currency, test))).Should().Be(ProcessorFault.BadRequest);
        wire.Sent.Should().BeEmpty();
    }

    [Test]
    public async Task The_card_is_updated_on_payfasts_page()
    {
        var page = await new PayFastWire()
            .Answers(Fetch, Subscription(6))
            .Connect()
            .StartUpdateAsync(
                new UpdatePaymentMethod
                {
                    IdempotencyKey = "k",
                    SubscriptionId = Token,
                    ReturnTo = new Uri("https://shop.example/s/1?a=b&c=d e"),
                },
                CancellationToken.None
            );

        page.Location.AbsoluteUri.Should()
            .Be($"https://www.payfast.co.za/eng/recurring/update/{Token}?return=https%3A%2F%2Fshop.example%2Fs%2F1%3Fa%3Db%26c%3Dd%2520e");
    }

    [TestCase(2)]
    [TestCase(4)]
    public async Task No_card_is_updated_for_what_has_ended(int status)
    {
        var request = new UpdatePaymentMethod
        {
            IdempotencyKey = "k",
            SubscriptionId = Token,
            ReturnTo = new Uri("https://shop.example/"),
        };
        var wire = new PayFastWire().Answers(Fetch, Subscription(status));

        (await FaultOf(() => wire.Connect().StartUpdateAsync(request, CancellationToken.None))).Should().Be(ProcessorFault.BadRequest);
    }

    [Test]
    public async Task A_payment_whose_refunds_payfast_does_not_tell_is_told_without_them()
    {
        var wire = new PayFastWire()
            .Answers("GET /process/query/2452165", """{"status":"COMPLETE","amount":10000}""")
            .Answers(RefundQuery, "{}", 400);

        var payment = await wire.Connect().FindAsync(RecordKind.Payment, "2452165", CancellationToken.None);

        payment.Should().BeOfType<PaymentRecord>().Which.Refunded.Should().BeNull();
    }

    [Test]
    public async Task The_sandbox_updates_no_card()
    {
        var request = new UpdatePaymentMethod
        {
            IdempotencyKey = "k",
            SubscriptionId = Token,
            ReturnTo = new Uri("https://shop.example/"),
        };

        (await FaultOf(() => new PayFastWire().Connect(test: true).StartUpdateAsync(request, CancellationToken.None)))
            .Should()
            .Be(ProcessorFault.BadRequest);
    }

    [Test]
    public async Task A_payment_is_found_with_what_was_given_back()
    {
        var wire = new PayFastWire()
            .Answers(
                "GET /process/query/2452165",
                """{"code":200,"status":"success","data":{"response":{"pf_payment_id":2452165,"m_payment_id":7,"status":"COMPLETE","amount":10000,"cc_status":"00"},"message":"Success"}}"""
            )
            .Answers(RefundQuery, Refundable(7000));

        var payment = await wire.Connect().FindAsync(RecordKind.Payment, "2452165", CancellationToken.None);

        payment
            .Should()
            .BeEquivalentTo(
                new PaymentRecord
                {
                    Id = "2452165",
                    AsOf = PayFastWire.Now,
                    Amount = new Money(10000, "ZAR"),
                    Refunded = new Money(3000, "ZAR"),
                    State = PaymentState.Succeeded,
                    OrderId = "2452165",
                }
            );
    }

    [TestCase(404)]
    [TestCase(400)]
    public async Task A_payment_payfast_does_not_tell_of_is_not_found(int status)
    {
        var wire = new PayFastWire().Answers("GET /process/query/9", "{}", status);

        (await wire.Connect().FindAsync(RecordKind.Payment, "9", CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Kinds_payfast_has_no_books_of_are_not_asked_for()
    {
        var wire = new PayFastWire();

        (await wire.Connect().FindAsync(RecordKind.Invoice, "1", CancellationToken.None)).Should().BeNull();
        wire.Sent.Should().BeEmpty();
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new HttpIOException(HttpRequestError.ResponseEnded, "the end came early");
    }
}
