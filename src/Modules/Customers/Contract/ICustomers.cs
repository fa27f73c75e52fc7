using Portal.Kernel;
using Portal.Processors;

namespace Portal.Customers.Contract;

/// <summary>A customer as other modules know her.</summary>
/// <param name="Id">The row number.</param>
/// <param name="PublicId">Her name in URLs.</param>
/// <param name="Email">The stored address; mail goes here and nowhere else. Null while no processor told one.</param>
/// <param name="Name">As she or a processor wrote it.</param>
/// <param name="Language">A culture name, once she chose one.</param>
/// <param name="Address">Where she is billed.</param>
public sealed record CustomerInfo(CustomerId Id, string PublicId, string? Email, string? Name, string? Language, Address? Address);

/// <summary>Whose a processor's record is.</summary>
public abstract record Owner
{
    private Owner() { }

    /// <summary>This customer's.</summary>
    public sealed record Known(CustomerId Id) : Owner;

    /// <summary>The record names nobody: it is shown to merchants only.</summary>
    public sealed record Nobody : Owner;

    /// <summary>It names a processor's customer the portal has not heard of yet.</summary>
    public sealed record Unheard(string ProcessorCustomerId) : Owner;
}

/// <summary>The portal's customers.</summary>
public interface ICustomers
{
    /// <summary>One customer; null when there is none.</summary>
    Task<CustomerInfo?> FindAsync(CustomerId id, CancellationToken ct);

    /// <summary>By an e-mail address in any spelling; null when there is none.</summary>
    Task<CustomerInfo?> FindByEmailAsync(string email, CancellationToken ct);

    /// <summary>Whether she was erased: of her there is a number left and nothing else.</summary>
    Task<bool> IsErasedAsync(CustomerId id, CancellationToken ct);

    /// <summary>Whose a record is. A first mention with an address makes the customer.</summary>
    Task<Owner> ResolveAsync(long connectionId, CustomerReference? reference, CancellationToken ct);
}

/// <summary>Two customers turned out to be one: every row of the one is now the other's.</summary>
/// <param name="From">Gone after this event.</param>
/// <param name="Into">Stays.</param>
public sealed record CustomersMerged(CustomerId From, CustomerId Into) : IEvent;

/// <summary>A buyer asked for a way in, and there is one to give.</summary>
/// <param name="Customer">Who; the mail goes to her stored address.</param>
/// <param name="Token">For the link. It exists here and in the mail; the portal keeps its hash.</param>
/// <param name="ExpiresAt">When it stops working.</param>
/// <param name="Language">The language she asked in.</param>
public sealed record SignInLinkMade(CustomerInfo Customer, string Token, DateTimeOffset ExpiresAt, string Language) : IEvent;
