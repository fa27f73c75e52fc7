using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Data;
using Portal.Customers.MergeCustomers;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Customers.RecordCustomer;

/// <summary>Takes in what a processor says of its customer account.</summary>
internal sealed class RecordCustomer(PortalDb db, CustomerBook customers, CustomerMerges merges, TimeProvider clock) : IApplyRecords<CustomerRecord>
{
    public async Task<Application> ApplyAsync(CustomerRecord record, RecordSource source, CancellationToken ct)
    {
        var connection = source.Connection.Id;
        var known = await db.AllOwners<ProcessorCustomer>().SingleOrDefaultAsync(k => k.ConnectionId == connection && k.ProcessorId == record.Id, ct);
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
        var customer = EmailAddress.Canonical(record.Email) is not null
            ? await customers.ByEmailAsync(record.Email!, record.Name, ct)
            : await customers.MakeAsync(null, record.Name, ct);
        db.Add(new ProcessorCustomer(connection, record.Id, customer.Id, record.AsOf));
        return customer;
    }

    private async Task<Customer> NewsAsync(CustomerRecord record, ProcessorCustomer known, CancellationToken ct)
    {
        known.AsOf = record.AsOf;
        var owner = known.CustomerId!.Value;
        var customer = (await db.CustomerAsync(owner, ct))!;
        if (EmailAddress.Canonical(record.Email) is not { } told)
        {
            return customer;
        }

        var emails = db.AllOwners<CustomerEmail>();
        if (await emails.AsNoTracking().SingleOrDefaultAsync(e => e.Canonical == told, ct) is not { } taken)
        {
            await CorrectAsync(customer, record.Email!, ct);
            return customer;
        }

        if (taken.CustomerId == owner || customer.Email is not null)
        {
            // Two known people: which of them the account belongs to is for the merchant to say.
            return customer;
        }

        // Nobody could sign in as the nameless one, so nobody loses anything.
        await merges.MergeAsync(owner, taken.CustomerId!.Value, ct);
        await db.Entry(known).ReloadAsync(ct);
        return (await db.CustomerAsync(known.CustomerId!.Value, ct))!;
    }

    /// <summary>
    /// A processor told another address. It counts while this is her only account and nobody has proven the address;
    /// then it is hers to change.
    /// </summary>
    private async Task CorrectAsync(Customer customer, string email, CancellationToken ct)
    {
        if (customer.LastSignInAt is not null || customer.FoundByEmail)
        {
            return;
        }

        var hers = await db.AllOwners<CustomerEmail>().Where(e => e.CustomerId == customer.Id).ToListAsync(ct);
        var (id, now) = (customer.Id, clock.GetUtcNow());
        switch (hers)
        {
            case []:
                db.Add(new CustomerEmail(id, email, EmailOrigin.Processor, now));
                break;
            case [{ VerifiedAt: null, Origin: EmailOrigin.Processor } only]:
                only.Write(email);
                break;
            default:
                return;
        }

        customer.Email = email.Trim();
        await db.SaveChangesAsync(ct);
        await db.Set<SignInLink>()
            .Where(l => l.CustomerId == id && l.SpentAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct);
    }
}
