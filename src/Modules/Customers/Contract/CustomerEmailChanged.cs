using Portal.Kernel;

namespace Portal.Customers.Contract;

/// <summary>A customer's main address is another one now. Processors that know her are told.</summary>
/// <param name="Customer">With the new address.</param>
/// <param name="Before">The former one; null when there was none.</param>
/// <param name="After">The new one.</param>
public sealed record CustomerEmailChanged(CustomerInfo Customer, string? Before, string After) : IEvent;
