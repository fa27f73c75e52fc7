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
public sealed record CustomerInfo(CustomerId Id, string PublicId, string? Email, string? Name, string? Language, Address? Address)
{
    /// <summary>When she chose the language on her profile; null while it is only what her browser said.</summary>
    public DateTimeOffset? LanguageChosenAt { get; init; }
}

/// <summary>Where a buyer said that she wants marketing mails, or no more of them.</summary>
public enum ConsentSource
{
    /// <summary>On her profile.</summary>
    Profile,

    /// <summary>While ordering.</summary>
    Checkout,

    /// <summary>To the merchant, who wrote it down.</summary>
    Merchant,
}

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
    /// <summary>One customer; whoever was merged into another is that one. Null when there is none.</summary>
    Task<CustomerInfo?> FindAsync(CustomerId id, CancellationToken ct);

    /// <summary>By any address of hers in any spelling; null when there is none.</summary>
    Task<CustomerInfo?> FindByEmailAsync(string email, CancellationToken ct);

    /// <summary>Whether she was erased: of her there is a number left and nothing else.</summary>
    Task<bool> IsErasedAsync(CustomerId id, CancellationToken ct);

    /// <summary>Whose a record is. A first mention with an address makes the customer.</summary>
    Task<Owner> ResolveAsync(long connectionId, CustomerReference? reference, CancellationToken ct);

    /// <summary>
    /// Writes down that she wants marketing mails or no more of them, within the transaction of what told it. The newest word counts, however
    /// late an older one comes in; the same one told again is written once.
    /// </summary>
    Task ConsentAsync(CustomerId id, bool given, ConsentSource source, DateTimeOffset at, CancellationToken ct);
}

/// <summary>Knows customers by something of its own module, for the merchant's search: by an order's number.</summary>
public interface IKnowCustomers
{
    /// <summary>Whose this is; empty when the module knows nothing by that text.</summary>
    Task<IReadOnlyList<CustomerId>> FindAsync(string text, CancellationToken ct);
}

/// <summary>Two customers turned out to be one. Rows that have an owner are the other's already; whoever knows her in another way reacts to this.</summary>
/// <param name="From">Kept out of sight, and brought back should the merchant undo it.</param>
/// <param name="Into">Stays.</param>
public sealed record CustomersMerged(CustomerId From, CustomerId Into) : IEvent;

/// <summary>One customer turned out to be two, or a merge was taken back: some rows of the one are the other's already.</summary>
/// <param name="From">Whose they were.</param>
/// <param name="Into">Whose they are.</param>
public sealed record CustomersSplit(CustomerId From, CustomerId Into) : IEvent;

/// <summary>A further address is a customer's: told to her main one, in case it was not she who added it.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="Address">The new one.</param>
public sealed record CustomerEmailAdded(CustomerInfo Customer, string Address) : IEvent;

/// <summary>What a mailed link is for.</summary>
public enum LinkKind
{
    /// <summary>To a further address: it is mine.</summary>
    ConfirmAddress,

    /// <summary>To the address she changes to: it is mine.</summary>
    ConfirmChange,

    /// <summary>To her former address: it was not me.</summary>
    UndoChange,

    /// <summary>To the address the merchant gave her: it is mine.</summary>
    ConfirmNewMailbox,

    /// <summary>To the address the merchant is about to replace: I still read this.</summary>
    KeepMailbox,

    /// <summary>To somebody the merchant invites.</summary>
    Invitation,
}

/// <summary>A link is to be mailed.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Customer">Whose.</param>
/// <param name="To">Where the mail goes, and nowhere else.</param>
/// <param name="Token">For the link. It exists here and in the mail; the portal keeps its hash.</param>
/// <param name="ExpiresAt">When it stops working.</param>
/// <param name="Language">The language it was asked for in; null for the customer's own.</param>
public sealed record MailedLinkMade(LinkKind Kind, CustomerInfo Customer, string To, string Token, DateTimeOffset ExpiresAt, string? Language)
    : IEvent;

/// <summary>A buyer asked for a way in, and there is one to give.</summary>
/// <param name="Customer">Who; the mail goes to the address here, which is the one of hers that was asked for.</param>
/// <param name="Token">For the link. It exists here and in the mail; the portal keeps its hash.</param>
/// <param name="Code">Six digits that do the same where the link cannot be opened.</param>
/// <param name="ExpiresAt">When both stop working.</param>
/// <param name="Language">The language she asked in.</param>
public sealed record SignInLinkMade(CustomerInfo Customer, string Token, string Code, DateTimeOffset ExpiresAt, string Language) : IEvent;

/// <summary>Knows something only a buyer has at hand besides her mailbox: what a lost address is found by. A module per kind of proof.</summary>
public interface IProveOwnership
{
    /// <summary>Whose both are; null when they do not belong together, or to nobody alone.</summary>
    /// <param name="number">An order's number, as typed.</param>
    /// <param name="reference">What its processor calls the order or the payment, as typed.</param>
    /// <param name="ct">Ends the query.</param>
    Task<CustomerId?> FindAsync(string number, string reference, CancellationToken ct);
}
