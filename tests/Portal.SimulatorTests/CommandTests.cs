using Portal.Processors;

namespace Portal.SimulatorTests;

public sealed class CommandTests
{
    private Sandbox sandbox = null!;

    [SetUp]
    public async Task StartAsync() => sandbox = await Sandbox.StartAsync();

    [TearDown]
    public async Task StopAsync() => await sandbox.DisposeAsync();

    [Test]
    public async Task A_cancellation_at_period_end_is_told_and_can_be_taken_back()
    {
        var monthly = await sandbox.MonthlyAsync();
        var canceled = Record<SubscriptionRecord>(await CancelAsync(monthly, CancelTiming.AtPeriodEnd));
        canceled.WillCancel.Should().BeTrue();
        canceled.CancelAt.Should().Be(monthly.CurrentPeriodEnd);
        canceled.AsOf.Should().BeAfter(monthly.AsOf);
        await sandbox.SettleAsync();
        Told<SubscriptionRecord>("subscription.updated").Should().Be(canceled);

        var undone = Record<SubscriptionRecord>(
            await sandbox
                .As<IUndoCancellations>()
                .UndoCancelAsync(new() { IdempotencyKey = Sandbox.NextKey(), SubscriptionId = monthly.Id }, CancellationToken.None)
        );
        undone.WillCancel.Should().BeFalse();
        undone.CancelAt.Should().BeNull();
        undone.AsOf.Should().BeAfter(canceled.AsOf);
        await sandbox.SettleAsync();
        Told<SubscriptionRecord>("subscription.updated").Should().Be(undone);
        sandbox.Receiver.Verified.Should().OnlyContain(one => ((Delivery.Verified)one.Delivery).TestMode == true);
    }

    [Test]
    public async Task A_cancellation_at_once_ends_it_and_may_be_repeated()
    {
        var monthly = await sandbox.MonthlyAsync();
        var ended = Record<SubscriptionRecord>(await CancelAsync(monthly, CancelTiming.Immediately));
        ended.State.Should().Be(SubscriptionState.Canceled);
        ended.EndedAt.Should().NotBeNull();
        Record<SubscriptionRecord>(await CancelAsync(monthly, CancelTiming.Immediately)).Should().Be(ended);
        var undo = await sandbox
            .As<IUndoCancellations>()
            .UndoCancelAsync(new() { IdempotencyKey = Sandbox.NextKey(), SubscriptionId = monthly.Id }, CancellationToken.None);
        undo.Should().BeOfType<Outcome.Declined>().Which.Code.Should().Be("subscription_canceled");
    }

    [Test]
    public async Task A_customers_details_are_taken_over_as_far_as_they_are_told()
    {
        var monthly = await sandbox.MonthlyAsync();
        var before = await sandbox.FindAsync<CustomerRecord>(RecordKind.Customer, monthly.Customer!.Id!);
        var address = new Address
        {
            Line1 = "2 Mill Lane",
            City = "London",
            PostalCode = "N1 9GU",
            Country = "GB",
        };

        var told = Record<CustomerRecord>(
            await UpdateAsync(
                new()
                {
                    IdempotencyKey = Sandbox.NextKey(),
                    CustomerId = before.Id,
                    Address = address,
                    Phone = "+442079460000",
                    TaxId = "GB980780684",
                }
            )
        );
        told.Address.Should().Be(address);
        told.Should().BeEquivalentTo(before, but => but.Excluding(customer => customer.Address).Excluding(customer => customer.AsOf));
        told.AsOf.Should().BeAfter(before.AsOf);
        await sandbox.SettleAsync();
        Told<CustomerRecord>("customer.updated").Should().Be(told);

        await UpdateAsync(
            new()
            {
                IdempotencyKey = Sandbox.NextKey(),
                CustomerId = before.Id,
                Address = new(),
                Phone = "",
            }
        );
        var row = (await sandbox.LedgerAsync())
            .GetProperty("customers")
            .EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == before.Id);
        row.TryGetProperty("phone", out var phone).Should().Be(phone.ValueKind == System.Text.Json.JsonValueKind.Null);
        row.TryGetProperty("address", out var gone).Should().Be(gone.ValueKind == System.Text.Json.JsonValueKind.Null);
        row.GetProperty("tax_id").GetString().Should().Be("GB980780684");

