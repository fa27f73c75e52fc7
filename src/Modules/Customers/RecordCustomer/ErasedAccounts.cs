using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Customers.RecordCustomer;

/// <summary>Processors' customer accounts of people who were erased: the accounts stay known, so that their news cannot bring anybody back.</summary>
internal sealed class ErasedAccounts(PortalDb db, CustomerBook customers) : IKnowErased
{
    public async Task<bool> IsErasedAsync(long connectionId, ProcessorRecord record, CancellationToken ct)
    {
        var account = record is CustomerRecord ? record.Id : record.Customer?.Id;
        return account is not null
            && await db.AllOwners<ProcessorCustomer>()
                .Where(k => k.ConnectionId == connectionId && k.ProcessorId == account)
                .Select(k => k.CustomerId)
                .SingleOrDefaultAsync(ct)
                is { } customer
            && await customers.IsErasedAsync(customer, ct);
    }
}
