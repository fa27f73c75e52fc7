using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.CheckTaxIds;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.RecordCustomer;
using Portal.Kernel;

namespace Portal.Customers.Profile;

/// <summary>Keeps what a buyer typed: the details, her word on marketing mails, the lines in her log, and the work that follows from it.</summary>
internal sealed class SaveProfile(
    PortalDb db,
    CustomerBook customers,
    TellProcessors.TellProcessors processors,
    ITaxIdRegister register,
    IActivityLog log,
    TimeProvider clock
)
{
    private const OwnDetails NotTold = OwnDetails.Language;

    /// <summary>Her last word on marketing mails.</summary>
    public static Task<Consent?> ConsentAsync(PortalDb db, CancellationToken ct) =>
        db.Set<Consent>().AsNoTracking().OrderByDescending(c => c.At).ThenByDescending(c => c.Id).FirstOrDefaultAsync(ct);

    public Task SaveAsync(CustomerId her, Details details, bool marketing, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                // Locks her row: what she typed goes on top of whatever comes in at the same moment.
                await db.Set<Customer>()
                    .Where(c => c.RowId == her.Value)
                    .ExecuteUpdateAsync(set => set.SetProperty(c => c.Version, c => c.Version), ct);
                await ChangeAsync(her, details, marketing, ct);
            },
            ct
        );

    private async Task ChangeAsync(CustomerId her, Details details, bool marketing, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var customer = await db.Set<Customer>().SingleAsync(c => c.RowId == her.Value, ct);
        var changed = customer.Change(details, now);
        await db.SaveChangesAsync(ct);
        foreach (var (detail, kind) in CustomersActivity.Changed)
        {
            if (changed.HasFlag(detail))
            {
                await log.RecordAsync(kind, her, [], ct);
            }
        }

        if (((await ConsentAsync(db, ct))?.Given ?? false) != marketing)
        {
            await customers.ConsentAsync(her, marketing, ConsentSource.Profile, now, ct);
        }

        if (changed.HasFlag(OwnDetails.TaxId) && customer.TaxId is { } taxId && register.Knows(taxId))
        {
            db.Add(new TaxIdInquiry(her, taxId, now));
        }

        if ((changed & ~NotTold) != OwnDetails.None)
        {
            await processors.TellAsync(her, ct);
        }

        await db.SaveChangesAsync(ct);
    }
}
