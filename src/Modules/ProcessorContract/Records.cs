namespace Portal.Processors;

/// <summary>A thing as the processor now has it: state, never a change. The newest <see cref="AsOf"/> wins.</summary>
/// <remarks>
/// A null property means "this message does not say": what the portal knew before stays. So every message may tell
/// only what it truly carries, and an older message may still fill a gap a newer one left.
/// </remarks>
public abstract record ProcessorRecord
{
    /// <summary>The processor's id, unique within its kind and the merchant account. At most 200 characters.</summary>
    public required string Id { get; init; }

    /// <summary>When the processor had it like this; with offset.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Whose it is, as far as this message says.</summary>
    public CustomerReference? Customer { get; init; }
}

/// <summary>The kinds of <see cref="ProcessorRecord"/>, one each.</summary>
public enum RecordKind
{
    /// <summary><see cref="CustomerRecord"/></summary>
    Customer,

    /// <summary><see cref="OrderRecord"/></summary>
    Order,

    /// <summary><see cref="PaymentRecord"/></summary>
    Payment,

    /// <summary><see cref="RefundRecord"/></summary>
    Refund,

    /// <summary><see cref="DisputeRecord"/></summary>
    Dispute,

    /// <summary><see cref="SubscriptionRecord"/></summary>
    Subscription,

    /// <summary><see cref="InvoiceRecord"/></summary>
    Invoice,

    /// <summary><see cref="PaymentMethodRecord"/></summary>
    PaymentMethod,
}

/// <summary>Points at a customer by the processor's id, by e-mail, or both.</summary>
public sealed record CustomerReference
{
    /// <summary>The processor's id; null where it has no customers.</summary>
    public string? Id { get; init; }

    /// <summary>As the processor has it; the portal folds and checks it.</summary>
    public string? Email { get; init; }

    /// <summary>As the processor has it.</summary>
    public string? Name { get; init; }
}

/// <summary>A customer account at the processor.</summary>
public sealed record CustomerRecord : ProcessorRecord
{
    /// <summary>As the processor has it.</summary>
    public string? Email { get; init; }

    /// <summary>As the processor has it.</summary>
    public string? Name { get; init; }

    /// <summary>Billing address.</summary>
    public Address? Address { get; init; }

    /// <summary>True once the processor deleted it.</summary>
    public bool Deleted { get; init; }
}

/// <summary>A postal address.</summary>
public sealed record Address
{
    /// <summary>Street and number.</summary>
    public string? Line1 { get; init; }

    /// <summary>Anything more.</summary>
    public string? Line2 { get; init; }

    /// <summary>Town.</summary>
    public string? City { get; init; }

    /// <summary>State, province or county.</summary>
    public string? State { get; init; }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>ISO 3166-1 alpha-2, upper case.</summary>
    public string? Country { get; init; }
}

/// <summary>Something bought: a one-time purchase, the start of a subscription, or one of its renewals.</summary>
public sealed record OrderRecord : ProcessorRecord
{
    /// <summary>The merchant's own order number, where the processor carries one.</summary>
    public string? Reference { get; init; }

    /// <summary>What the buyer pays, tax included, discounts taken off, refunds not.</summary>
    public required Money Total { get; init; }

    /// <summary>The tax within <see cref="Total"/>.</summary>
    public Money? Tax { get; init; }

    /// <summary>Where it stands.</summary>
    public required OrderState State { get; init; }

    /// <summary>What it is.</summary>
    public OrderReason Reason { get; init; }

    /// <summary>When the buyer ordered.</summary>
    public DateTimeOffset? PlacedAt { get; init; }

    /// <summary>When it was paid.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>The processor's id of the subscription it belongs to.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>Empty when this message does not list them.</summary>
    public IReadOnlyList<OrderLine> Lines { get; init; } = [];

    /// <summary>Who is billed, where the order says so.</summary>
    public BillingDetail? Billing { get; init; }

    /// <summary>True when the buyer agreed to marketing mails while ordering. That she left the box alone takes nothing back: null.</summary>
    public bool? MarketingConsent { get; init; }
}

/// <summary>Who an order is billed to.</summary>
public sealed record BillingDetail
{
    /// <summary>The person.</summary>
    public string? Name { get; init; }

    /// <summary>The company.</summary>
    public string? BusinessName { get; init; }

    /// <summary>VAT or tax number.</summary>
    public string? TaxId { get; init; }

    /// <summary>Where.</summary>
    public Address? Address { get; init; }
}

