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
        (Email, Name, CreatedAt) = (email?.Trim(), name, now);
    }

    /// <summary>A plain number here: SQLite numbers rows only where no conversion stands between.</summary>
    public long RowId { get; private set; }
    public CustomerId Id => new(RowId);
    public string PublicId { get; private set; } = "";

    /// <summary>Her main address, one of her <see cref="CustomerEmail"/>s: mail goes here. Null when nobody told a usable one.</summary>
    public string? Email { get; set; }
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

    /// <summary>She turned out to be this customer. The row is kept, so that the merchant can take it back.</summary>
    public long? MergedIntoId { get; set; }

    /// <summary>Null while she has not chosen a password.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>
    /// A further account or order joined her by the address alone. From then on no single account may move the address:
    /// whoever typed it at a checkout could carry off everything she bought.
    /// </summary>
    public bool FoundByEmail { get; set; }
    public Guid Version { get; set; }

    public void Lives(Address address) =>
        (Line1, Line2, City, Region, PostalCode, Country) = (
            address.Line1,
            address.Line2,
            address.City,
            address.State,
            address.PostalCode,
            address.Country is { Length: 2 } country ? country.ToUpperInvariant() : null
        );

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
internal sealed class ProcessorCustomer : IOwned
{
    private ProcessorCustomer() { }

    public ProcessorCustomer(long connectionId, string processorId, CustomerId customerId, DateTimeOffset asOf) =>
        (ConnectionId, ProcessorId, CustomerId, AsOf) = (connectionId, processorId, customerId, asOf);

    public long Id { get; private set; }
    public long ConnectionId { get; private set; }
    public string ProcessorId { get; private set; } = "";
    public CustomerId? CustomerId { get; private set; }
    public DateTimeOffset AsOf { get; set; }
}
