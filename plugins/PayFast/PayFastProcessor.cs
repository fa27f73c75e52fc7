using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Portal.Processors;

namespace Portal.Plugin.PayFast;

/// <summary>One PayFast merchant account.</summary>
/// <remarks>
/// Left out because PayFast has no such thing: ending at the end of a period (the portal does it), plans, invoices, a list of
/// payment methods. A method cannot be removed either, because the token is the subscription itself; and a failed charge is
/// repeated by PayFast alone, the call for it being for tokenisation agreements only.
/// </remarks>
[Limit(typeof(IListRecords), "LimitHistory")]
[Limit(typeof(IPauseSubscriptions), "LimitPause")]
[Limit(typeof(IRefundPayments), "LimitRefund")]
[Limit(typeof(IHostPaymentMethods), "LimitPaymentMethod")]
internal sealed class PayFastProcessor(Connection connection)
    : IProcessor,
        IReceiveWebhooks,
        IListRecords,
        ICancelSubscriptions,
        IPauseSubscriptions,
        IRefundPayments,
        IHostPaymentMethods
{
    private const int PageSize = 1000;
    private const int MostPausedCycles = 1000;

    private static readonly DateOnly BeforePayFast = new(2000, 1, 1);
    private static readonly TimeSpan PatienceForDetails = TimeSpan.FromSeconds(5);
    private static readonly ResourceManager Texts = new("Portal.Plugin.PayFast.Texts", typeof(PayFastProcessor).Assembly);

    private readonly PayFastApi api = new(connection);

    private DateTimeOffset Now => connection.Clock.GetUtcNow();

    /// <inheritdoc />
    /// <remarks>Reads today's history: unlike the ping it fails for an account that may not read its books.</remarks>
    public async Task CheckAsync(CancellationToken ct)
    {
        var today = Iso(Local(Now));
        Csv(await api.ReadAsync("/transactions/history", ct, new("from", today), new("to", today), new("limit", "1")));
    }

    /// <inheritdoc />
    /// <remarks>
    /// The sender's address is not judged: the published ranges are years old, and refusing a true notification loses a payment.
    /// What the address would prove, <see cref="ReadAsync"/> has PayFast itself confirm.
    /// </remarks>
    public Task<Delivery> VerifyAsync(WebhookRequest request, CancellationToken ct) => Task.FromResult(Verify(request.Body));

    /// <inheritdoc />
    /// <remarks>Nothing is believed before PayFast has confirmed it: MD5 is weak, and amounts are at stake.</remarks>
    public async Task<IReadOnlyList<ProcessorRecord>> ReadAsync(WebhookRequest request, CancellationToken ct)
    {
        if (!PayFastNotification.TryParse(request.Body, out var notification))
        {
            throw new FormatException("The notification is not the form PayFast sends.");
        }

        if (!await api.ConfirmAsync(notification.Parameters, ct))
        {
            throw new FormatException("PayFast says it did not send this notification.");
        }

        var asked = Now;
        var agreement = notification["payment_status"] == "COMPLETE" ? await AgreementIfReachableAsync(notification["token"], ct) : null;
        return PayFastRecords.Read(notification, agreement, asked);
    }

    /// <inheritdoc />
    /// <remarks>Only payments: subscriptions cannot be listed, only asked for by a token known from a notification.</remarks>
    public async IAsyncEnumerable<ProcessorRecord> ListAsync(DateTimeOffset changedSince, [EnumeratorCancellation] CancellationToken ct)
    {
        var since = changedSince.UtcDateTime.Year < BeforePayFast.Year ? BeforePayFast : Local(changedSince);
        var refunded = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in HistoryAsync(Iso(since), Iso(Local(Now)), ct))
        {
            // A refund's row tells neither what is left of the payment nor, for certain, an id of its own: the payment is asked.
            if (PayFastRecords.Refunded(row) is { } id)
            {
                if (refunded.Add(id) && await FindAsync(RecordKind.Payment, id, ct) is { } payment)
                {
                    yield return payment;
                }

                continue;
            }

            foreach (var record in Readable(row))
            {
                yield return record;
            }
        }
    }

    /// <inheritdoc />
    public async Task<ProcessorRecord?> FindAsync(RecordKind kind, string id, CancellationToken ct)
    {
        try
        {
            return kind switch
            {
                RecordKind.Subscription => (await AgreementAsync(id, ct)).Subscription,
                RecordKind.Payment => await PaymentAsync(id, ct),
                _ => null,
            };
        }
        catch (ProcessorException unknown) when (unknown.Fault == ProcessorFault.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public CancelTiming Timings => CancelTiming.Immediately;

    /// <inheritdoc />
    /// <remarks>
    /// A day: the next charge is known by its date only and may come in the first minute of it, and a call that meets
    /// the rate limit must wait minutes before it may be repeated.
    /// </remarks>
    public TimeSpan SafetyMargin => TimeSpan.FromHours(36);

    /// <inheritdoc />
    public Task<Outcome> CancelAsync(CancelSubscription request, CancellationToken ct) =>
        request.Timing == CancelTiming.Immediately
            ? ChangeAsync(
                request.SubscriptionId,
                "cancel",
                [],
                new SubscriptionRecord
                {
                    Id = request.SubscriptionId,
                    AsOf = Now,
                    State = SubscriptionState.Canceled,
                    EndedAt = Now,
                },
                state => state is SubscriptionState.Canceled or SubscriptionState.Expired,
                ct
            )
            : throw new ProcessorException(ProcessorFault.BadRequest, "PayFast cancels at once or not at all.");

    /// <inheritdoc />
    /// <remarks>
    /// PayFast pauses a number of charges, never until a date: as many as fall before <see cref="PauseSubscription.Until"/>,
    /// and one where no date is given. What is paused already stays as it is, for a second pause might add to the first.
    /// </remarks>
    public async Task<Outcome> PauseAsync(PauseSubscription request, CancellationToken ct)
    {
        var agreement = await AgreementAsync(request.SubscriptionId, ct);
        if (agreement is not { Subscription: { Cycle: { } cycle } subscription, NextRun: { } nextRun })
        {
            return new Outcome.Declined { Code = "no_schedule" };
        }

        if (subscription.State == SubscriptionState.Paused)
        {
            return new Outcome.Succeeded { Record = subscription };
        }

        var cycles = PausedCycles(cycle, nextRun, request.Until);
        if (cycles > MostPausedCycles)
        {
            return new Outcome.Declined { Code = "pause_too_long" };
        }

        return await ChangeAsync(
            request.SubscriptionId,
            "pause",
            [new("cycles", cycles)],
            new SubscriptionRecord
            {
                Id = request.SubscriptionId,
                AsOf = Now,
                State = SubscriptionState.Paused,
                PausedUntil = After(cycle, nextRun, cycles),
            },
            state => state == SubscriptionState.Paused,
            ct
        );
    }

    /// <inheritdoc />
    public Task<Outcome> ResumeAsync(ResumeSubscription request, CancellationToken ct) =>
        ChangeAsync(
            request.SubscriptionId,
            "unpause",
            [],
            new SubscriptionRecord
            {
                Id = request.SubscriptionId,
                AsOf = Now,
                State = SubscriptionState.Active,
            },
            state => state is SubscriptionState.Active or SubscriptionState.Trialing,
            ct
        );

    /// <inheritdoc />
    public RefundTerms Terms { get; } = new() { Partial = true };

    /// <inheritdoc />
    /// <remarks>
    /// Only back to the card: for other payments PayFast wants the buyer's bank account, which the portal does not ask for.
    /// The outcome tells how much of the payment was given back altogether, because PayFast's refunds have no ids.
    /// </remarks>
    public async Task<Outcome> RefundAsync(RefundPayment request, CancellationToken ct)
    {
        LiveOnly("refunds");
        if (request.Amount is not { Currency: "ZAR", MinorUnits: > 0 })
        {
            throw new ProcessorException(ProcessorFault.BadRequest, "PayFast refunds amounts above zero in rands only.");
        }

        var id = PayFastApi.Segment(request.PaymentId);
        if (await RefundStateAsync(id, ct) is not { } terms || terms.Available < request.Amount.MinorUnits)
        {
            return new Outcome.Declined { Code = "not_refundable" };
        }

        if ((request.Amount.MinorUnits == terms.Original ? terms.FullBy : terms.PartialBy) is { } by and not "PAYMENT_SOURCE")
        {
            return new Outcome.Declined { Code = by };
        }

        var answer = await api.CommandAsync(
            HttpMethod.Post,
            $"/refunds/{id}",
            ct,
            new("amount", request.Amount.MinorUnits),
            new("notify_buyer", 1),
            new("reason", Texts.GetString("RefundReason", CultureInfo.InvariantCulture)!)
        );
        return answer.RefusedWith is { } code
            ? Declined(code)
            : new Outcome.Succeeded
            {
                Record = new PaymentRecord
                {
                    Id = id,
                    AsOf = Now,
                    Amount = new Money(terms.Original, "ZAR"),
                    State = PaymentState.Succeeded,
                    Refunded = new Money(terms.Original - terms.Available, "ZAR") + request.Amount,
                },
            };
    }

    /// <inheritdoc />
    /// <remarks>
    /// The buyer's browser opens it, so it is PayFast's own address even where calls go elsewhere. It is asked first whether the
    /// subscription still runs, since the page of one that ended leads nowhere. PayFast sends no notification afterwards.
    /// </remarks>
    public async Task<HostedPage> StartUpdateAsync(UpdatePaymentMethod request, CancellationToken ct)
    {
        LiveOnly("card updates");
        var token = PayFastApi.Segment(request.SubscriptionId ?? "");
        if ((await AgreementAsync(token, ct)).Subscription?.State is SubscriptionState.Canceled or SubscriptionState.Expired)
        {
            throw new ProcessorException(ProcessorFault.BadRequest, "The subscription has ended at PayFast.");
        }

        var back = PayFastSignature.Encode(request.ReturnTo.AbsoluteUri);
        return new HostedPage { Location = new Uri($"https://www.payfast.co.za/eng/recurring/update/{token}?return={back}") };
    }

    /// <summary>How many charges to leave out so that none falls before a day; at least one, since PayFast pauses no less.</summary>
    internal static int PausedCycles(BillingCycle cycle, DateTimeOffset nextRun, DateTimeOffset? until)
    {
        var cycles = 1;
        while (until is { } end && cycles <= MostPausedCycles && Local(After(cycle, nextRun, cycles)) < Local(end))
        {
            cycles++;
        }

        return cycles;
    }

    private Delivery Verify(ReadOnlyMemory<byte> body)
    {
        if (connection["passphrase"] is not { } passphrase || connection["merchantId"] is not { } merchantId)
        {
            return new Delivery.Rejected { Reason = "no passphrase or no merchant id is set" };
        }

        if (!PayFastNotification.TryParse(body, out var notification))
        {
            return new Delivery.Rejected { Reason = "not a form with one signature at its end" };
        }

        var expected = Encoding.ASCII.GetBytes(PayFastSignature.OfNotification(notification.Signed, passphrase));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(notification.Signature)))
        {
            return new Delivery.Rejected { Reason = "the signature does not match" };
        }

        if (notification["merchant_id"] != merchantId)
        {
            return new Delivery.Rejected { Reason = "it is for another merchant" };
        }

        var status = notification["payment_status"];
        return new Delivery.Verified
        {
            // A cancellation has no payment id, and the same one repeated has the same bytes.
            DeliveryId =
                notification["pf_payment_id"] is { Length: < 100 } id && status is { Length: < 100 }
                    ? $"{id}:{status}"
                    : Convert.ToHexStringLower(SHA256.HashData(body.Span)),
            EventType = "itn." + (status is { Length: < 100 } ? status : "unknown"),
        };
    }

    /// <summary>What PayFast knows of a token, or null: a payment is told whether or not its subscription can be asked for just now.</summary>
    private async Task<Agreement?> AgreementIfReachableAsync(string? token, CancellationToken ct)
    {
        if (token is null)
        {
            return null;
        }

        // Real seconds, not the portal's clock: what is waited for is a network.
        using var patience = new CancellationTokenSource(PatienceForDetails);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return await AgreementAsync(token, either.Token);
        }
        catch (Exception unreachable) when (unreachable is ProcessorException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<Agreement> AgreementAsync(string token, CancellationToken ct)
    {
        var asked = Now;
        var fetched = await api.ReadAsync($"/subscriptions/{PayFastApi.Segment(token)}/fetch", ct);
        return PayFastRecords.Agreement(token, fetched.Object, asked);
    }

    /// <summary>Sends a command; where it is refused, the books decide, since what was done before is refused the second time.</summary>
    private async Task<Outcome> ChangeAsync(
        string token,
        string action,
        KeyValuePair<string, object>[] body,
        SubscriptionRecord changed,
        Func<SubscriptionState, bool> reached,
        CancellationToken ct
    )
    {
        var answer = await api.CommandAsync(HttpMethod.Put, $"/subscriptions/{PayFastApi.Segment(token)}/{action}", ct, body);
        if (answer.RefusedWith is not { } code)
        {
            // Dated after the reply: a fetch that was under way meanwhile still told the old state.
            return new Outcome.Succeeded { Record = changed with { AsOf = Now } };
        }

        return (await AgreementAsync(token, ct)).Subscription is { } found && reached(found.State)
            ? new Outcome.Succeeded { Record = found }
            : Declined(code);
    }

    /// <summary>A payment with what was given back; null for those PayFast answers no query for, which are all but card payments.</summary>
    private async Task<PaymentRecord?> PaymentAsync(string id, CancellationToken ct)
    {
        var asked = Now;
        var queried = await api.TryReadAsync($"/process/query/{PayFastApi.Segment(id)}", ct);
        if (queried.RefusedWith is not null)
        {
            return null;
        }

        var payment = PayFastRecords.Payment(id, queried.Object, asked);
        return !connection.TestMode && payment.State == PaymentState.Succeeded && await RefundStateAsync(id, ct) is { } refund
            ? payment with
            {
                Refunded = new Money(refund.Original - refund.Available, "ZAR"),
            }
            : payment;
    }

    private async Task<RefundState?> RefundStateAsync(string id, CancellationToken ct)
    {
        var answer = await api.TryReadAsync($"/refunds/query/{id}", ct);
        if (answer.RefusedWith is not null)
        {
            return null;
        }

        var queried = answer.Object;
        string? Method(string of) => queried.TryGetProperty(of, out var means) ? means.Words("method") : null;
        return queried.Whole("amount_original") is { } original && queried.Whole("amount_available_for_refund") is { } available
            ? new RefundState(original, available, Method("refund_full"), Method("refund_partial"))
            : null;
    }

    private async IAsyncEnumerable<IReadOnlyDictionary<string, string>> HistoryAsync(
        string from,
        string to,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        string? page = null;
        for (var offset = 0; ; offset += PageSize)
        {
            List<KeyValuePair<string, string>> query = [new("from", from), new("to", to), new("limit", Invariant(PageSize))];
            if (offset > 0)
            {
                query.Add(new("offset", Invariant(offset)));
            }

            var answer = await api.ReadAsync("/transactions/history", ct, [.. query]);
            var text = Csv(answer);
            if (text == page)
            {
                throw NotTheHistory();
            }

            var rows = PayFastCsv.Read(text).ToList();
            foreach (var row in rows)
            {
                yield return row;
            }

            if (rows.Count < PageSize)
            {
                yield break;
            }

            page = text;
        }
    }

    /// <summary>The history as text; where there is nothing to tell it may be blank. An outage page must not pass for that.</summary>
    private static string Csv(Answer answer)
    {
        var text = answer.Words ?? (answer.Data is null ? answer.Text : throw NotTheHistory());
        return string.IsNullOrWhiteSpace(text) || text.Contains("PF Payment ID", StringComparison.OrdinalIgnoreCase) ? text : throw NotTheHistory();
    }

    private static List<ProcessorRecord> Readable(IReadOnlyDictionary<string, string> row)
    {
        try
        {
            return [.. PayFastRecords.Read(row)];
        }
        catch (FormatException unreadable)
        {
            throw new ProcessorException(ProcessorFault.BadRequest, unreadable.Message, unreadable);
        }
    }

    private void LiveOnly(string what)
    {
        if (connection.TestMode)
        {
            throw new ProcessorException(ProcessorFault.BadRequest, $"PayFast's sandbox has no {what}.");
        }
    }

    private static ProcessorException NotTheHistory() =>
        new(ProcessorFault.NoReply, "PayFast's reply is not the next page of the transaction history.");

    private static Outcome.Declined Declined(int code) => new() { Code = Invariant(code) };

    private static DateTimeOffset After(BillingCycle cycle, DateTimeOffset from, int cycles) =>
        cycle.Unit switch
        {
            CycleUnit.Day => from.AddDays(cycles * cycle.Count),
            CycleUnit.Week => from.AddDays(7 * cycles * cycle.Count),
            CycleUnit.Month => from.AddMonths(cycles * cycle.Count),
            _ => from.AddYears(cycles * cycle.Count),
        };

    private static DateOnly Local(DateTimeOffset moment) =>
        moment.UtcDateTime < DateTime.MaxValue - PayFastApi.LocalOffset
            ? DateOnly.FromDateTime(moment.UtcDateTime + PayFastApi.LocalOffset)
            : DateOnly.MaxValue;

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="Original">The payment in cents.</param>
    /// <param name="Available">What is left of it, in cents.</param>
    /// <param name="FullBy">How all of it would be given back.</param>
    /// <param name="PartialBy">How some of it would be given back.</param>
    private sealed record RefundState(long Original, long Available, string? FullBy, string? PartialBy);
}
