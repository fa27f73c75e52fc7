using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Portal.Processors;

namespace Portal.SimulatorTests;

public sealed class FaultTests
{
    private const string Cancel = "subscriptions.cancel";
    private Sandbox sandbox = null!;
    private SubscriptionRecord monthly = null!;

    [SetUp]
    public async Task StartAsync()
    {
        sandbox = await Sandbox.StartAsync();
        monthly = await sandbox.MonthlyAsync();
    }

    [TearDown]
    public async Task StopAsync() => await sandbox.DisposeAsync();

    [Test]
    public async Task A_lost_reply_is_settled_by_the_books_and_never_done_twice()
    {
        var key = Sandbox.NextKey();
        await sandbox.FaultAsync(Cancel, "lost_reply", times: 1);
        (await FaultOfAsync(key)).Should().Be(ProcessorFault.NoReply);
        var found = await sandbox.FindAsync<SubscriptionRecord>(RecordKind.Subscription, monthly.Id);
        found.WillCancel.Should().BeTrue("it was done");
        (await CancelAsync(key)).Should().BeOfType<Outcome.Succeeded>().Which.Record.Should().Be(found);
        await sandbox.SettleAsync();
        sandbox.Receiver.Verified.Should().ContainSingle();
        var command = (await sandbox.LedgerAsync()).GetProperty("commands").EnumerateArray().Single();
        command.GetProperty("idempotency_key").GetString().Should().Be(key);
        command.GetProperty("repeated").GetInt32().Should().Be(1);
    }

    [TestCase("lost_reply")]
    [TestCase("drop_before")]
    public async Task A_closed_connection_is_no_answer_at_all(string fault)
    {
        await sandbox.FaultAsync("orders.list", fault, times: 1);
        var raw = () => sandbox.Http.GetAsync(new Uri("/v1/orders", UriKind.Relative));
        await raw.Should().ThrowAsync<HttpRequestException>();
    }

    [Test]
    public async Task A_connection_closed_before_leaves_no_trace()
    {
        await sandbox.FaultAsync(Cancel, "drop_before", times: 1);
        (await FaultOfAsync(Sandbox.NextKey())).Should().Be(ProcessorFault.NoReply, "the caller cannot tell it from a lost reply");
        (await sandbox.FindAsync<SubscriptionRecord>(RecordKind.Subscription, monthly.Id)).WillCancel.Should().BeFalse();
        (await sandbox.LedgerAsync()).GetProperty("commands").GetArrayLength().Should().Be(0);
    }

    [TestCase("error500", ProcessorFault.NoReply, false)]
    [TestCase("html502", ProcessorFault.NoReply, false)]
    [TestCase("rate_limited", ProcessorFault.RateLimited, false)]
    [TestCase("truncated", ProcessorFault.NoReply, true)]
    public async Task A_fault_says_what_to_do_next(string fault, ProcessorFault expected, bool done)
    {
        await sandbox.FaultAsync(Cancel, fault, times: 1);
        (await FaultOfAsync(Sandbox.NextKey())).Should().Be(expected);
        (await sandbox.FindAsync<SubscriptionRecord>(RecordKind.Subscription, monthly.Id)).WillCancel.Should().Be(done);
        (await CancelAsync(Sandbox.NextKey())).Should().BeOfType<Outcome.Succeeded>("it was to fail once");
    }

    [TestCase("error500")]
    [TestCase("html502")]
    [TestCase("truncated")]
    [TestCase("drop_before")]
    [TestCase("lost_reply")]
    public async Task A_read_can_always_be_repeated(string fault)
    {
        await sandbox.FaultAsync("subscriptions.get", fault);
        var read = () => sandbox.FindAsync<SubscriptionRecord>(RecordKind.Subscription, monthly.Id);
        (await read.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.NotSent);
    }

    [Test]
    public async Task Rate_limits_say_how_long()
    {
        await sandbox.PostAsync(
            "/v1/faults",
            new
            {
                operation = "*",
                fault = "rate_limited",
                retry_after = 120,
            }
        );
        var call = () => sandbox.Plugin.CheckAsync(CancellationToken.None);
        (await call.Should().ThrowAsync<ProcessorException>()).Which.RetryAfter.Should().Be(TimeSpan.FromSeconds(120));
    }

    [Test]
    public async Task A_decline_is_an_answer_and_stays_one()
    {
        var key = Sandbox.NextKey();
        await sandbox.FaultAsync(Cancel, "decline", times: 1);
        (await CancelAsync(key)).Should().BeOfType<Outcome.Declined>().Which.Code.Should().Be("card_declined");
        (await CancelAsync(key)).Should().BeOfType<Outcome.Declined>("the same key has the same answer");
        (await CancelAsync(Sandbox.NextKey())).Should().BeOfType<Outcome.Succeeded>();
    }

