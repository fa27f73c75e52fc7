using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Customers.Data;
using Portal.Customers.MyData;
using Portal.Kernel;
using Portal.Kernel.Personal;

namespace Portal.Customers;

/// <summary>Who she is, how she comes in, and what she asked for about her data.</summary>
internal sealed class CustomersPersonalData(PortalDb db, ExportFolder folder, TimeProvider clock, IStringLocalizer<Texts> texts) : IKeepPersonalData
{
    // Long enough to show, should anybody ask, that a request was answered and when.
    private const int YearsOfRequests = 3;

    public async Task<IReadOnlyList<PersonalTable>> TablesAsync(CustomerId person, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var answeredBefore = now.AddYears(-YearsOfRequests);
        var addresses = await db.Set<CustomerEmail>().Select(e => e.Canonical).ToListAsync(ct);
        return
        [
            PersonalTable
                .Of(db, "customer", texts["DataCustomer"], db.Set<Customer>().Where(c => c.RowId == person.Value || c.MergedIntoId == person.Value))
                .Anonymize(texts["GoneCustomer"], EraseAsync),
            PersonalTable.Of<CustomerEmail>(db, "addresses", texts["DataEmails"]).Delete(),
            PersonalTable.Of<Consent>(db, "marketing-consents", texts["DataConsents"]).Delete(),
            PersonalTable.Of<TaxIdInquiry>(db, "tax-id-checks", texts["DataTaxIdChecks"]).Delete(),
            PersonalTable.Of<ProcessorCustomer>(db, "processor-accounts", texts["DataAccounts"]).Keep(texts["WhyAccounts"], null),
            PersonalTable.Of(db, "sign-in-links", texts["DataLinks"], db.Set<SignInLink>().Where(l => l.CustomerId == person)).Delete(),
            PersonalTable.Of(db, "mailed-links", texts["DataMailedLinks"], db.Set<MailedLink>().Where(l => l.CustomerId == person)).Delete(),
            PersonalTable.Of(db, "address-changes", texts["DataAddressChanges"], db.Set<AddressChange>().Where(c => c.CustomerId == person)).Delete(),
            PersonalTable
                .Of(db, "sign-in-requests", texts["DataRequests"], db.Set<SignInRequest>().Where(r => addresses.Contains(r.EmailCanonical)))
                .Delete(),
            PersonalTable
                .Of<DataExport>(db, "exports", texts["DataExports"])
                .Without(nameof(DataExport.RunningFor), nameof(DataExport.Pieces), nameof(DataExport.PiecesDone))
                .DeleteBy(DeleteAsync),
            PersonalTable
                .Of<ErasureRequest>(db, "erasure-requests", texts["DataErasures"])
                .Without(nameof(ErasureRequest.OpenFor))
                .Naming(nameof(ErasureRequest.ListedAt), "asked_at")
                .Keep(texts["WhyErasures"], now.AddYears(YearsOfRequests), r => r.EndedAt == null || r.EndedAt >= answeredBefore, always: true)
                .DeleteBy(DeleteAsync, r => r.EndedAt != null && r.EndedAt < answeredBefore),
        ];
    }

    private async Task EraseAsync(IQueryable<Customer> her, CancellationToken ct)
    {
        foreach (var row in await her.ToListAsync(ct))
        {
            row.Erase(clock.GetUtcNow());
        }

        await db.SaveChangesAsync(ct);
    }

    private async Task DeleteAsync(IQueryable<DataExport> exports, CancellationToken ct)
    {
        foreach (var id in await exports.Select(e => e.PublicId).ToListAsync(ct))
        {
            folder.Delete(id);
        }

        await exports.ExecuteDeleteAsync(ct);
    }

    private async Task DeleteAsync(IQueryable<ErasureRequest> requests, CancellationToken ct)
    {
        await db.Set<ErasureRun>().Where(r => requests.Any(q => q.Id == r.RequestId)).ExecuteDeleteAsync(ct);
        await requests.ExecuteDeleteAsync(ct);
    }
}
