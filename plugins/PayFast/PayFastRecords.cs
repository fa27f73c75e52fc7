using System.Globalization;
using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.PayFast;

/// <summary>Turns what PayFast says into records.</summary>
/// <remarks>
/// <para>Amounts are rands with decimals in notifications and in the history, whole cents in the API.</para>
/// <para>
/// A notification has no time. What is final for a payment id (paid) is dated with the moment of reading; what may still be
/// followed by something else is dated with a fixed moment long ago, later for failed than for pending. So a message
/// that comes late, or is read again, can only ever move a payment forward: pending, failed, paid.
/// </para>
/// </remarks>
internal static class PayFastRecords
{
    private const string Rand = "ZAR";

    /// <summary>Dates what is known without its time: before PayFast existed, so it fills a gap and overrules nothing.</summary>
    private static readonly DateTimeOffset SomeTime = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A confirmed notification.</summary>
    /// <param name="notification">What came.</param>
    /// <param name="agreement">What its token stands for; null when there is no token or PayFast could not be asked.</param>
    /// <param name="now">The moment of reading.</param>
    /// <exception cref="FormatException">It lacks what it must have.</exception>
    public static IReadOnlyList<ProcessorRecord> Read(PayFastNotification notification, Agreement? agreement, DateTimeOffset now)
    {
        var token = agreement is { Recurring: false } ? null : notification["token"];
        var status = notification["payment_status"] ?? throw new FormatException("The notification has no payment_status.");
        if (status == "CANCELLED" && token is not null)
        {
            return [Subscription(notification, token, SubscriptionState.Canceled, now)];
        }

        if (Standing(status) is not { } standing)
        {
            return [];
        }

        var paid = standing.Payment == PaymentState.Succeeded;
        if (notification["pf_payment_id"] is not { } id || notification["amount_gross"] is not { } gross)
        {
            // A buyer who turned back at the checkout leaves neither id nor amount: there is nothing to show.
            return paid ? throw new FormatException("A paid notification has no pf_payment_id or no amount_gross.") : [];
        }

        var total = Rands(gross, NumberStyles.AllowDecimalPoint);
        var asOf = paid ? now : SomeTime.AddDays(standing.Payment == PaymentState.Failed ? 1 : 0);
        var order = new OrderRecord
        {
            Id = id,
            AsOf = asOf,
            Customer = Customer(notification),
            Reference = notification["m_payment_id"],
            Total = total,
            State = standing.Order,
            Reason =
                token is null ? OrderReason.Purchase
                : notification["billing_date"] is null ? OrderReason.SubscriptionRenewal
                : OrderReason.SubscriptionStart,
            SubscriptionId = token,
            Lines = notification["item_name"] is { } item ? [new OrderLine { Name = item, Total = total }] : [],
        };
        var payment = new PaymentRecord
        {
            Id = id,
            AsOf = asOf,
            Customer = order.Customer,
            Amount = total,
            State = standing.Payment,
            OrderId = id,
            SubscriptionId = token,
            FailureCode = standing.Payment == PaymentState.Failed ? status : null,
        };
        return paid && token is not null ? [Subscription(notification, token, agreement?.Subscription, now), order, payment] : [order, payment];
    }

    /// <summary>The reply to a fetch. The token of a tokenisation agreement has a state but no schedule.</summary>
    public static Agreement Agreement(string token, JsonElement fetched, DateTimeOffset now)
    {
        if (fetched.Whole("frequency") is not { } frequency)
        {
            return new Agreement(null);
        }

        var nextRun = Noon(fetched.Words("run_date") is { } date ? Local(date) : null);
        var state = State(fetched.Whole("status"), fetched.Words("status_text"));
        if (state == SubscriptionState.Active && fetched.Whole("cycles_complete") == 0 && nextRun > now)
        {
            state = SubscriptionState.Trialing;
        }

        return new Agreement(
            new SubscriptionRecord
            {
                Id = token,
                AsOf = now,
                State = state,
                Price = fetched.Whole("amount") is { } cents ? new Money(cents, Rand) : null,
                Cycle = Cycle(frequency),
                // Whether PayFast moves the run date of a paused or failed subscription is not documented.
                CurrentPeriodEnd = state is SubscriptionState.Active or SubscriptionState.Trialing ? nextRun : null,
                TrialEnd = state == SubscriptionState.Trialing ? nextRun : null,
            }
        )
        {
            NextRun = nextRun,
        };
    }

