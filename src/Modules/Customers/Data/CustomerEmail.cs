using Portal.Kernel;

namespace Portal.Customers.Data;

/// <summary>How an address came to be a customer's.</summary>
internal enum EmailOrigin
{
    /// <summary>Told with what was bought.</summary>
    Processor,

    /// <summary>She added it and confirmed it.</summary>
    Buyer,

    /// <summary>The merchant entered it.</summary>
    Merchant,
}

/// <summary>An address of a customer's. Every one is a way in: the sign-in mail itself is the proof. What somebody merely typed is none of hers until confirmed.</summary>
internal sealed class CustomerEmail : IOwned
{
    private CustomerEmail() { }

    /// <param name="customer">Whose.</param>
    /// <param name="address">As written; it is an address.</param>
    /// <param name="origin">How it came to be hers.</param>
    /// <param name="now">When.</param>
    public CustomerEmail(CustomerId customer, string address, EmailOrigin origin, DateTimeOffset now)
    {
        PublicId = Kernel.PublicId.New("adr");
        (CustomerId, Origin, CreatedAt) = (customer, origin, now);
        Write(address);
    }

    public long Id { get; private set; }
    public string PublicId { get; private set; } = "";
    public CustomerId? CustomerId { get; set; }

    /// <summary>As written; mail goes to this spelling and no other.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Unique over all customers.</summary>
    public string Canonical { get; private set; } = "";
    public EmailOrigin Origin { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When somebody last proved for the first time that she reads its mail.</summary>
    public DateTimeOffset? VerifiedAt { get; private set; }

    /// <summary>She moved to another address: what processors tell under this one stays hers, but it lets nobody in.</summary>
    public DateTimeOffset? LeftAt { get; set; }

    public bool IsMainOf(Customer customer) => EmailAddress.Canonical(customer.Email) == Canonical;

    public void Verify(DateTimeOffset now) => VerifiedAt ??= now;

    /// <summary>A processor told another address instead.</summary>
    public void Write(string address) =>
        (Address, Canonical) = (
            address.Trim(),
            EmailAddress.Canonical(address) ?? throw new ArgumentException("Not an e-mail address.", nameof(address))
        );
}
