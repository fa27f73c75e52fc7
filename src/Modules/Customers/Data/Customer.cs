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
    public string? Name { get; private set; }

    /// <summary>As she writes it.</summary>
    public string? Phone { get; private set; }

    /// <summary>E.164; null where she left out the country's code.</summary>
    public string? PhoneNumber { get; private set; }

    /// <summary>The culture she chose, else the one she last signed in with.</summary>
    public string? Language { get; private set; }

    /// <summary>When she chose it on her profile; null while it is only what her browser said.</summary>
    public DateTimeOffset? LanguageChosenAt { get; private set; }

    /// <summary>Where she is billed.</summary>
    public PostalAddress Address { get; private set; } = PostalAddress.None;
    public PostalAddress ShippingAddress { get; private set; } = PostalAddress.None;
    public bool IsBusiness { get; private set; }
    public string? BusinessName { get; private set; }

    /// <summary>In the spelling of <see cref="Contract.TaxIdCheck"/>.</summary>
    public string? TaxId { get; private set; }

    /// <summary>What she set herself: no processor's record changes it any more, and processors are told of it.</summary>
    public OwnDetails Own { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? LastSignInAt { get; set; }
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>She turned out to be this customer. The row is kept, so that the merchant can take it back.</summary>
    public long? MergedIntoId { get; set; }

    /// <summary>Null while she has not chosen a password.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>From then on the row is only the place her kept rows and processor accounts lead to.</summary>
    public DateTimeOffset? ErasedAt { get; private set; }

    /// <summary>
    /// A further account or order joined her by the address alone. From then on no single account may move the address:
    /// whoever typed it at a checkout could carry off everything she bought.
    /// </summary>
    public bool FoundByEmail { get; set; }
    public Guid Version { get; set; }

    /// <summary>What a processor says of her name and address, as far as it is not hers to say.</summary>
    public void Hear(string? name, Address? address)
    {
        if (!Own.HasFlag(OwnDetails.Name))
        {
            Name = name ?? Name;
        }

        if (address is not null && !Own.HasFlag(OwnDetails.Address))
        {
            Address = PostalAddress.Of(address);
        }
    }

    /// <summary>She signed in with this culture; it counts until she chooses one.</summary>
    public void Speaks(string culture) => Language = LanguageChosenAt is null ? culture : Language;

    /// <summary>Takes over what she typed; what she left as it was stays the processors' to say.</summary>
    /// <returns>What changed.</returns>
    public OwnDetails Change(Details typed, DateTimeOffset now)
    {
        var changed = OwnDetails.None;
        Note(OwnDetails.Name, Name != typed.Name);
        Note(OwnDetails.Phone, (Phone, PhoneNumber) != (typed.Phone, typed.PhoneNumber));
        Note(OwnDetails.Address, Address != typed.Address);
        Note(OwnDetails.ShippingAddress, ShippingAddress != typed.ShippingAddress);
        Note(OwnDetails.Business, (IsBusiness, BusinessName) != (typed.IsBusiness, typed.BusinessName));
        Note(OwnDetails.TaxId, TaxId != typed.TaxId);
        Note(OwnDetails.Language, typed.Language is not null && (LanguageChosenAt is null || Language != typed.Language));
        Own |= changed;
        (Name, Phone, PhoneNumber) = (typed.Name, typed.Phone, typed.PhoneNumber);
        (Address, ShippingAddress) = (typed.Address, typed.ShippingAddress);
        (IsBusiness, BusinessName, TaxId) = (typed.IsBusiness, typed.BusinessName, typed.TaxId);
        if (changed.HasFlag(OwnDetails.Language))
        {
            (Language, LanguageChosenAt) = (typed.Language, now);
        }

        return changed;

        void Note(OwnDetails detail, bool differs) => changed |= differs ? detail : OwnDetails.None;
    }

    /// <summary>Takes out everything that tells who she was; she cannot come in again.</summary>
    public void Erase(DateTimeOffset now)
    {
        (Email, Name, Phone, PhoneNumber, PasswordHash) = (null, null, null, null, null);
        (Language, LanguageChosenAt, LastSignInAt) = (null, null, null);
        (Address, ShippingAddress) = (PostalAddress.None, PostalAddress.None);
        (IsBusiness, BusinessName, TaxId, Own) = (false, null, null, OwnDetails.None);
        DisabledAt = ErasedAt ??= now;
    }

    /// <summary>She confirmed another e-mail address: processors are told of that, too.</summary>
    public void OwnsEmail() => Own |= OwnDetails.Email;

    public Contract.CustomerInfo ToInfo() => new(Id, PublicId, Email, Name, Language, Address.ToAddress()) { LanguageChosenAt = LanguageChosenAt };
}

/// <summary>What a buyer may say of herself on her profile.</summary>
[Flags]
internal enum OwnDetails
{
    None = 0,
    Name = 1,
    Phone = 2,
    Language = 4,
    Address = 8,
    ShippingAddress = 16,
    Business = 32,
    TaxId = 64,
    Email = 128,
}

/// <summary>Her details as she typed them, checked and in one spelling.</summary>
internal sealed record Details
{
    public string? Name { get; init; }
    public string? Phone { get; init; }
    public string? PhoneNumber { get; init; }

    /// <summary>A culture the portal speaks; null to leave it to the browser.</summary>
    public string? Language { get; init; }
    public PostalAddress Address { get; init; } = PostalAddress.None;
    public PostalAddress ShippingAddress { get; init; } = PostalAddress.None;
    public bool IsBusiness { get; init; }
    public string? BusinessName { get; init; }
    public string? TaxId { get; init; }
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
