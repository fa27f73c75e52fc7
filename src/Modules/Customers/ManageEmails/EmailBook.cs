using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.MergeCustomers;
using Portal.Kernel;

namespace Portal.Customers.ManageEmails;

/// <summary>What came of an address's mailbox saying: this is mine.</summary>
internal enum Claim
{
    /// <summary>It is hers now.</summary>
    Hers,

    /// <summary>It is one of several of another customer's: nothing was changed.</summary>
    Anothers,
}

/// <summary>An address that lets somebody in, and whom.</summary>
internal sealed record AddressHolder(Customer Customer, CustomerEmail Email);

/// <summary>Which addresses are whose. Within the caller's transaction.</summary>
internal sealed class EmailBook(
    PortalDb db,
    MailedLinks links,
    CustomerMerges merges,
    ISessions sessions,
    IActivityLog log,
    IPublish<CustomerEmailChanged> changed,
    IPublish<CustomerEmailAdded> added,
    TimeProvider clock
)
{
    public const int AtMost = 10;
    private static readonly TimeSpan UndoLife = TimeSpan.FromHours(72);

    /// <summary>Whom an address lets in. The same two queries for every address.</summary>
    public async Task<AddressHolder?> FindHolderAsync(string canonical, CancellationToken ct)
    {
        var email = await db.AllOwners<CustomerEmail>().SingleOrDefaultAsync(e => e.Canonical == canonical && e.LeftAt == null, ct);
        var row = email?.CustomerId?.Value ?? 0;
        var customer = await db.Set<Customer>().SingleOrDefaultAsync(c => c.RowId == row && c.DisabledAt == null && c.MergedIntoId == null, ct);
        return email is not null && customer is not null ? new AddressHolder(customer, email) : null;
    }

    /// <summary>Somebody came in by a mail to this address.</summary>
    public async Task ProvenAsync(long? emailId, CancellationToken ct)
    {
        if (await db.AllOwners<CustomerEmail>().SingleOrDefaultAsync(e => e.Id == emailId, ct) is { } email)
        {
            email.Verify(clock.GetUtcNow());
            await db.SaveChangesAsync(ct);
        }
    }

    /// <summary>
    /// An address's mailbox said yes, so it is hers. If it was all there was to another customer, the two are one:
    /// whoever reads it could sign in as that customer anyway. One who has further ways in is somebody.
    /// </summary>
    public async Task<Claim> ClaimAsync(Customer her, string address, EmailOrigin origin, CancellationToken ct)
    {
        var canonical = EmailAddress.Canonical(address);
        var now = clock.GetUtcNow();
        var email = await db.AllOwners<CustomerEmail>().SingleOrDefaultAsync(e => e.Canonical == canonical, ct);
        if (email is null)
        {
            db.Add(email = new CustomerEmail(her.Id, address, origin, now));
        }
        else if (email.CustomerId != her.Id && email.LeftAt is not null)
        {
            email.CustomerId = her.Id;
        }
        else if (email.CustomerId is { } owner && owner != her.Id)
        {
            var other = await db.CustomerAsync(owner, ct);
            var ways = await db.AllOwners<CustomerEmail>().CountAsync(e => e.CustomerId == owner && e.LeftAt == null, ct);
            if (other is not { DisabledAt: null } || ways != 1 || !await merges.MergeAsync(owner, her.Id, ct))
            {
                return Claim.Anothers;
            }

            await db.Entry(email).ReloadAsync(ct);
        }

        email.LeftAt = null;
        email.Verify(now);
        await db.SaveChangesAsync(ct);
        return Claim.Hers;
    }

    /// <summary>One more address is hers; her main one is told.</summary>
    public async Task<Claim> AddAsync(Customer her, string address, CancellationToken ct)
    {
        var claim = await ClaimAsync(her, address, EmailOrigin.Buyer, ct);
        if (claim == Claim.Hers)
        {
            await log.RecordAsync(CustomersActivity.EmailAdded, her.Id, [EmailAddress.Mask(address)], ct);
            await added.PublishAsync(new CustomerEmailAdded(her.ToInfo(), address), ct);
        }

        return claim;
    }

    /// <summary>She moves to another address: the former one is told and can take it back, other browsers are signed out, open links are void.</summary>
    public async Task<Claim> ChangeAsync(Customer her, string address, EmailOrigin origin, CancellationToken ct)
    {
        var before = her.Email;
        if (await ClaimAsync(her, address, origin, ct) == Claim.Anothers)
        {
            return Claim.Anothers;
        }

        // Links that undo an earlier change live on: whoever took the account over could otherwise change twice.
        await links.WithdrawAllAsync(her, all => all.Where(l => l.Kind != LinkKind.UndoChange), ct);
        var (former, now) = (EmailAddress.Canonical(before), clock.GetUtcNow());
        if (former != EmailAddress.Canonical(address))
        {
            await db.AllOwners<CustomerEmail>()
                .Where(e => e.CustomerId == her.Id && e.Canonical == former)
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.LeftAt, now), ct);
        }

        her.Email = address.Trim();
        await db.SaveChangesAsync(ct);
        if (origin == EmailOrigin.Buyer)
        {
            await sessions.EndOthersAsync(Audience.Buyer, her.RowId, ct);
        }
        else
        {
            await sessions.EndAllAsync(Audience.Buyer, her.RowId, ct);
        }

        if (before is not null && origin == EmailOrigin.Buyer)
        {
            await links.MailAsync(LinkKind.UndoChange, her, before, UndoLife, null, ct, instead: her.Email);
        }

        await log.RecordAsync(CustomersActivity.EmailChanged, her.Id, [EmailAddress.Mask(her.Email)], ct);
        await changed.PublishAsync(new CustomerEmailChanged(her.ToInfo(), before, her.Email), ct);
        return Claim.Hers;
    }

    /// <summary>
    /// It was not she: the former address is the main one again, and everybody who is in is out. What the stranger brought along goes,
    /// too: addresses added since or shortly before, customers claimed with them, a password.
    /// </summary>
    public async Task<Claim> UndoAsync(MailedLink link, Customer her, CancellationToken ct)
    {
        var (before, since) = (her.Email, link.CreatedAt - UndoLife);
        var claimed = await db.Set<CustomerMove>()
            .Where(m => m.IntoId == her.RowId && m.Kind == MoveKind.Merge && m.By == Audience.Buyer && m.MovedAt >= since && m.UndoneAt == null)
            .OrderByDescending(m => m.Id)
            .ToListAsync(ct);
        foreach (var move in claimed)
        {
            await merges.UndoAsync(move, ct);
        }

        var claim = await ClaimAsync(her, link.Address, EmailOrigin.Buyer, ct);
        var (kept, instead) = (link.Canonical, EmailAddress.Canonical(link.Instead));
        await db.AllOwners<CustomerEmail>()
            .Where(e => e.CustomerId == her.Id && e.Canonical != kept)
            .Where(e => e.Canonical == instead || (e.Origin == EmailOrigin.Buyer && e.CreatedAt >= since))
            .ExecuteDeleteAsync(ct);
        (her.Email, her.PasswordHash) = (claim == Claim.Hers ? link.Address : null, null);
        await db.SaveChangesAsync(ct);
        await links.WithdrawAllAsync(her, all => all.Where(l => l.Kind != LinkKind.UndoChange || l.CreatedAt >= link.CreatedAt), ct);
        await sessions.EndAllAsync(Audience.Buyer, her.RowId, ct);
        await log.RecordAsync(CustomersActivity.EmailChangeUndone, her.Id, [EmailAddress.Mask(link.Address)], ct);
        if (her.Email is { } after)
        {
            await changed.PublishAsync(new CustomerEmailChanged(her.ToInfo(), before, after), ct);
        }

        return claim;
    }
}
