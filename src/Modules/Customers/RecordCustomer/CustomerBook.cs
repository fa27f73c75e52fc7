using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Customers.RecordCustomer;

/// <summary>Which of the portal's customers a processor means.</summary>
internal sealed class CustomerBook(PortalDb db, IActivityLog log, TimeProvider clock) : ICustomers
{
    public async Task<CustomerInfo?> FindAsync(CustomerId id, CancellationToken ct)
    {
        var customer = await db.Set<Customer>().AsNoTracking().SingleOrDefaultAsync(c => c.RowId == id.Value, ct);
        while (customer?.MergedIntoId is { } into)
        {
            customer = await db.Set<Customer>().AsNoTracking().SingleOrDefaultAsync(c => c.RowId == into, ct);
        }

        return customer?.ToInfo();
    }

    public async Task<CustomerInfo?> FindByEmailAsync(string email, CancellationToken ct)
    {
        var canonical = EmailAddress.Canonical(email);
        var known = await db.AllOwners<CustomerEmail>().AsNoTracking().SingleOrDefaultAsync(e => e.Canonical == canonical && e.LeftAt == null, ct);
        return known?.CustomerId is { } owner ? await FindAsync(owner, ct) : null;
    }

    public Task<bool> IsErasedAsync(CustomerId id, CancellationToken ct) =>
        db.Set<Customer>().AnyAsync(c => c.RowId == id.Value && c.ErasedAt != null, ct);

    public async Task<Owner> ResolveAsync(long connectionId, CustomerReference? reference, CancellationToken ct)
    {
        if (reference?.Id is { Length: > 0 } id)
        {
            var known = await db.AllOwners<ProcessorCustomer>()
                .Where(k => k.ConnectionId == connectionId && k.ProcessorId == id)
                .Select(k => k.CustomerId)
                .SingleOrDefaultAsync(ct);
            if (known is { } customer)
            {
                return new Owner.Known(customer);
            }
        }

        if (EmailAddress.Canonical(reference?.Email) is null)
        {
            return reference?.Id is { Length: > 0 } unheard ? new Owner.Unheard(unheard) : new Owner.Nobody();
        }

        var found = await ByEmailAsync(reference!.Email!, reference.Name, ct);
        if (reference.Id is { Length: > 0 } told)
        {
            db.Add(new ProcessorCustomer(connectionId, told, found.Id, DateTimeOffset.UnixEpoch));
            await db.SaveChangesAsync(ct);
        }

        return new Owner.Known(found.Id);
    }

    public async Task ConsentAsync(CustomerId id, bool given, ConsentSource source, DateTimeOffset at, CancellationToken ct)
    {
        if (await db.AllOwners<Consent>().AnyAsync(c => c.CustomerId == id && c.Source == source && c.At == at && c.Given == given, ct))
        {
            return;
        }

        db.Add(new Consent(id, given, source, at));
        await log.RecordAsync(given ? CustomersActivity.ConsentGiven : CustomersActivity.ConsentWithdrawn, id, [], ct);
    }

    /// <summary>The customer with this address, made if need be.</summary>
    internal async Task<Customer> ByEmailAsync(string email, string? name, CancellationToken ct)
    {
        var canonical = EmailAddress.Canonical(email);
        var known = await db.AllOwners<CustomerEmail>().AsNoTracking().SingleOrDefaultAsync(e => e.Canonical == canonical, ct);
        if (known?.CustomerId is { } owner && await db.CustomerAsync(owner, ct) is { } customer)
        {
            customer.FoundByEmail = true;
            customer.Hear(customer.Name ?? name, null);
            await db.SaveChangesAsync(ct);
            return customer;
        }

        return await MakeAsync(email, name, ct);
    }

    /// <summary>A customer nobody knew.</summary>
    internal async Task<Customer> MakeAsync(string? email, string? name, CancellationToken ct)
    {
        var customer = new Customer(email, name, clock.GetUtcNow());
        db.Add(customer);
        await db.SaveChangesAsync(ct);
        if (email is not null)
        {
            db.Add(new CustomerEmail(customer.Id, email, EmailOrigin.Processor, clock.GetUtcNow()));
            await db.SaveChangesAsync(ct);
        }

        return customer;
    }
}
