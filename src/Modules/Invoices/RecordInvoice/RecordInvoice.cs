using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Invoices.Data;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Invoices.RecordInvoice;

/// <summary>Takes in that a processor has an invoice of its own, offered beside the portal's.</summary>
internal sealed class RecordInvoice(PortalDb db) : IApplyRecords<InvoiceRecord>
{
    public async Task<Application> ApplyAsync(InvoiceRecord record, RecordSource source, CancellationToken ct)
    {
        var connection = source.Connection.Id;
        var invoice = await db.Set<ProcessorInvoice>().SingleOrDefaultAsync(i => i.ConnectionId == connection && i.ProcessorId == record.Id, ct);
        if (invoice is null)
        {
            db.Add(invoice = new ProcessorInvoice(connection, record));
        }

        invoice.Tell(record);
        await db.SaveChangesAsync(ct);
        return Application.Done;
    }
}
