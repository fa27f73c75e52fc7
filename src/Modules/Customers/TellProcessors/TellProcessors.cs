using Microsoft.EntityFrameworkCore;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.TellProcessors;

/// <summary>Notes, within the transaction of a change, that every processor that knows the customer is to be told.</summary>
internal sealed class TellProcessors(PortalDb db, TimeProvider clock) : IHandle<CustomerEmailChanged>
{
    public async Task TellAsync(CustomerId customer, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var accounts = await db.AllOwners<ProcessorCustomer>().AsNoTracking().Where(k => k.CustomerId == customer).ToListAsync(ct);
        db.AddRange(accounts.Select(known => new CustomerUpdate(known.ConnectionId, known.ProcessorId, now)));
        await db.SaveChangesAsync(ct);
    }

    public async Task HandleAsync(CustomerEmailChanged happened, CancellationToken ct)
    {
        var customer = await db.Set<Customer>().SingleAsync(c => c.RowId == happened.Customer.Id.Value, ct);
        customer.OwnsEmail();
        await TellAsync(happened.Customer.Id, ct);
    }
}
