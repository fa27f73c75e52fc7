namespace Portal.Processors;

/// <summary>What a command came to. A decline is an answer. A lost reply is not: throw, and the portal asks the books.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>Done; the processor now has it like this.</summary>
    public sealed record Succeeded : Outcome
    {
        /// <summary>The state after the command, applied like any webhook's.</summary>
        public required ProcessorRecord Record { get; init; }
    }

    /// <summary>Accepted, not yet decided; a webhook or the books will tell.</summary>
    public sealed record Pending : Outcome
    {
        /// <summary>The processor's reference for support; not shown to buyers.</summary>
        public string? Reference { get; init; }
    }

    /// <summary>The buyer must consent at the processor first (3-D Secure, plan approval): the portal redirects there.</summary>
    public sealed record RequiresAction : Outcome
    {
        /// <summary>Where to send the buyer.</summary>
        public required HostedPage Page { get; init; }
    }

    /// <summary>Refused for good: trying the same again will not help.</summary>
    public sealed record Declined : Outcome
    {
        /// <summary>The processor's code: <c>card_declined</c>.</summary>
        public required string Code { get; init; }

        /// <summary>The processor's own words for the buyer, where it has some meant for her.</summary>
        public string? BuyerMessage { get; init; }
    }
}

/// <summary>A page at the processor the buyer is redirected to.</summary>
public sealed record HostedPage
{
    /// <summary>Absolute, https.</summary>
    public required Uri Location { get; init; }

    /// <summary>When it stops working, where known.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>What a plan change would cost.</summary>
public sealed record PlanQuote
{
    /// <summary>Charged at once; negative for a credit.</summary>
    public required Money DueNow { get; init; }

    /// <summary>Charged each period from then on.</summary>
    public required Money EachPeriod { get; init; }

    /// <summary>True when the adapter computed it and the processor may come to another amount.</summary>
    public bool Estimated { get; init; }
}

/// <summary>A processor's invoice document.</summary>
public sealed record InvoiceFile
{
    /// <summary>The bytes; disposed by the caller.</summary>
    public required Stream Content { get; init; }

    /// <summary>For example <c>application/pdf</c>.</summary>
    public required string MediaType { get; init; }
}

/// <summary>What can be refunded.</summary>
public sealed record RefundTerms
{
    /// <summary>Whether less than the whole amount can be given back.</summary>
    public bool Partial { get; init; }

    /// <summary>How long after the payment; null when the processor sets no limit.</summary>
    public TimeSpan? Window { get; init; }
}
