namespace Portal.Processors;

// Implement those the processor truly has. What a class lacks, the portal supplies itself or hands over honestly.

/// <summary>Receives the processor's notifications in two steps: prove who sent it, then read what it says.</summary>
/// <remarks>
/// The portal stores the raw bytes between the two, so that a slow API, a new event type or a mistake in
/// <see cref="ReadAsync"/> never costs a delivery and never delays the answer to the processor.
/// </remarks>
public interface IReceiveWebhooks
{
    /// <summary>
    /// Decides from the raw bytes, headers and settings whether the processor sent this, before anything is parsed into objects.
    /// Uses the network only where the processor leaves no other way to verify.
    /// </summary>
    Task<Delivery> VerifyAsync(WebhookRequest request, CancellationToken ct);

    /// <summary>
    /// Turns a delivery that was verified earlier into records; empty for an event without effect.
    /// May ask the processor's API, and must where the notification itself is only a hint.
    /// </summary>
    /// <exception cref="ProcessorException">The processor could not be asked: the portal tries again later.</exception>
    /// <exception cref="FormatException">The body cannot be understood: the portal parks the delivery with this message.</exception>
    Task<IReadOnlyList<ProcessorRecord>> ReadAsync(WebhookRequest request, CancellationToken ct);
}

/// <summary>Reads the processor's books: first import, catch-up after downtime, settling a lost reply.</summary>
public interface IListRecords
{
    /// <summary>
    /// Everything changed since a moment, page by page, customers before what they own. Repeating it must be harmless;
    /// a record told twice is the same record.
    /// </summary>
    IAsyncEnumerable<ProcessorRecord> ListAsync(DateTimeOffset changedSince, CancellationToken ct);

    /// <summary>One thing as the processor has it now; null when it has no such thing or cannot be asked for this kind.</summary>
    Task<ProcessorRecord?> FindAsync(RecordKind kind, string id, CancellationToken ct);
}

/// <summary>Ends a subscription.</summary>
public interface ICancelSubscriptions
{
    /// <summary>What the processor does natively; the portal's scheduler supplies <see cref="CancelTiming.AtPeriodEnd"/> where it is missing.</summary>
    CancelTiming Timings { get; }

    /// <summary>
    /// How long before the renewal the portal must cancel when it supplies <see cref="CancelTiming.AtPeriodEnd"/> itself,
    /// so that the renewal cannot slip in first.
    /// </summary>
    TimeSpan SafetyMargin => TimeSpan.FromHours(6);

    /// <summary>Cancels with a timing out of <see cref="Timings"/>. Canceling what is canceled already succeeds.</summary>
    Task<Outcome> CancelAsync(CancelSubscription request, CancellationToken ct);
}

/// <summary>Takes back a cancellation that has not yet taken effect.</summary>
public interface IUndoCancellations
{
    /// <summary>Succeeds, too, when nothing was scheduled any more and the subscription runs on.</summary>
    Task<Outcome> UndoCancelAsync(UndoCancellation request, CancellationToken ct);
}

/// <summary>Stops charging a subscription for a while.</summary>
public interface IPauseSubscriptions
{
    /// <summary>Pauses now; until a date where the processor takes one.</summary>
    Task<Outcome> PauseAsync(PauseSubscription request, CancellationToken ct);

    /// <summary>Lifts the pause.</summary>
    Task<Outcome> ResumeAsync(ResumeSubscription request, CancellationToken ct);
}

/// <summary>Moves a subscription to another plan.</summary>
public interface IChangePlans
{
    /// <summary>What the change would cost; <see cref="PlanQuote.Estimated"/> where the processor cannot quote.</summary>
    Task<PlanQuote> QuoteAsync(ChangePlan request, CancellationToken ct);

    /// <summary>Changes the plan at the quoted terms.</summary>
    Task<Outcome> ChangeAsync(ChangePlan request, CancellationToken ct);
}

/// <summary>Charges a failed payment again.</summary>
public interface IRetryPayments
{
    /// <summary>Tries once more with the method on file, or the one given.</summary>
    Task<Outcome> RetryAsync(RetryPayment request, CancellationToken ct);
}

/// <summary>Gives money back.</summary>
public interface IRefundPayments
{
    /// <summary>What can be refunded, and how long.</summary>
    RefundTerms Terms { get; }

    /// <summary>Refunds a payment, wholly or in part.</summary>
    Task<Outcome> RefundAsync(RefundPayment request, CancellationToken ct);
}

/// <summary>Sells through the processor's hosted checkout.</summary>
public interface IHostCheckout
{
    /// <summary>Opens a checkout the buyer is redirected to.</summary>
    Task<HostedPage> StartCheckoutAsync(StartCheckout request, CancellationToken ct);
}

/// <summary>Adds or replaces a payment method on the processor's own page; no card number ever reaches the portal.</summary>
public interface IHostPaymentMethods
{
    /// <summary>Opens the page the buyer is redirected to.</summary>
    Task<HostedPage> StartUpdateAsync(UpdatePaymentMethod request, CancellationToken ct);
}

/// <summary>Removes stored payment methods.</summary>
public interface IRemovePaymentMethods
{
    /// <summary>Removes it. Removing what is gone already succeeds.</summary>
    Task<Outcome> RemoveAsync(RemovePaymentMethod request, CancellationToken ct);
}

/// <summary>Chooses which stored payment method is charged.</summary>
public interface IChoosePaymentMethods
{
    /// <summary>Makes it the default of the customer, or of one subscription.</summary>
    Task<Outcome> ChooseAsync(ChoosePaymentMethod request, CancellationToken ct);
}

/// <summary>Has invoice documents of its own.</summary>
public interface IProvideInvoiceFiles
{
    /// <summary>Opens the document for reading. The caller disposes it.</summary>
    /// <exception cref="ProcessorException"><see cref="ProcessorFault.NotFound"/> while there is no document yet.</exception>
    Task<InvoiceFile> OpenAsync(string invoiceId, CancellationToken ct);
}

/// <summary>Takes over what a buyer changed of her own details.</summary>
public interface IUpdateCustomers
{
    /// <summary>Writes what the request says over what the processor has. Told twice it changes nothing more.</summary>
    Task<Outcome> UpdateAsync(UpdateCustomer request, CancellationToken ct);
}
