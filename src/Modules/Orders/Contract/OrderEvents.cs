using Portal.Kernel;

namespace Portal.Orders.Contract;

/// <summary>An order became paid: told once per order.</summary>
/// <param name="Order">As it now stands.</param>
/// <param name="Historic">True when it was back-filled: nobody is mailed about it.</param>
public sealed record OrderPaid(OrderInfo Order, bool Historic) : IEvent
{
    /// <inheritdoc />
    public override string ToString() => $"Order {Order.PublicId} paid, {Order.Total}{(Historic ? ", historic" : "")}";
}

/// <summary>A payment that is owed failed: told once, until it succeeds and fails again.</summary>
/// <param name="PaymentId">Its name in URLs.</param>
/// <param name="CustomerId">Whose.</param>
/// <param name="Amount">What was tried.</param>
/// <param name="Name">What it was for, as the buyer reads it; null when that is not known.</param>
/// <param name="Historic">True when it was back-filled.</param>
public sealed record PaymentFailed(string PaymentId, CustomerId? CustomerId, Processors.Money Amount, string? Name, bool Historic) : IEvent;