/// <summary>One line of an order.</summary>
public sealed record OrderLine
{
    /// <summary>The processor's id of the product or price.</summary>
    public string? ProductId { get; init; }

    /// <summary>As the buyer reads it.</summary>
    public required string Name { get; init; }

    /// <summary>How many.</summary>
    public int Quantity { get; init; } = 1;

    /// <summary>What the line costs, tax included, discount taken off.</summary>
    public required Money Total { get; init; }

    /// <summary>The tax within <see cref="Total"/>; null when the processor does not say.</summary>
    public Money? Tax { get; init; }

    /// <summary>Percent: 19 for 19 %; null when the processor does not say.</summary>
    public decimal? TaxRate { get; init; }

    /// <summary>The first day of the period it pays for.</summary>
    public DateTimeOffset? PeriodStart { get; init; }

    /// <summary>The end of the period it pays for.</summary>
    public DateTimeOffset? PeriodEnd { get; init; }
}

/// <summary>One charge, tried or done.</summary>
public sealed record PaymentRecord : ProcessorRecord
{
    /// <summary>
    /// Another id under which the same payment may have been told before: Stripe's invoice, until its payment intent is known.
    /// The portal folds both into one.
    /// </summary>
    public string? FormerId { get; init; }

    /// <summary>What was charged, or tried.</summary>
    public required Money Amount { get; init; }

    /// <summary>Where it stands. Refunds and disputes are told apart from it.</summary>
    public required PaymentState State { get; init; }

    /// <summary>How much of it was given back so far, in the payment's currency.</summary>
    public Money? Refunded { get; init; }

    /// <summary>The processor's id of the order it pays.</summary>
    public string? OrderId { get; init; }

    /// <summary>The processor's id of the subscription it is for.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>The processor's id of the invoice it pays.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Paid with.</summary>
    public PaymentMethod? Method { get; init; }

    /// <summary>The processor's code of a failure: <c>insufficient_funds</c>.</summary>
    public string? FailureCode { get; init; }

    /// <summary>When the processor tries again by itself.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Where the buyer can pay it herself, at the processor.</summary>
    public Uri? PayAt { get; init; }
}

/// <summary>Money given back.</summary>
public sealed record RefundRecord : ProcessorRecord
{
    /// <summary>The processor's id of the payment.</summary>
    public required string PaymentId { get; init; }

    /// <summary>How much.</summary>
    public required Money Amount { get; init; }