    /// <summary>The reply to a query of a card payment.</summary>
    public static PaymentRecord Payment(string id, JsonElement queried, DateTimeOffset now) =>
        queried.Words("status") is { } status && Standing(status) is { } standing && queried.Whole("amount") is { } cents
            ? new PaymentRecord
            {
                Id = id,
                AsOf = now,
                Amount = new Money(cents, Rand),
                State = standing.Payment,
                OrderId = id,
                FailureCode = standing.Payment == PaymentState.Failed ? queried.Words("cc_status") ?? status : null,
            }
            : throw new ProcessorException(ProcessorFault.BadRequest, "PayFast reports a payment without an amount or with an unknown status.");

    /// <summary>
    /// A row of the history; empty for payouts and fees. The rows name the buyer but not her address,
    /// so the name is told as who is billed and never as whose it is.
    /// </summary>
    /// <exception cref="FormatException">The row is about a payment and cannot be read.</exception>
    public static IEnumerable<ProcessorRecord> Read(IReadOnlyDictionary<string, string> row)
    {
        string? Cell(string column) => row.TryGetValue(column, out var value) && value.Length > 0 ? value : null;
        if (Cell("PF Payment ID") is not { } id || Cell("Type") is not { } type)
        {
            yield break;
        }

        var received = type == "FUNDS_RECEIVED" && Cell("Sign") == "CREDIT";
        var disputed = type.Contains("CHARGEBACK", StringComparison.OrdinalIgnoreCase) && Cell("Sign") == "DEBIT";
        if (!received && !disputed)
        {
            yield break;
        }

        var at = Local(Cell("Date") ?? "") ?? throw new FormatException("A row of the history has no date.");
        var amount = Rands(Cell("Gross") ?? "", NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands);
        if (disputed)
        {
            yield return new DisputeRecord
            {
                Id = id + ":chargeback",
                AsOf = at,
                PaymentId = id,
                Amount = amount with { MinorUnits = Math.Abs(amount.MinorUnits) },
                State = DisputeState.Open,
                CreatedAt = at,
            };
            yield break;
        }

        yield return new OrderRecord
        {
            Id = id,
            AsOf = at,
            Reference = Cell("M Payment ID"),
            Total = amount,
            State = OrderState.Paid,
            PlacedAt = at,
            PaidAt = at,
            Lines = Cell("Name") is { } item ? [new OrderLine { Name = item, Total = amount }] : [],
            Billing = Cell("Party") is { } party ? new BillingDetail { Name = party } : null,
        };
        yield return new PaymentRecord
        {
            Id = id,
            AsOf = at,
            Amount = amount,
            State = PaymentState.Succeeded,
            OrderId = id,
            CreatedAt = at,
            Method = Cell("Funding Type") == "CC" ? new PaymentMethod { Kind = "card" } : null,
        };
    }

    /// <summary>The payment a row of the history gives money back for; null for other rows.</summary>
    public static string? Refunded(IReadOnlyDictionary<string, string> row) =>
        row.GetValueOrDefault("Type")?.Contains("REFUND", StringComparison.OrdinalIgnoreCase) == true
        && row.GetValueOrDefault("PF Payment ID") is { Length: > 0 } id
            ? id
            : null;

    /// <summary>A subscription's status by number, since the texts are not listed anywhere; the text decides only where it says it is over or paused.</summary>
    /// <remarks>Numbers: louislewis2/payfast; 6 and 7 only in huysamen/payfast-go.</remarks>
    public static SubscriptionState State(long? number, string? text) =>
        (text, number) switch
        {
            ("CANCELLED", _) => SubscriptionState.Canceled,
            ("PAUSED", _) => SubscriptionState.Paused,
            (_, 1) => SubscriptionState.Active,
            (_, 2) => SubscriptionState.Canceled,
            (_, 3) => SubscriptionState.Paused,
            (_, 4) => SubscriptionState.Expired,
            (_, 5 or 6 or 7) => SubscriptionState.PastDue,
            _ => throw new ProcessorException(ProcessorFault.BadRequest, "PayFast reports an unknown subscription status."),
        };

