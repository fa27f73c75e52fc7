using Microsoft.EntityFrameworkCore;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Customers.RecordCustomer;

/// <summary>Which of the portal's customers a processor means.</summary>
internal sealed class CustomerBook(PortalDb db, TimeProvider clock) : ICustomers
{
    public async Task<CustomerInfo?> FindAsync(CustomerId id, CancellationToken ct) =>
        (await db.Set<Customer>().AsNoTracking().SingleOrDefaultAsync(c => c.RowId == id.Value, ct))?.ToInfo();

    public async Task<CustomerInfo?> FindByEmailAsync(string email, CancellationToken ct) =>
        EmailAddress.Canonical(email) is { } canonical
            ? (await db.Set<Customer>().AsNoTracking().SingleOrDefaultAsync(c => c.EmailCanonical == canonical, ct))?.ToInfo()
            : null;

    public Task<bool> IsErasedAsync(CustomerId id, CancellationToken ct) =>
        db.Set<Customer>().AnyAsync(c => c.RowId == id.Value && c.ErasedAt != null, ct);

    public async Task<Owner> ResolveAsync(long connectionId, CustomerReference? reference, CancellationToken ct)
    {
        if (reference?.Id is { Length: > 0 } id)
        {
            var known = await db.Set<ProcessorCustomer>()
                .Where(k => k.ConnectionId == connectionId && k.ProcessorId == id)
                .Select(k => (CustomerId?)k.CustomerId)
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

    /// <summary>The customer with this address, made if need be.</summary>
    internal async Task<Customer> ByEmailAsync(string email, string? name, CancellationToken ct)
    {
        var canonical = EmailAddress.Canonical(email);
        var customer = await db.Set<Customer>().SingleOrDefaultAsync(c => c.EmailCanonical == canonical, ct);
        if (customer is null)
        {
            customer = new Customer(email, name, clock.GetUtcNow());
            db.Add(customer);
            await db.SaveChangesAsync(ct);
        }
        else
        {
            customer.FoundByEmail = true;
            customer.Name ??= name;
            await db.SaveChangesAsync(ct);
        }

        return customer;
    }
}
