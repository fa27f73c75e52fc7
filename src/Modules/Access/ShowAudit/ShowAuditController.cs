using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Access.Data;
using Portal.Access.KeepActivity;
using Portal.Kernel;

namespace Portal.Access.ShowAudit;

/// <summary>What merchants did, and whether the log is whole.</summary>
[Route("admin/audit")]
[ForMerchants]
internal sealed class ShowAuditController(PortalDb db, IActivityLog log, ActivityKinds kinds) : Controller
{
    [HttpGet]
    public async Task<IActionResult> Audit(string? page, bool check, CancellationToken ct)
    {
        var lines = await db.Set<AuditLine>().AsNoTracking().NewestFirstAsync(page, ct);
        return View(
            new AuditView(
                lines.Select(l => new AuditRow(l.Number, l.ListedAt, l.Actor, kinds.Say(l.Kind, l.Filling), l.Address)),
                check ? await log.CheckAuditAsync(ct) : null
            )
        );
    }
}

/// <summary>One line in words.</summary>
internal sealed record AuditRow(long Number, DateTimeOffset At, string Actor, string Says, string? Address);

/// <summary>A page of the log; the verdict on its chain once it was asked for, since that reads all of it.</summary>
internal sealed record AuditView(Page<AuditRow> Lines, (long Lines, long? BrokenAt)? Verdict);
