using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.SignIn;

/// <summary>Customers as those who may be signed in.</summary>
internal sealed class BuyerSubjects(PortalDb db) : ISubjects
{
    public Audience Audience => Audience.Buyer;

    public async Task<SubjectInfo?> FindAsync(long subject, CancellationToken ct) =>
        await db.Set<Customer>()
            .Where(c => c.RowId == subject && c.DisabledAt == null && c.MergedIntoId == null)
            .Select(c => c.Email ?? "")
            .SingleOrDefaultAsync(ct)
            is { } name
            ? new SubjectInfo(name, null)
            : null;
}
