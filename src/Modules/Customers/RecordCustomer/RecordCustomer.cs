using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Customers.RecordCustomer;

/// <summary>Takes in what a processor says of its customer account.</summary>
internal sealed class RecordCustomer(PortalDb db, CustomerBook customers, IPublish<CustomersMerged> merged, TimeProvider clock)
    : IApplyRecords<CustomerRecord>
{
    public async Task<Application> ApplyAsync(CustomerRecord record, RecordSource source, CancellationToken ct)
    {
        var connection = source.Connection.Id;
        var known = await db.Set<ProcessorCustomer>().SingleOrDefaultAsync(k => k.ConnectionId == connection && k.ProcessorId == record.Id, ct);
        if (known is not null && (record.Deleted || record.AsOf < known.AsOf))
        {
            // What was bought stays the buyer's, also when the merchant clears up at the processor.
            return Application.Done;
        }

        var customer = known is null ? await FirstMentionAsync(record, connection, ct) : await NewsAsync(record, known, ct);
        if (!customer.FoundByEmail)
        {
            customer.Hear(record.Name, record.Address);
        }

        await db.SaveChangesAsync(ct);
        return Application.Done;
    }

    private async Task<Customer> FirstMentionAsync(CustomerRecord record, long connection, CancellationToken ct)
    {
        Customer customer;
        if (EmailAddress.Canonical(record.Email) is not null)
        {
            customer = await customers.ByEmailAsync(record.Email!, record.Name, ct);
        }
        else
        {
            customer = new Customer(null, record.Name, clock.GetUtcNow());
            db.Add(customer);
            await db.SaveChangesAsync(ct);
        }

        db.Add(new ProcessorCustomer(connection, record.Id, customer.Id, record.AsOf));
        return customer;
    }

    private async Task<Customer> NewsAsync(CustomerRecord record, ProcessorCustomer known, CancellationToken ct)
    {
        known.AsOf = record.AsOf;
        var customer = await db.Set<Customer>().SingleAsync(c => c.RowId == known.CustomerId.Value, ct);
        if (EmailAddress.Canonical(record.Email) is not { } told || told == customer.EmailCanonical)
        {
            return customer;
        }

        var other = await db.Set<Customer>().SingleOrDefaultAsync(c => c.EmailCanonical == told, ct);
        if (other is null)
        {
            if (customer.Correct(record.Email!))
            {
                var (moved, now) = (customer.Id, clock.GetUtcNow());
                await db.Set<SignInLink>()
                    .Where(l => l.CustomerId == moved && l.SpentAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct);
            }

            return customer;
        }

        if (customer.EmailCanonical is not null)
        {
            // Two known people: which of them the account belongs to is for the merchant to say.
            return customer;
        }

        // Nobody could sign in as the nameless one, so nobody loses anything.
        var nameless = customer.Id;
        await db.Set<ProcessorCustomer>()
            .Where(k => k.CustomerId == nameless)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.CustomerId, other.Id), ct);
        known.CustomerId = other.Id;
        await merged.PublishAsync(new CustomersMerged(nameless, other.Id), ct);
        db.Remove(customer);
        return other;
    }
}
