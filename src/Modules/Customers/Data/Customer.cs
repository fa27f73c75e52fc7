using Portal.Kernel;
using Portal.Processors;

namespace Portal.Customers.Data;

/// <summary>A person or company that buys.</summary>
internal sealed class Customer : IVersioned
{
    private Customer() { }

    public Customer(string? email, string? name, DateTimeOffset now)
    {
        PublicId = Kernel.PublicId.New("cus");
        (Email, EmailCanonical, Name, CreatedAt) = (email?.Trim(), EmailAddress.Canonical(email), name, now);
    }

    /// <summary>A plain number here: SQLite numbers rows only where no conversion stands between.</summary>
    public long RowId { get; private set; }
    public CustomerId Id => new(RowId);
    public string PublicId { get; private set; } = "";

    /// <summary>As first told; mail goes here.</summary>
    public string? Email { get; private set; }

    /// <summary>Unique; null when no processor told a usable address.</summary>
    public string? EmailCanonical { get; private set; }
    public string? Name { get; set; }

    /// <summary>The culture she last asked in.</summary>
    public string? Language { get; set; }
    public string? Line1 { get; private set; }
    public string? Line2 { get; private set; }
    public string? City { get; private set; }
    public string? Region { get; private set; }
    public string? PostalCode { get; private set; }
    public string? Country { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? LastSignInAt { get; set; }
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>From then on the row is only the place her kept rows and processor accounts lead to.</summary>
    public DateTimeOffset? ErasedAt { get; private set; }

    /// <summary>
    /// A further account or order joined her by the address alone. From then on no single account may move the address:
    /// whoever typed it at a checkout could carry off everything she bought.
    /// </summary>
    public bool FoundByEmail { get; set; }
    public Guid Version { get; set; }

    /// <summary>A processor told another address. It counts while this is its only account and she has not signed in; then it is hers to change.</summary>
    /// <returns>Whether the address moved.</returns>
    public bool Correct(string email)
    {
        if (LastSignInAt is not null || FoundByEmail || EmailAddress.Canonical(email) is not { } canonical)
        {
            return false;
        }

        (Email, EmailCanonical) = (email.Trim(), canonical);
        return true;
    }

    public void Lives(Address address) =>
        (Line1, Line2, City, Region, PostalCode, Country) = (
            address.Line1,
            address.Line2,
            address.City,
            address.State,
            address.PostalCode,
            address.Country is { Length: 2 } country ? country.ToUpperInvariant() : null
        );

    /// <summary>Takes out everything that tells who she was; she cannot come in again.</summary>
    public void Erase(DateTimeOffset now)
    {
        (Email, EmailCanonical, Name, Language, LastSignInAt) = (null, null, null, null, null);
        Lives(new Address());
        DisabledAt = ErasedAt ??= now;
    }

    public Contract.CustomerInfo ToInfo() =>
        new(
            Id,
            PublicId,
            Email,
            Name,
            Language,
            Country is null && Line1 is null
                ? null
                : new Address
                {
                    Line1 = Line1,
                    Line2 = Line2,
                    City = City,
                    State = Region,
                    PostalCode = PostalCode,
                    Country = Country,
                }
        );
}

/// <summary>A processor's customer account, and whose it is.</summary>
internal sealed class ProcessorCustomer
{
    private ProcessorCustomer() { }

    public ProcessorCustomer(long connectionId, string processorId, CustomerId customerId, DateTimeOffset asOf) =>
        (ConnectionId, ProcessorId, CustomerId, AsOf) = (connectionId, processorId, customerId, asOf);

    public long Id { get; private set; }
    public long ConnectionId { get; private set; }
    public string ProcessorId { get; private set; } = "";
    public CustomerId CustomerId { get; set; }
    public DateTimeOffset AsOf { get; set; }
}