    /// <summary>PayFast's frequencies.</summary>
    public static BillingCycle Cycle(long frequency) =>
        frequency switch
        {
            1 => new BillingCycle { Unit = CycleUnit.Day },
            2 => new BillingCycle { Unit = CycleUnit.Week },
            3 => new BillingCycle { Unit = CycleUnit.Month },
            4 => new BillingCycle { Unit = CycleUnit.Month, Count = 3 },
            5 => new BillingCycle { Unit = CycleUnit.Month, Count = 6 },
            6 => new BillingCycle { Unit = CycleUnit.Year },
            _ => throw new ProcessorException(ProcessorFault.BadRequest, "PayFast reports an unknown frequency."),
        };

    /// <summary>An amount in rands, exactly.</summary>
    private static Money Rands(string text, NumberStyles style) =>
        decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var rands) && Math.Abs(rands) < 1_000_000_000_000m
            ? Money.FromMajor(rands, Rand)
            : throw new FormatException("An amount of PayFast cannot be read.");

    /// <summary>A date or time; PayFast's are South African where they do not say otherwise.</summary>
    private static DateTimeOffset? Local(string text) =>
        DateTime.TryParseExact(
            text,
            ["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var local
        )
        && local.Year > 1
            ? new DateTimeOffset(local, PayFastApi.LocalOffset)
        : DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.None, out var exact) ? exact
        : null;

    /// <summary>Midnight stands for a day without an hour; noon is the same day nearly everywhere it may be read.</summary>
    private static DateTimeOffset? Noon(DateTimeOffset? moment) => moment is { } day && day.TimeOfDay == TimeSpan.Zero ? day.AddHours(12) : moment;

    private static (OrderState Order, PaymentState Payment)? Standing(string status) =>
        status switch
        {
            "COMPLETE" => (OrderState.Paid, PaymentState.Succeeded),
            "CANCELLED" => (OrderState.Canceled, PaymentState.Failed),
            "FAILED" => (OrderState.Failed, PaymentState.Failed),
            "PENDING" => (OrderState.Pending, PaymentState.Pending),
            _ => null,
        };

    private static CustomerReference? Customer(PayFastNotification notification)
    {
        var name = $"{notification["name_first"]} {notification["name_last"]}".Trim();
        return notification["email_address"] is { } email ? new CustomerReference { Email = email, Name = name.Length > 0 ? name : null } : null;
    }

    private static SubscriptionRecord Subscription(PayFastNotification notification, string token, SubscriptionRecord? fetched, DateTimeOffset now)
    {
        var firstCharge = notification["billing_date"] is { } date ? Local(date) : null;
        var began = firstCharge <= now ? firstCharge : null;

        // Without the books, "active" is only what was so when this was sent: a cancellation read before must stand.
        fetched ??= Subscription(notification, token, SubscriptionState.Active, began ?? SomeTime);
        return fetched with
        {
            Customer = Customer(notification),
            Name = notification["item_name"],
            StartedAt = Noon(began) is { } noon && noon < now ? noon : began,
        };
    }

    private static SubscriptionRecord Subscription(PayFastNotification notification, string token, SubscriptionState state, DateTimeOffset asOf) =>
        new()
        {
            Id = token,
            AsOf = asOf,
            Customer = Customer(notification),
            Name = notification["item_name"],
            State = state,
        };
}

/// <summary>What a token stands for.</summary>
/// <param name="Subscription">Null for a tokenisation agreement, which charges nothing by itself.</param>
internal sealed record Agreement(SubscriptionRecord? Subscription)
{
    /// <summary>Whether it charges by itself.</summary>
    public bool Recurring => Subscription is not null;

    /// <summary>The day of the next charge, in whatever state.</summary>
    public DateTimeOffset? NextRun { get; init; }
}
