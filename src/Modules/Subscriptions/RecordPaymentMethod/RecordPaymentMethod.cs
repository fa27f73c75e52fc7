using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions.RecordPaymentMethod;

/// <summary>Takes in a stored payment method; a new default takes the place of the former one.</summary>
internal sealed class RecordPaymentMethod(PortalDb db, ICustomers customers) : IApplyRecords<PaymentMethodRecord>
{
    public async Task<Application> ApplyAsync(PaymentMethodRecord record, RecordSource source, CancellationToken ct)
    {
        var owner = await customers.ResolveAsync(source.Connection.Id, record.Customer, ct);
        if (owner is Owner.Unheard unheard)
        {
            return Application.WaitsFor(RecordKind.Customer, unheard.ProcessorCustomerId);
        }

        var connection = source.Connection.Id;
        var method = await db.AllOwners<StoredPaymentMethod>()
            .SingleOrDefaultAsync(m => m.ConnectionId == connection && m.ProcessorId == record.Id, ct);
        if (method is null)
        {
            db.Add(method = new StoredPaymentMethod(connection, record.Id));
        }

        method.CustomerId ??= (owner as Owner.Known)?.Id;
        var becameDefault = method.Tell(record);
        await db.SaveChangesAsync(ct);
        if (becameDefault)
        {
            // Each of a customer's accounts has a default of its own.
            await db.AllOwners<StoredPaymentMethod>()
                .Where(m => m.ConnectionId == connection && m.CustomerId == method.CustomerId && m.Id != method.Id && m.IsDefault)
                .Where(m => m.AccountId == null || method.AccountId == null || m.AccountId == method.AccountId)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.IsDefault, false), ct);
        }

        return Application.Done;
    }
}
