using Microsoft.EntityFrameworkCore;
using Portal.Customers.Contract;
using Portal.Invoices.Data;
using Portal.Kernel;

namespace Portal.Invoices.RecordInvoice;

/// <summary>Documents follow their customer when two turn out to be one.</summary>
internal sealed class FollowMergedCustomers(PortalDb db) : IHandle<CustomersMerged>
{
    public Task HandleAsync(CustomersMerged happened, CancellationToken ct) =>
        db.AllOwners<Document>()
            .Where(d => d.CustomerId == happened.From)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.CustomerId, happened.Into), ct);
}
