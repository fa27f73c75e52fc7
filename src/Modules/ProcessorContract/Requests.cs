namespace Portal.Processors;

/// <summary>A command to the processor.</summary>
public abstract record ProcessorRequest
{
    /// <summary>Same key, same effect. Pass it on wherever the processor takes one. At most 64 characters.</summary>
    public required string IdempotencyKey { get; init; }
}

/// <summary>When a cancellation takes effect.</summary>
[Flags]
public enum CancelTiming
{
    /// <summary>The buyer keeps what she paid for; no renewal.</summary>
    AtPeriodEnd = 1,

    /// <summary>At once.</summary>
    Immediately = 2,
}

/// <summary>End a subscription.</summary>
public sealed record CancelSubscription : ProcessorRequest
{
    /// <summary>The processor's id.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>One of the adapter's <see cref="ICancelSubscriptions.Timings"/>.</summary>
    public required CancelTiming Timing { get; init; }
}

/// <summary>Let a subscription run on.</summary>
public sealed record UndoCancellation : ProcessorRequest
{
    /// <summary>The processor's id.</summary>
    public required string SubscriptionId { get; init; }
}

/// <summary>Stop charging for a while.</summary>
public sealed record PauseSubscription : ProcessorRequest
{
    /// <summary>The processor's id.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>When charging starts again; null for until resumed.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Charge again after a pause.</summary>
public sealed record ResumeSubscription : ProcessorRequest
{
    /// <summary>The processor's id.</summary>
    public required string SubscriptionId { get; init; }
}

/// <summary>Move to another plan.</summary>
public sealed record ChangePlan : ProcessorRequest
{
    /// <summary>The processor's id.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The processor's id of the plan or price to move to.</summary>
    public required string PlanId { get; init; }

    /// <summary>How many of it.</summary>
    public int Quantity { get; init; } = 1;

    /// <summary>Where the buyer comes back to after consenting, should the processor ask for that.</summary>
    public required Uri ReturnTo { get; init; }
}

/// <summary>Charge a failed payment again.</summary>
public sealed record RetryPayment : ProcessorRequest
{
    /// <summary>The processor's id of the failed payment.</summary>
    public required string PaymentId { get; init; }

    /// <summary>The processor's id of the invoice it was for, where there is one.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>Charge this stored method instead of the one on file.</summary>
    public string? PaymentMethodId { get; init; }
}

/// <summary>Give money back.</summary>
public sealed record RefundPayment : ProcessorRequest
{
    /// <summary>The processor's id.</summary>
    public required string PaymentId { get; init; }

    /// <summary>At most what is left of the payment.</summary>
    public required Money Amount { get; init; }
}

/// <summary>Open a hosted checkout.</summary>
public sealed record StartCheckout : ProcessorRequest
{
    /// <summary>The processor's id of the plan or price.</summary>
    public required string PlanId { get; init; }

    /// <summary>Where the buyer comes back to.</summary>
    public required Uri ReturnTo { get; init; }
}

/// <summary>Open the processor's page for a new payment method.</summary>
public sealed record UpdatePaymentMethod : ProcessorRequest
{
    /// <summary>The processor's id of the customer, where it has customers.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The processor's id of the subscription it is for, where the update is about one.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>Where the buyer comes back to.</summary>
    public required Uri ReturnTo { get; init; }
}

/// <summary>Remove a stored payment method.</summary>
public sealed record RemovePaymentMethod : ProcessorRequest
{
    /// <summary>The processor's id.</summary>
    public required string PaymentMethodId { get; init; }
}

/// <summary>Choose the payment method that is charged.</summary>
public sealed record ChoosePaymentMethod : ProcessorRequest
{
    /// <summary>The processor's id.</summary>
    public required string PaymentMethodId { get; init; }

    /// <summary>The processor's id of the customer.</summary>
    public required string CustomerId { get; init; }

    /// <summary>Only for this subscription; null for the customer's default.</summary>
    public string? SubscriptionId { get; init; }
}

/// <summary>
/// Take over a buyer's details. A null leaves what the processor has; an empty text, or an <see cref="Address"/> that says nothing, takes it away.
/// </summary>
public sealed record UpdateCustomer : ProcessorRequest
{
    /// <summary>The processor's id.</summary>
    public required string CustomerId { get; init; }

    /// <summary>Confirmed by the buyer; never empty.</summary>
    public string? Email { get; init; }

    /// <summary>As the buyer writes it.</summary>
    public string? Name { get; init; }

    /// <summary>As E.164 where the buyer gave the country's code (<c>+33123456789</c>), else as she wrote it.</summary>
    public string? Phone { get; init; }

    /// <summary>Where she is billed.</summary>
    public Address? Address { get; init; }

    /// <summary>Where goods are sent; <see cref="Name"/> comes with it.</summary>
    public Address? ShippingAddress { get; init; }

    /// <summary>Of the business she buys for.</summary>
    public string? BusinessName { get; init; }

    /// <summary>
    /// Her tax id without blanks and dots, with the prefix its country writes: <c>DE136695976</c>, <c>CHE107787577MWST</c>, <c>83914571673</c>.
    /// </summary>
    public string? TaxId { get; init; }

    /// <summary>Whose tax id it is: ISO 3166-1 alpha-2.</summary>
    public string? TaxIdCountry { get; init; }
}