    [Test]
    public async Task A_pending_command_is_decided_by_webhook()
    {
        await sandbox.FaultAsync(Cancel, "pending");
        (await CancelAsync(Sandbox.NextKey())).Should().BeOfType<Outcome.Pending>();
        await sandbox.SettleAsync();
        sandbox.Receiver.Verified.Single().Records.OfType<SubscriptionRecord>().Single().WillCancel.Should().BeTrue();
    }

    [Test]
    public async Task Wrong_amounts_are_in_the_reply_only()
    {
        await sandbox.FaultAsync("subscriptions.get", "wrong_amount", times: 1);
        var wrong = await sandbox.FindAsync<SubscriptionRecord>(RecordKind.Subscription, monthly.Id);
        wrong.Price.Should().Be(new Money(19000, "EUR"));
        (await sandbox.FindAsync<SubscriptionRecord>(RecordKind.Subscription, monthly.Id)).Price.Should().Be(new Money(1900, "EUR"));
    }

    [Test]
    public async Task A_delay_outlasting_the_caller_is_no_reply()
    {
        await sandbox.PostAsync(
            "/v1/faults",
            new
            {
                operation = Cancel,
                fault = "delay",
                delay_ms = 700,
            }
        );
        var since = Stopwatch.GetTimestamp();
        (await CancelAsync(Sandbox.NextKey())).Should().BeOfType<Outcome.Succeeded>();
        Stopwatch.GetElapsedTime(since).Should().BeGreaterThan(TimeSpan.FromMilliseconds(650));
        var impatient = (ICancelSubscriptions)sandbox.Connect(timeout: TimeSpan.FromMilliseconds(150));
        var call = () => impatient.CancelAsync(Request(Sandbox.NextKey()), CancellationToken.None);
        (await call.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.NoReply);
    }

    [Test]
    public async Task A_caller_who_gives_up_is_not_told_a_fault()
    {
        await sandbox.PostAsync(
            "/v1/faults",
            new
            {
                operation = "*",
                fault = "delay",
                delay_ms = 5000,
            }
        );
        using var patience = new CancellationTokenSource(100);
        var call = () => sandbox.As<ICancelSubscriptions>().CancelAsync(Request(Sandbox.NextKey()), patience.Token);
        await call.Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Nobody_there_means_not_sent()
    {
        var nobody = (ICancelSubscriptions)sandbox.Connect(address: new Uri("http://127.0.0.1:1"));
        var call = () => nobody.CancelAsync(Request(Sandbox.NextKey()), CancellationToken.None);
        (await call.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.NotSent);
    }

    [Test]
    public async Task Refusals_of_the_request_have_their_own_faults()
    {
        var stranger = () => sandbox.Connect(apiKey: "wrong-key-canary").CheckAsync(CancellationToken.None);
        var refused = (await stranger.Should().ThrowAsync<ProcessorException>()).Which;
        refused.Fault.Should().Be(ProcessorFault.BadCredentials);
        refused.ToString().Should().NotContain("canary");

        var unknown = () =>
            sandbox.As<IRetryPayments>().RetryAsync(new() { IdempotencyKey = Sandbox.NextKey(), PaymentId = "nope/../x?" }, CancellationToken.None);
        (await unknown.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.NotFound);
        (await sandbox.As<IListRecords>().FindAsync(RecordKind.Order, "nope", CancellationToken.None)).Should().BeNull();

        var key = Sandbox.NextKey();
        await CancelAsync(key);
        var reused = () =>
            sandbox.As<ICancelSubscriptions>().CancelAsync(Request(key) with { Timing = CancelTiming.Immediately }, CancellationToken.None);
        (await reused.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.BadRequest);
    }

    [Test]
    public async Task Switches_are_listed_and_cleared()
    {
        await sandbox.FaultAsync(Cancel, "decline");
        await sandbox.FaultAsync("*", "delay");
        var state = await sandbox.Http.GetFromJsonAsync<System.Text.Json.JsonElement>("/v1/faults");
        state.GetProperty("on").EnumerateArray().Select(one => one.GetProperty("operation").GetString()).Should().BeEquivalentTo([Cancel, "*"]);
        using var unknown = await sandbox.Http.PostAsJsonAsync("/v1/faults", new { operation = "subscriptions.cancle", fault = "decline" });
        unknown.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await sandbox.Http.DeleteAsync(new Uri("/v1/faults", UriKind.Relative))).Dispose();
        (await CancelAsync(Sandbox.NextKey())).Should().BeOfType<Outcome.Succeeded>();
    }

    private CancelSubscription Request(string key) =>
        new()
        {
            IdempotencyKey = key,
            SubscriptionId = monthly.Id,
            Timing = CancelTiming.AtPeriodEnd,
        };

    private Task<Outcome> CancelAsync(string key) => sandbox.As<ICancelSubscriptions>().CancelAsync(Request(key), CancellationToken.None);

    private async Task<ProcessorFault> FaultOfAsync(string key)
    {
        var call = () => CancelAsync(key);
        return (await call.Should().ThrowAsync<ProcessorException>()).Which.Fault;
    }
}
