using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.MergeCustomers;

/// <summary>Makes one customer of two and two of one, and takes it back. Within the caller's transaction.</summary>
internal sealed class CustomerMerges(
    PortalDb db,
    OwnedRows rows,
    ISessions sessions,
    IActivityLog log,
    Actor actor,
    IPublish<CustomersMerged> merged,
    IPublish<CustomersSplit> split,
    TimeProvider clock
)
{
    private const string Accounts = "customers_processor_customer";

    /// <summary>Everything of the one becomes the other's; her addresses lead to the other from now on.</summary>
    /// <returns>False when one of them was merged meanwhile.</returns>
    public async Task<bool> MergeAsync(CustomerId from, CustomerId into, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        if (
            from == into
            || await BothAsync(from, into, ct) is not ({ } gone, { } stays)
            || stays.MergedIntoId is not null
            || gone.MergedIntoId is not null
        )
        {
            return false;
        }

        await ShutOutAsync(gone, ct);
        var moved = await rows.MoveAllAsync(from, into, ct);
        db.Add(new CustomerMove(MoveKind.Merge, gone, stays, moved, actor.Audience, clock.GetUtcNow()));
        (gone.MergedIntoId, stays.FoundByEmail) = (into.Value, true);
        stays.Email ??= gone.Email;
        await db.SaveChangesAsync(ct);
        await merged.PublishAsync(new CustomersMerged(from, into), ct);
        await log.RecordAsync(CustomersActivity.Merged, into, [Describe(gone)], ct);
        return true;
    }

    /// <summary>What came with these accounts becomes a new customer's.</summary>
    /// <param name="customer">Who is two.</param>
    /// <param name="accounts">Row numbers of accounts of hers that are the other's.</param>
    /// <param name="unnamed">Connections where what names no account goes along.</param>
    /// <param name="email">The other's address: a further one of hers, or one nobody has; null for none.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <returns>Null when an account is not hers or the address is somebody's.</returns>
    public async Task<Customer?> SplitAsync(
        CustomerId customer,
        IReadOnlyList<long> accounts,
        IReadOnlyList<long> unnamed,
        string? email,
        CancellationToken ct
    )
    {
        if ((await db.LockAsync([customer], ct)).SingleOrDefault() is not { MergedIntoId: null } hers)
        {
            return null;
        }

        var theirs = await db.AllOwners<ProcessorCustomer>()
            .AsNoTracking()
            .Where(k => k.CustomerId == customer && accounts.Contains(k.Id))
            .ToListAsync(ct);
        var canonical = EmailAddress.Canonical(email);
        var known = await db.AllOwners<CustomerEmail>().SingleOrDefaultAsync(e => e.Canonical == canonical, ct);
        if (theirs.Count != accounts.Count || (known is not null && (known.CustomerId != customer || known.IsMainOf(hers))))
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var other = new Customer(known?.Address ?? email, null, now);
        db.Add(other);
        await db.SaveChangesAsync(ct);
        List<MovedRows> chosen = [new(Accounts, [.. theirs.Select(k => k.Id)])];
        if (known is not null)
        {
            known.LeftAt = null;
            chosen.Add(new("customers_email", [known.Id]));
        }
        else if (canonical is not null)
        {
            db.Add(new CustomerEmail(other.Id, email!, EmailOrigin.Merchant, now));
        }

        await ShutOutAsync(hers, ct);
        await rows.MoveAsync(chosen, customer, other.Id, ct);
        var moved = await rows.MoveAccountsAsync(
            [.. theirs.Select(k => new ProcessorAccount(k.ConnectionId, k.ProcessorId)), .. unnamed.Select(c => new ProcessorAccount(c, null))],
            customer,
            other.Id,
            ct
        );
        db.Add(new CustomerMove(MoveKind.Split, hers, other, [.. chosen, .. moved], actor.Audience, now));
        await db.SaveChangesAsync(ct);
        await split.PublishAsync(new CustomersSplit(customer, other.Id), ct);
        await log.RecordAsync(CustomersActivity.SplitOff, customer, [other.PublicId], ct);
        return other;
    }

    /// <summary>As it was: a merge's rows go back, with what came since for the accounts among them; a split's new customer is merged back.</summary>
    /// <returns>False when it is too late, or something later must be taken back first.</returns>
    public async Task<bool> UndoAsync(CustomerMove move, CancellationToken ct)
    {
        var (from, into) = (new CustomerId(move.FromId), new CustomerId(move.IntoId));
        if (!move.CanBeUndone(clock.GetUtcNow()) || await BothAsync(from, into, ct) is not ({ } gone, { MergedIntoId: null } stays))
        {
            return false;
        }

        await db.Entry(move).ReloadAsync(ct);
        if (move.UndoneAt is not null || gone.MergedIntoId != (move.Kind == MoveKind.Merge ? into.Value : null))
        {
            return false;
        }

        move.UndoneAt = clock.GetUtcNow();
        if (move.Kind == MoveKind.Split)
        {
            return await MergeAsync(into, from, ct);
        }

        // Whoever came in by an address that goes back must not stay in.
        await ShutOutAsync(stays, ct);
        gone.MergedIntoId = null;
        var laterMerge = await db.Set<CustomerMove>().AnyAsync(m => m.IntoId == move.IntoId && m.Id != move.Id && m.UndoneAt == null, ct);
        stays.FoundByEmail = laterMerge || move.IntoFoundByEmail;
        await db.SaveChangesAsync(ct);
        var moved = move.Moved();
        await rows.MoveAsync(moved, into, from, ct);
        var ids = moved.Where(m => m.Table == Accounts).SelectMany(m => m.Ids).ToList();
        var accounts = await db.AllOwners<ProcessorCustomer>()
            .AsNoTracking()
            .Where(k => k.CustomerId == from && ids.Contains(k.Id))
            .Select(k => new ProcessorAccount(k.ConnectionId, k.ProcessorId))
            .ToListAsync(ct);
        await rows.MoveAccountsAsync(accounts, into, from, ct);
        await SettleMainAsync(gone, ct);
        await SettleMainAsync(stays, ct);
        await split.PublishAsync(new CustomersSplit(into, from), ct);
        await log.RecordAsync(CustomersActivity.MergeUndone, into, [Describe(gone)], ct);
        return true;
    }

    private async Task<(Customer? From, Customer? Into)> BothAsync(CustomerId from, CustomerId into, CancellationToken ct)
    {
        var both = await db.LockAsync([from, into], ct);
        return (both.Find(c => c.Id == from), both.Find(c => c.Id == into));
    }

    /// <summary>Links first: one used at this very moment has its session by the time sessions end.</summary>
    private async Task ShutOutAsync(Customer customer, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await db.Set<SignInLink>()
            .Where(l => l.CustomerId == customer.Id && l.SpentAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct);
        await db.Set<MailedLink>()
            .Where(l => l.CustomerId == customer.Id && l.SpentAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct);
        await db.Set<AddressChange>()
            .Where(c => c.OpenFor == customer.RowId)
            .ExecuteUpdateAsync(
                set => set.SetProperty(c => c.OpenFor, (long?)null).SetProperty(c => c.State, WorkState.Done).SetProperty(c => c.EndedAt, now),
                ct
            );
        await sessions.EndAllAsync(Audience.Buyer, customer.RowId, ct);
    }

    /// <summary>Her main address may have gone to the other, or been given up meanwhile.</summary>
    private async Task SettleMainAsync(Customer customer, CancellationToken ct)
    {
        var hers = await db.AllOwners<CustomerEmail>()
            .AsNoTracking()
            .Where(e => e.CustomerId == customer.Id && e.LeftAt == null)
            .OrderBy(e => e.Id)
            .ToListAsync(ct);
        if (!hers.Exists(e => e.IsMainOf(customer)))
        {
            customer.Email = hers.FirstOrDefault()?.Address;
            await db.SaveChangesAsync(ct);
        }
    }

    private static string Describe(Customer customer) => customer.Email is { } email ? EmailAddress.Mask(email) : customer.PublicId;
}
