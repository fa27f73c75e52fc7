using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox;

/// <summary>Minor units and an ISO 4217 code.</summary>
internal sealed record Money(long Amount, string Currency);

internal sealed record Address
{
    public string? Line1 { get; init; }
    public string? Line2 { get; init; }
    public string? City { get; init; }
    public string? State { get; init; }
    public string? PostalCode { get; init; }
    public string? Country { get; init; }
}

internal sealed record Customer : Resource
{
    public override string Object => "customer";
    public required string Email { get; init; }
    public required string Name { get; init; }
    public string? BusinessName { get; init; }
    public string? TaxId { get; init; }
    public string? Phone { get; init; }
    public Address? Address { get; init; }
    public Address? ShippingAddress { get; init; }
    public string? DefaultPaymentMethod { get; init; }
    public bool Deleted { get; init; }
}

internal enum Interval
{
    Day,
    Week,
    Month,
    Year,
}

/// <summary>Something that is sold, at one price; with an interval it is a plan.</summary>
internal sealed record Product : Resource
{
    public override string Object => "product";
    public required string Name { get; init; }
    public required Money Price { get; init; }
    public Interval? Interval { get; init; }
    public int IntervalCount { get; init; } = 1;
    public int TrialDays { get; init; }
}

/// <summary>What a buyer recognizes a payment method by.</summary>
internal sealed record Method
{
    public string? Id { get; init; }
    public required string Kind { get; init; }
    public string? Brand { get; init; }
    public string? LastFour { get; init; }
    public int? ExpiryMonth { get; init; }
    public int? ExpiryYear { get; init; }
}

/// <summary>How a test payment method behaves.</summary>
internal enum Behavior
{
    Approve,

    /// <summary>Asks the buyer to consent whenever she acts herself: 3-D Secure, PayPal.</summary>
    Challenge,
    InsufficientFunds,
    Decline,
}

internal sealed record PaymentMethod : Resource
{
    public override string Object => "payment_method";
    public required string Customer { get; init; }
    public required Method Method { get; init; }
    public required Behavior Behavior { get; init; }
    public bool Default { get; init; }
    public bool Removed { get; init; }
}

internal enum OrderReason
{
    Purchase,
    SubscriptionStart,
    SubscriptionRenewal,
    SubscriptionChange,
}

internal enum OrderState
{
    Pending,
    Paid,
    PartiallyRefunded,
    Refunded,
    Failed,
    Canceled,
}

internal sealed record OrderLine
{
    public string? Product { get; init; }
    public required string Name { get; init; }
    public int Quantity { get; init; } = 1;
    public required Money Total { get; init; }
    public required Money Tax { get; init; }
    public required decimal TaxPercent { get; init; }
    public DateTimeOffset? PeriodStart { get; init; }
    public DateTimeOffset? PeriodEnd { get; init; }
}

internal sealed record Billing
{
    public required string Name { get; init; }
    public string? BusinessName { get; init; }
    public string? TaxId { get; init; }
    public Address? Address { get; init; }
}

internal sealed record Order : Resource
{
    public override string Object => "order";
    public required string Reference { get; init; }
    public required string Customer { get; init; }
    public required string CustomerEmail { get; init; }
    public string? Subscription { get; init; }
    public required OrderReason Reason { get; init; }
    public required OrderState State { get; init; }
    public required Money Total { get; init; }
    public required Money Tax { get; init; }
    public required IReadOnlyList<OrderLine> Lines { get; init; }
    public required Billing Billing { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
}

internal enum PaymentState
{
    Pending,
    Succeeded,
    Failed,
    Canceled,
}

internal sealed record Payment : Resource
{
    public override string Object => "payment";
    public required string Customer { get; init; }
    public required string CustomerEmail { get; init; }
    public required string Order { get; init; }
    public string? Subscription { get; init; }
    public string? Invoice { get; init; }
    public required Money Amount { get; init; }
    public required PaymentState State { get; init; }
    public required Money Refunded { get; init; }
    public Method? Method { get; init; }
    public string? FailureCode { get; init; }
    public int Attempts { get; init; } = 1;
    public DateTimeOffset? NextAttemptAt { get; init; }
}

internal enum RefundState
{
    Pending,
    Succeeded,
    Failed,
}

internal sealed record Refund : Resource
{
    public override string Object => "refund";
    public required string Customer { get; init; }
    public required string Payment { get; init; }
    public required Money Amount { get; init; }
    public required RefundState State { get; init; }
}

internal enum DisputeState
{
    Open,
    Won,
    Lost,
}

internal sealed record Dispute : Resource
{
    public override string Object => "dispute";
    public required string Customer { get; init; }
    public required string Payment { get; init; }
    public required Money Amount { get; init; }
    public required DisputeState State { get; init; }
    public required string Reason { get; init; }
}

internal enum SubscriptionState
{
    Trialing,
    Active,
    PastDue,
    Paused,
    Canceled,
}

internal sealed record Subscription : Resource
{
    public override string Object => "subscription";
    public required string Customer { get; init; }
    public required string CustomerEmail { get; init; }
    public required string Plan { get; init; }
    public required string Name { get; init; }
    public required SubscriptionState State { get; init; }

    /// <summary>Charged each period, all quantities together.</summary>
    public required Money Price { get; init; }
    public int Quantity { get; init; } = 1;
    public required Interval Interval { get; init; }
    public int IntervalCount { get; init; } = 1;
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Where periods are counted from, so that the 31st comes back after February.</summary>
    public required DateTimeOffset Anchor { get; init; }
    public required int Periods { get; init; }
    public required DateTimeOffset CurrentPeriodStart { get; init; }
    public required DateTimeOffset CurrentPeriodEnd { get; init; }
    public DateTimeOffset? TrialEnd { get; init; }
    public bool WillCancel { get; init; }
    public DateTimeOffset? CancelAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Taken off the next charges: what a change to a cheaper plan left over.</summary>
    public required Money Credit { get; init; }

    /// <summary>Its own; without one the customer's default is charged.</summary>
    public string? PaymentMethod { get; init; }
    public Method? Method { get; init; }

    public DateTimeOffset PeriodEnd(int periods) =>
        Interval switch
        {
            Interval.Day => Anchor.AddDays(periods * IntervalCount),
            Interval.Week => Anchor.AddDays(7 * periods * IntervalCount),
            Interval.Month => Anchor.AddMonths(periods * IntervalCount),
            _ => Anchor.AddYears(periods * IntervalCount),
        };
}

internal enum InvoiceState
{
    Draft,
    Open,
    Paid,
    Void,
    Uncollectible,
}

internal sealed record Invoice : Resource
{
    public override string Object => "invoice";
    public required string Number { get; init; }
    public required string Customer { get; init; }
    public required string Order { get; init; }
    public string? Subscription { get; init; }
    public required Money Total { get; init; }
    public required InvoiceState State { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
}
