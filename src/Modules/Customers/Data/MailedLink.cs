using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.Data;

/// <summary>A link in a mail that does one thing once; the token itself is only in the mail.</summary>
internal sealed class MailedLink
{
    private MailedLink() { }

    public MailedLink(LinkKind kind, Customer customer, string address, string token, DateTimeOffset now, TimeSpan life)
    {
        (Kind, CustomerId, Address, Canonical) = (kind, customer.Id, address, EmailAddress.Canonical(address)!);
        (TokenHash, CreatedAt, ExpiresAt) = (SecretToken.Hash(token), now, now + life);
    }

    public long Id { get; private set; }
    public LinkKind Kind { get; private set; }
    public CustomerId CustomerId { get; private set; }
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>Where it was mailed to, and what using it proves.</summary>
    public string Address { get; private set; } = "";
    public string Canonical { get; private set; } = "";

    /// <summary>For <see cref="LinkKind.UndoChange"/>: the address that took this one's place.</summary>
    public string? Instead { get; init; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it was used or withdrawn.</summary>
    public DateTimeOffset? SpentAt { get; private set; }
}

/// <summary>The merchant gives a customer another address because she lost her mailbox. It waits, so that whoever still reads the old one can object.</summary>
internal sealed class AddressChange : WorkItem
{
    /// <summary>How long the old address may object.</summary>
    public static readonly TimeSpan CoolingOff = TimeSpan.FromHours(72);

    /// <summary>How long the new one may take to confirm.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(14);

    private AddressChange() { }

    public AddressChange(CustomerId customer, string address, DateTimeOffset now)
    {
        PublicId = Kernel.PublicId.New("chg");
        (CustomerId, OpenFor, Address, CreatedAt, EffectAt, DueAt) = (
            customer,
            customer.Value,
            address.Trim(),
            now,
            now + CoolingOff,
            now + CoolingOff
        );
    }

    public string PublicId { get; private set; } = "";
    public CustomerId CustomerId { get; private set; }

    /// <summary>The customer's row number while this is open; unique, so that two changes cannot cross.</summary>
    public long? OpenFor { get; private set; }
    public string Address { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Not before.</summary>
    public DateTimeOffset EffectAt { get; private set; }

    /// <summary>When the new address's mailbox said yes.</summary>
    public DateTimeOffset? ConfirmedAt { get; private set; }

    public void Confirm(DateTimeOffset now)
    {
        ConfirmedAt ??= now;
        DueAt = EffectAt;
    }

    /// <summary>Done, stopped or overdue.</summary>
    public void Close(DateTimeOffset now)
    {
        OpenFor = null;
        Finish(now);
    }
}