    /// <summary>Where it stands.</summary>
    public required RefundState State { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>A payment the buyer's bank contests.</summary>
public sealed record DisputeRecord : ProcessorRecord
{
    /// <summary>The processor's id of the payment.</summary>
    public required string PaymentId { get; init; }

    /// <summary>How much.</summary>
    public required Money Amount { get; init; }

    /// <summary>Where it stands.</summary>
    public required DisputeState State { get; init; }

    /// <summary>The processor's code for why.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was opened.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>A running agreement to charge.</summary>
public sealed record SubscriptionRecord : ProcessorRecord
{
    /// <summary>The processor's id of the plan or price.</summary>
    public string? PlanId { get; init; }

    /// <summary>As the buyer reads it.</summary>
    public string? Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required SubscriptionState State { get; init; }

    /// <summary>Charged each period, all quantities together.</summary>
    public Money? Price { get; init; }

    /// <summary>How many.</summary>
    public int? Quantity { get; init; }

    /// <summary>How often.</summary>
    public BillingCycle? Cycle { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Start of the period paid for.</summary>
    public DateTimeOffset? CurrentPeriodStart { get; init; }

    /// <summary>End of the period paid for; the next charge, while it renews.</summary>
    public DateTimeOffset? CurrentPeriodEnd { get; init; }

    /// <summary>End of the trial.</summary>
    public DateTimeOffset? TrialEnd { get; init; }

    /// <summary>Whether the processor has an end scheduled; null when this message does not say.</summary>
    public bool? WillCancel { get; init; }

    /// <summary>When it will end, where <see cref="WillCancel"/> is true.</summary>
    public DateTimeOffset? CancelAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When a pause ends by itself.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>What it charges.</summary>
    public PaymentMethod? Method { get; init; }

    /// <summary>Where the buyer may manage it at the processor: shown when the adapter lacks a capability.</summary>
    public Uri? ManageAt { get; init; }
}

/// <summary>The processor's own invoice.</summary>
public sealed record InvoiceRecord : ProcessorRecord
{
    /// <summary>The processor's number on it; null for a draft.</summary>
    public string? Number { get; init; }

    /// <summary>What it asks for, tax included.</summary>
    public required Money Total { get; init; }

    /// <summary>Where it stands.</summary>
    public required InvoiceState State { get; init; }

    /// <summary>The processor's id of the order it is for.</summary>
    public string? OrderId { get; init; }

    /// <summary>The processor's id of the subscription it is for.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>When it was issued.</summary>
    public DateTimeOffset? IssuedAt { get; init; }
}

/// <summary>A stored payment method of a customer.</summary>
public sealed record PaymentMethodRecord : ProcessorRecord
{
    /// <summary>What it is.</summary>
    public required PaymentMethod Method { get; init; }

    /// <summary>Whether it is charged unless a subscription says otherwise; null when this message does not say.</summary>
    public bool? Default { get; init; }

    /// <summary>True once it is gone.</summary>
    public bool Removed { get; init; }
}

/// <summary>What a buyer recognizes her payment method by. Never a full number.</summary>
public sealed record PaymentMethod
{
    /// <summary>The processor's id, where it has one.</summary>
    public string? Id { get; init; }

    /// <summary>The kind in lower case: <c>card</c>, <c>paypal</c>, <c>sepa_debit</c>, <c>bank_transfer</c>, <c>wallet</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>As printed on it: <c>Visa</c>.</summary>
    public string? Brand { get; init; }

    /// <summary>The last four digits.</summary>
    public string? LastFour { get; init; }

    /// <summary>1 to 12.</summary>
    public int? ExpiryMonth { get; init; }

    /// <summary>Four digits.</summary>
    public int? ExpiryYear { get; init; }
}

/// <summary>How often a subscription charges: every <see cref="Count"/> <see cref="Unit"/>s.</summary>
public sealed record BillingCycle
{
    /// <summary>The unit.</summary>
    public required CycleUnit Unit { get; init; }

    /// <summary>How many units; 3 months is a quarter.</summary>
    public int Count { get; init; } = 1;
}

/// <summary>The unit of a billing cycle.</summary>
public enum CycleUnit
{
    /// <summary>A day.</summary>
    Day,

    /// <summary>Seven days.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>A calendar year.</summary>
    Year,
}

/// <summary>Why there is an order.</summary>
public enum OrderReason
{
    /// <summary>Bought once.</summary>
    Purchase,

    /// <summary>The first charge of a subscription.</summary>
    SubscriptionStart,

    /// <summary>A further charge of a subscription.</summary>
    SubscriptionRenewal,

    /// <summary>A charge or credit for a plan change.</summary>
    SubscriptionChange,
}

/// <summary>Where an order stands.</summary>
public enum OrderState
{
    /// <summary>Not paid yet.</summary>
    Pending,

    /// <summary>Paid in full.</summary>
    Paid,

    /// <summary>Some of it was given back.</summary>
    PartiallyRefunded,

    /// <summary>All of it was given back.</summary>
    Refunded,

    /// <summary>The charge failed.</summary>
    Failed,

    /// <summary>Given up before it was paid.</summary>
    Canceled,
}

/// <summary>Where a payment stands.</summary>
public enum PaymentState
{
    /// <summary>Not decided.</summary>
    Pending,

    /// <summary>The money moved.</summary>
    Succeeded,

    /// <summary>It did not.</summary>
    Failed,

    /// <summary>Given up.</summary>
    Canceled,
}

/// <summary>Where a refund stands.</summary>
public enum RefundState
{
    /// <summary>On its way.</summary>
    Pending,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>It came back.</summary>
    Failed,
}

/// <summary>Where a dispute stands.</summary>
public enum DisputeState
{
    /// <summary>Not decided.</summary>
    Open,

    /// <summary>The merchant keeps the money.</summary>
    Won,

    /// <summary>The buyer has it back.</summary>
    Lost,
}

/// <summary>Where a subscription stands.</summary>
public enum SubscriptionState
{
    /// <summary>Not charged yet.</summary>
    Trialing,

    /// <summary>Paid up.</summary>
    Active,

    /// <summary>A charge is outstanding.</summary>
    PastDue,

    /// <summary>Not charged for now.</summary>
    Paused,

    /// <summary>Ended because someone ended it.</summary>
    Canceled,

    /// <summary>Ended because its time was up.</summary>
    Expired,
}

/// <summary>Where a processor's invoice stands.</summary>
public enum InvoiceState
{
    /// <summary>Not final.</summary>
    Draft,

    /// <summary>To be paid.</summary>
    Open,

    /// <summary>Paid.</summary>
    Paid,

    /// <summary>Taken back.</summary>
    Void,

    /// <summary>Given up on.</summary>
    Uncollectible,
}