        Task<Outcome> UpdateAsync(UpdateCustomer request) => sandbox.As<IUpdateCustomers>().UpdateAsync(request, CancellationToken.None);
    }

    [Test]
    public async Task A_pause_ends_by_command_or_by_itself()
    {
        var monthly = await sandbox.MonthlyAsync();
        var until = monthly.CurrentPeriodEnd!.Value.AddDays(20);
        var pauses = sandbox.As<IPauseSubscriptions>();
        var paused = Record<SubscriptionRecord>(await PauseAsync(pauses, monthly, until));
        paused.State.Should().Be(SubscriptionState.Paused);
        paused.PausedUntil.Should().Be(until);
        var resumed = Record<SubscriptionRecord>(
            await pauses.ResumeAsync(new() { IdempotencyKey = Sandbox.NextKey(), SubscriptionId = monthly.Id }, CancellationToken.None)
        );
        resumed.State.Should().Be(SubscriptionState.Active);
        resumed.CurrentPeriodEnd.Should().Be(monthly.CurrentPeriodEnd, "what was paid for still counts");

        await PauseAsync(pauses, monthly, until);
        await sandbox.PostAsync("/v1/test/advance", new { to = until.AddHours(1) });
        var lifted = await sandbox.FindAsync<SubscriptionRecord>(RecordKind.Subscription, monthly.Id);
        lifted.State.Should().Be(SubscriptionState.Active);
        lifted.CurrentPeriodStart.Should().Be(until, "nothing is charged while it is paused");
        await sandbox.SettleAsync();
        sandbox.Receiver.Verified.Select(one => one.Type).Should().Contain(["subscription.paused", "subscription.resumed", "subscription.renewed"]);
    }

    [Test]
    public async Task A_quote_holds_when_the_plan_is_changed()
    {
        var monthly = await sandbox.MonthlyAsync();
        var plans = sandbox.As<IChangePlans>();
        var up = Change(monthly, "atelier-team-monthly-eur", 2);
        var quote = await plans.QuoteAsync(up, CancellationToken.None);
        quote.EachPeriod.Should().Be(new Money(9800, "EUR"));
        quote.DueNow.MinorUnits.Should().BeInRange(1, 7900);
        quote.Estimated.Should().BeFalse();

        var changed = Record<SubscriptionRecord>(await plans.ChangeAsync(up, CancellationToken.None));
        changed.PlanId.Should().Be("atelier-team-monthly-eur");
        changed.Quantity.Should().Be(2);
        changed.Price.Should().Be(quote.EachPeriod);
        changed.CurrentPeriodEnd.Should().Be(monthly.CurrentPeriodEnd);
        await sandbox.SettleAsync();
        var order = Told<OrderRecord>("order.paid");
        order.Reason.Should().Be(OrderReason.SubscriptionChange);
        order.Total.Should().Be(quote.DueNow);
        order.Lines.Sum(line => line.Total.MinorUnits).Should().Be(order.Total.MinorUnits);
    }

    [Test]
    public async Task What_a_cheaper_plan_leaves_over_is_taken_off_the_next_charge()
    {
        var monthly = await sandbox.MonthlyAsync();
        var plans = sandbox.As<IChangePlans>();
        var down = Change(monthly, "cloud-archive-monthly-eur", 1);
        var quote = await plans.QuoteAsync(down, CancellationToken.None);
        quote.DueNow.MinorUnits.Should().BeNegative();
        await plans.ChangeAsync(down, CancellationToken.None);
        await sandbox.PostAsync("/v1/test/advance", new { to = monthly.CurrentPeriodEnd!.Value.AddMinutes(1) });
        await sandbox.SettleAsync();
        var taken = Math.Min(490, -quote.DueNow.MinorUnits);
        sandbox
            .Receiver.Verified.SelectMany(one => one.Records)
            .OfType<OrderRecord>()
            .Single(order => order.SubscriptionId == monthly.Id)
            .Total.MinorUnits.Should()
            .Be(490 - taken);
    }

    [Test]
    public async Task Another_currency_is_refused()
    {
        var outcome = await sandbox
            .As<IChangePlans>()
            .ChangeAsync(Change(await sandbox.MonthlyAsync(), "atelier-team-monthly-usd", 1), CancellationToken.None);
        outcome.Should().BeOfType<Outcome.Declined>().Which.Code.Should().Be("currency_differs");
    }

    [Test]
    public async Task A_failed_payment_is_paid_on_retry_once()
    {
        var failed = await sandbox.FailedPaymentAsync();
        var retry = new RetryPayment { IdempotencyKey = Sandbox.NextKey(), PaymentId = failed.Id };
        var paid = Record<PaymentRecord>(await sandbox.As<IRetryPayments>().RetryAsync(retry, CancellationToken.None));
        paid.State.Should().Be(PaymentState.Succeeded);
        paid.FailureCode.Should().BeNull();
        Record<PaymentRecord>(await sandbox.As<IRetryPayments>().RetryAsync(retry, CancellationToken.None))
            .Should()
            .Be(paid, "it is the same command");
        var again = await sandbox.As<IRetryPayments>().RetryAsync(retry with { IdempotencyKey = Sandbox.NextKey() }, CancellationToken.None);
        again.Should().BeOfType<Outcome.Declined>().Which.Code.Should().Be("payment_not_failed");
        await sandbox.SettleAsync();
        Told<PaymentRecord>("payment.succeeded").Should().Be(paid);
        Told<OrderRecord>("order.paid").Id.Should().Be(failed.OrderId);
    }

    [Test]
    public async Task A_declined_retry_is_noted_in_the_books()
    {
        var all = await sandbox.ListAsync();
        var pastDue = all.OfType<SubscriptionRecord>().Single(one => one.State == SubscriptionState.PastDue);
        var owed = all.OfType<PaymentRecord>().Single(one => one.SubscriptionId == pastDue.Id && one.State == PaymentState.Failed);
        owed.NextAttemptAt.Should().NotBeNull();
        var outcome = await sandbox
            .As<IRetryPayments>()
            .RetryAsync(new() { IdempotencyKey = Sandbox.NextKey(), PaymentId = owed.Id }, CancellationToken.None);
        outcome.Should().BeOfType<Outcome.Declined>().Which.Code.Should().Be("insufficient_funds");
        (await sandbox.FindAsync<PaymentRecord>(RecordKind.Payment, owed.Id)).AsOf.Should().BeAfter(owed.AsOf);
    }

    [Test]
    public async Task Refunds_stop_at_the_amount_paid()
    {
        var payment = (await sandbox.ListAsync())
            .OfType<PaymentRecord>()
            .First(one => one.State == PaymentState.Succeeded && one.Refunded!.Value.MinorUnits == 0 && one.Amount.MinorUnits > 500);
        var refunds = sandbox.As<IRefundPayments>();
        var part = payment.Amount with { MinorUnits = 400 };
        Record<RefundRecord>(await RefundAsync(part)).Amount.Should().Be(part);
        (await RefundAsync(payment.Amount)).Should().BeOfType<Outcome.Declined>().Which.Code.Should().Be("refund_exceeds_payment");
        (await StateAsync()).Should().Be(OrderState.PartiallyRefunded);
        await RefundAsync(payment.Amount - part);
        (await StateAsync()).Should().Be(OrderState.Refunded);
        (await sandbox.FindAsync<PaymentRecord>(RecordKind.Payment, payment.Id)).Refunded.Should().Be(payment.Amount);
        await sandbox.SettleAsync();
        sandbox.Receiver.Verified.Count(one => one.Type == "refund.succeeded").Should().Be(2);

        Task<Outcome> RefundAsync(Money amount) =>
            refunds.RefundAsync(
                new()
                {
                    IdempotencyKey = Sandbox.NextKey(),
                    PaymentId = payment.Id,
                    Amount = amount,
                },
                CancellationToken.None
            );

        async Task<OrderState> StateAsync() => (await sandbox.FindAsync<OrderRecord>(RecordKind.Order, payment.OrderId!)).State;
    }

    [Test]
    public async Task Payment_methods_are_chosen_and_removed()
    {
        var monthly = await sandbox.MonthlyAsync();
        var methods = (await sandbox.ListAsync()).OfType<PaymentMethodRecord>().Where(one => one.Customer!.Id == monthly.Customer!.Id).ToList();
        var other = methods.Single(one => one.Default == false);
        Record<PaymentMethodRecord>(
            await sandbox
                .As<IChoosePaymentMethods>()
                .ChooseAsync(
                    new()
                    {
                        IdempotencyKey = Sandbox.NextKey(),
                        PaymentMethodId = other.Id,
                        CustomerId = monthly.Customer!.Id!,
                    },
                    CancellationToken.None
                )
        )
            .Default.Should()
            .BeTrue();
        (await sandbox.MonthlyAsync()).Method!.Id.Should().Be(other.Id);

        Record<PaymentMethodRecord>(
            await sandbox
                .As<IRemovePaymentMethods>()
                .RemoveAsync(new() { IdempotencyKey = Sandbox.NextKey(), PaymentMethodId = other.Id }, CancellationToken.None)
        )
            .Removed.Should()
            .BeTrue();
        (await sandbox.MonthlyAsync()).Method.Should().BeNull();
        var foreign = (await sandbox.ListAsync()).OfType<PaymentMethodRecord>().First(one => one.Customer!.Id != monthly.Customer.Id);
        var stolen = () =>
            sandbox
                .As<IChoosePaymentMethods>()
                .ChooseAsync(
                    new()
                    {
                        IdempotencyKey = Sandbox.NextKey(),
                        PaymentMethodId = foreign.Id,
                        CustomerId = monthly.Customer!.Id!,
                    },
                    CancellationToken.None
                );
        (await stolen.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.NotFound);
    }

    [Test]
    public async Task Time_renews_retries_and_ends()
    {
        var monthly = await sandbox.MonthlyAsync();
        await sandbox.FaultAsync("renewals.charge", "decline");
        await sandbox.PostAsync("/v1/test/advance", new { to = monthly.CurrentPeriodEnd!.Value.AddMinutes(1) });
        (await sandbox.MonthlyAsync()).State.Should().Be(SubscriptionState.PastDue);
        await sandbox.FaultAsync("renewals.charge", "none");
        await sandbox.PostAsync("/v1/test/advance", new { to = monthly.CurrentPeriodEnd.Value.AddDays(4) });
        var recovered = await sandbox.MonthlyAsync();
        recovered.State.Should().Be(SubscriptionState.Active);
        recovered.CurrentPeriodEnd.Should().Be(monthly.StartedAt!.Value.AddMonths(11));

        await sandbox.FaultAsync("renewals.charge", "decline");
        await sandbox.PostAsync("/v1/test/advance", new { to = recovered.CurrentPeriodEnd!.Value.AddDays(15) });
        (await sandbox.MonthlyAsync()).State.Should().Be(SubscriptionState.Canceled);
        await sandbox.SettleAsync();
        sandbox.Receiver.Arrivals.Should().OnlyContain(one => one.Delivery is Delivery.Verified, "webhooks are signed in real time");
    }

    [Test]
    public async Task A_scheduled_end_comes_and_nothing_is_charged_after()
    {
        var monthly = await sandbox.MonthlyAsync();
        await CancelAsync(monthly, CancelTiming.AtPeriodEnd);
        await sandbox.PostAsync("/v1/test/advance", new { to = monthly.CurrentPeriodEnd!.Value.AddDays(70) });
        var ended = await sandbox.MonthlyAsync();
        ended.State.Should().Be(SubscriptionState.Canceled);
        ended.EndedAt.Should().Be(monthly.CurrentPeriodEnd);
        (await sandbox.ListAsync()).OfType<OrderRecord>().Count(one => one.SubscriptionId == monthly.Id).Should().Be(10);
    }

    [Test]
    public async Task Twenty_at_once_with_one_key_are_one_command()
    {
        var failed = await sandbox.FailedPaymentAsync();
        var retry = new RetryPayment { IdempotencyKey = Sandbox.NextKey(), PaymentId = failed.Id };
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => sandbox.As<IRetryPayments>().RetryAsync(retry, CancellationToken.None))
        );
        outcomes.Select(Record<PaymentRecord>).Distinct().Should().ContainSingle();
        var commands = (await sandbox.LedgerAsync()).GetProperty("commands").EnumerateArray().ToList();
        commands.Should().ContainSingle().Which.GetProperty("repeated").GetInt32().Should().Be(19);
        (await sandbox.LedgerAsync())
            .GetProperty("payments")
            .EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == failed.Id)
            .GetProperty("attempts")
            .GetInt32()
            .Should()
            .Be(2);
    }

    [Test]
    public async Task Disputes_and_new_buyers_are_told()
    {
        var payment = (await sandbox.ListAsync()).OfType<PaymentRecord>().Last(one => one.State == PaymentState.Succeeded);
        var dispute = await sandbox.PostAsync("/v1/test/disputes", new { payment = payment.Id });
        await sandbox.PostAsync($"/v1/test/disputes/{dispute.GetProperty("id").GetString()}/close", new { won = true });
        var buyer = await sandbox.PostAsync("/v1/test/customers", new { email = "new@example.com", country = "FR" });
        await sandbox.PostAsync("/v1/test/purchases", new { customer = buyer.GetProperty("id").GetString(), product = "kiosk-eur" });
        await sandbox.SettleAsync();
        Told<DisputeRecord>("dispute.won").State.Should().Be(DisputeState.Won);
        var order = Told<OrderRecord>("order.paid");
        order.Customer!.Email.Should().Be("new@example.com");
        order.Tax.Should().Be(new Money(583, "EUR"));
    }

    private Task<Outcome> CancelAsync(SubscriptionRecord subscription, CancelTiming timing) =>
        sandbox
            .As<ICancelSubscriptions>()
            .CancelAsync(
                new()
                {
                    IdempotencyKey = Sandbox.NextKey(),
                    SubscriptionId = subscription.Id,
                    Timing = timing,
                },
                CancellationToken.None
            );

    private static Task<Outcome> PauseAsync(IPauseSubscriptions pauses, SubscriptionRecord subscription, DateTimeOffset until) =>
        pauses.PauseAsync(
            new()
            {
                IdempotencyKey = Sandbox.NextKey(),
                SubscriptionId = subscription.Id,
                Until = until,
            },
            CancellationToken.None
        );

    private static ChangePlan Change(SubscriptionRecord subscription, string plan, int quantity) =>
        new()
        {
            IdempotencyKey = Sandbox.NextKey(),
            SubscriptionId = subscription.Id,
            PlanId = plan,
            Quantity = quantity,
            ReturnTo = new Uri("https://portal.test/subscriptions"),
        };

    private T Told<T>(string type)
        where T : ProcessorRecord => sandbox.Receiver.Verified.Last(one => one.Type == type).Records.OfType<T>().Single();

    private static T Record<T>(Outcome outcome)
        where T : ProcessorRecord => (T)outcome.Should().BeOfType<Outcome.Succeeded>().Which.Record;
}
