using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.MyData;

/// <summary>What the portal knows about a buyer: a copy of it, and the way to have it erased.</summary>
[Route("profile/data")]
[ForBuyers]
internal sealed class MyDataController(PortalDb db, ExportFolder folder, IActivityLog log, Buyer buyer, TimeProvider clock) : Controller
{
    private static readonly TimeSpan Between = TimeSpan.FromDays(1);

    [HttpGet]
    public async Task<IActionResult> MyData(CancellationToken ct) => View(await LookAsync(ct));

    [HttpGet("export")]
    [FreshSignIn]
    public async Task<IActionResult> Export(CancellationToken ct) => (await LookAsync(ct)).MayAsk ? View() : LocalRedirect("~/profile/data");

    [HttpPost("export")]
    [FreshSignIn]
    public async Task<IActionResult> AskForExport(CancellationToken ct)
    {
        try
        {
            await db.InTransactionAsync(
                async () =>
                {
                    // One that was given up on stands in nobody's way.
                    await db.Set<DataExport>().Where(e => e.State == WorkState.Parked).ExecuteDeleteAsync(ct);
                    if ((await LookAsync(ct)).MayAsk)
                    {
                        db.Add(new DataExport(buyer.Id!.Value, CultureInfo.CurrentUICulture.Name, clock.GetUtcNow()));
                        await db.SaveChangesAsync(ct);
                        await log.RecordAsync(CustomersActivity.ExportAsked, buyer.Id, [], ct);
                    }
                },
                ct
            );
        }
        catch (DbUpdateException failure) when (db.IsDuplicate(failure))
        {
            // Pressed twice, or in two tabs: the first one counts.
            db.ChangeTracker.Clear();
        }

        return LocalRedirect("~/profile/data");
    }

    [HttpGet("exports/{id}")]
    [FreshSignIn]
    public async Task<IActionResult> Download(string id, CancellationToken ct) =>
        await SendAsync(await db.Set<DataExport>().AsNoTracking().SingleOrDefaultAsync(e => e.PublicId == id, ct), null, ct);

    /// <summary>The mailed link. It needs no fresh sign-in: whoever has it reads her mail.</summary>
    [HttpGet("link/{token}")]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> DownloadByLink(string token, CancellationToken ct)
    {
        Response.Headers["Referrer-Policy"] = "no-referrer";
        var hash = SecretToken.Hash(token);
        var export = await db.Set<DataExport>().AsNoTracking().SingleOrDefaultAsync(e => e.TokenHash == hash, ct);
        return await SendAsync(export, export?.LinkEndsAt, ct);
    }

    /// <summary>The file, unless it or the way to it is over.</summary>
    private async Task<IActionResult> SendAsync(DataExport? export, DateTimeOffset? linkEndsAt, CancellationToken ct)
    {
        if (export is null)
        {
            return NotFound();
        }

        var now = clock.GetUtcNow();
        if (linkEndsAt < now || export.KeptUntil is not { } keptUntil || keptUntil < now || folder.Find(export.PublicId) is not { } path)
        {
            Response.StatusCode = StatusCodes.Status410Gone;
            return View("DeadExport");
        }

        await log.RecordAsync(CustomersActivity.ExportFetched, buyer.Id, [], ct);
        return PhysicalFile(
            path,
            MediaTypeNames.Application.Zip,
            string.Create(CultureInfo.InvariantCulture, $"my-data-{export.MadeAt!.Value.UtcDateTime:yyyy-MM-dd}.zip")
        );
    }

    private async Task<MyDataView> LookAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var newest = await db.Set<DataExport>().AsNoTracking().OrderByDescending(e => e.Id).FirstOrDefaultAsync(ct);
        var erasure = await db.Set<ErasureRequest>().AsNoTracking().OrderByDescending(r => r.Id).FirstOrDefaultAsync(ct);
        return new MyDataView(
            newest is { KeptUntil: { } keptUntil } && keptUntil < now ? null : newest,
            newest is null or { State: WorkState.Parked } ? null
                : newest.MadeAt is null ? DateTimeOffset.MaxValue
                : newest.CreatedAt + Between is var next && next > now ? next
                : null,
            erasure
        );
    }
}

/// <summary>The page.</summary>
/// <param name="Export">The newest copy, made, being made, or given up on; null when there is none.</param>
/// <param name="NotBefore">When she may ask for another one; null for now.</param>
/// <param name="Erasure">Her newest wish to be erased.</param>
internal sealed record MyDataView(DataExport? Export, DateTimeOffset? NotBefore, ErasureRequest? Erasure)
{
    public bool MayAsk => NotBefore is null;

    public bool IsBeingMade => Export is { MadeAt: null, State: not WorkState.Parked };
}
