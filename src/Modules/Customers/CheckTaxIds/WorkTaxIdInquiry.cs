using Microsoft.EntityFrameworkCore;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.CheckTaxIds;

/// <summary>Asks the register until it answers, more and more seldom; until then the id counts as unverified.</summary>
internal sealed class WorkTaxIdInquiry(PortalDb db, ITaxIdRegister register, TimeProvider clock) : IWorkOn<TaxIdInquiry>
{
    // An outage has no end we know: daily, for as long as it lasts.
    public int MaxAttempts => int.MaxValue;

    public async Task WorkAsync(TaxIdInquiry item, CancellationToken ct)
    {
        var her = item.CustomerId!.Value;
        var stillHers = await db.Set<Customer>().AnyAsync(c => c.RowId == her.Value && c.TaxId == item.TaxId, ct);
        if (!stillHers || !register.Knows(item.TaxId))
        {
            item.Finish(clock.GetUtcNow());
        }
        else
        {
            var answer = await register.AskAsync(item.TaxId, ct);
            var now = clock.GetUtcNow();
            if (answer.Verdict == TaxIdVerdict.Unverified)
            {
                item.Postpone(now + item.Pause, answer.Reason);
            }
            else
            {
                item.Answer(answer.Verdict == TaxIdVerdict.Valid, answer.Reference, now);
            }
        }

        await db.SaveChangesAsync(ct);
    }
}
