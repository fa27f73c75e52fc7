using Portal.Kernel;
using Portal.Processors;

namespace Portal.Orders.Contract;

/// <summary>An order as other modules know it.</summary>
public sealed record OrderInfo
{
    /// <summary>The row number.</summary>
    public required long Id { get; init; }

    /// <summary>Its name in URLs.</summary>
    public required string PublicId { get; init; }

    /// <summary>What a buyer quotes to the merchant's support.</summary>
    public required string Number { get; init; }

    /// <summary>The merchant account it was paid through.</summary>
    public required long ConnectionId { get; init; }

    /// <summary>The processor's id.</summary>
    public required string ProcessorId { get; init; }

    /// <summary>Whose; null while that is not known.</summary>
    public required CustomerId? CustomerId { get; init; }

    /// <summary>What it is.</summary>
    public required OrderReason Reason { get; init; }

    /// <summary>Where it stands.</summary>
    public required OrderState State { get; init; }

    /// <summary>Tax included.</summary>
    public required Money Total { get; init; }

    /// <summary>Within <see cref="Total"/>; null when the processor does not say.</summary>
    public required Money? Tax { get; init; }

    /// <summary>When it was placed.</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When it was paid.</summary>
    public required DateTimeOffset? PaidAt { get; init; }

    /// <summary>The processor's id of the subscription it belongs to.</summary>
    public required string? SubscriptionProcessorId { get; init; }

    /// <summary>Who is billed, as far as the order says.</summary>
    public required BillingDetail Billing { get; init; }

    /// <summary>What was bought.</summary>
    public required IReadOnlyList<OrderLine> Lines { get; init; }
}

/// <summary>A payment of a subscription, for its history.</summary>
/// <param name="PublicId">Its name in URLs.</param>
/// <param name="Amount">What was charged, or tried.</param>
/// <param name="State">Where it stands.</param>
/// <param name="At">When.</param>
/// <param name="OrderId">The order's name in URLs, where known.</param>
public sealed record PaymentInfo(string PublicId, Money Amount, PaymentState State, DateTimeOffset At, string? OrderId);

/// <summary>Orders and payments, for other modules. All of it is the current buyer's unless said otherwise.</summary>
public interface IOrders
{
    /// <summary>The current buyer's order; null when it is not hers or not there.</summary>
    Task<OrderInfo?> FindMineAsync(string publicId, CancellationToken ct);

    /// <inheritdoc cref="FindMineAsync(string, CancellationToken)"/>
    Task<OrderInfo?> FindMineAsync(long id, CancellationToken ct);

    /// <summary>An order, whoever's it is: for merchants and workers.</summary>
    Task<OrderInfo?> FindAsync(long id, CancellationToken ct);

    /// <summary>A customer's newest paid order: for merchants and workers.</summary>
    Task<OrderInfo?> NewestPaidAsync(CustomerId customer, CancellationToken ct);

    /// <summary>The current buyer's newest payments for a subscription.</summary>
    Task<IReadOnlyList<PaymentInfo>> MyPaymentsForAsync(long connectionId, string subscriptionProcessorId, int atMost, CancellationToken ct);
}
