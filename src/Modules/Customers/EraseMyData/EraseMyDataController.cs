using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.MyData;
using Portal.Kernel;

namespace Portal.Customers.EraseMyData;

/// <summary>A buyer asks to be erased. She sees first what goes, what is kept, by which right and until when.</summary>
[Route("profile/data/erase")]
[ForBuyers]
internal sealed class EraseMyDataController(
    PortalDb db,
    PersonalData data,
    IPublish<ErasureMoved> moved,
    IActivityLog log,
    Buyer buyer,
    TimeProvider clock
) : Controller
{
    [HttpGet]
    [FreshSignIn]
    public async Task<IActionResult> EraseMyData(CancellationToken ct) =>
        await db.Set<ErasureRequest>().AnyAsync(r => r.OpenFor != null, ct)
            ? LocalRedirect("~/profile/data")
            : View(new EraseView(await data.PreviewAsync(ct), Unconfirmed: false));

    [HttpPost]
    [FreshSignIn]
    public async Task<IActionResult> EraseMyData(bool understood, CancellationToken ct)
    {
        if (!understood)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View(new EraseView(await data.PreviewAsync(ct), Unconfirmed: true));
        }

        try
        {
            await db.InTransactionAsync(
                async () =>
                {
                    var request = new ErasureRequest(buyer.Id!.Value, CultureInfo.CurrentUICulture.Name, clock.GetUtcNow());
                    db.Add(request);
                    await db.SaveChangesAsync(ct);
                    await log.RecordAsync(CustomersActivity.ErasureAsked, buyer.Id, [], ct);
                    await moved.PublishAsync(request.ToEvent(), ct);
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

    [HttpPost("withdraw")]
    public async Task<IActionResult> Withdraw(CancellationToken ct)
    {
        await db.InTransactionAsync(
            async () =>
            {
                var request = await db.Set<ErasureRequest>().SingleOrDefaultAsync(r => r.State == ErasureState.Asked, ct);
                if (request is not null)
                {
                    request.End(ErasureState.Withdrawn, null, clock.GetUtcNow());
                    await db.SaveChangesAsync(ct);
                    await log.RecordAsync(CustomersActivity.ErasureWithdrawn, buyer.Id, [], ct);
                    await moved.PublishAsync(request.ToEvent(), ct);
                }
            },
            ct
        );
        return LocalRedirect("~/profile/data");
    }
}

/// <summary>The page.</summary>
/// <param name="Preview">What it would do.</param>
/// <param name="Unconfirmed">She pressed without ticking the box.</param>
internal sealed record EraseView(ErasurePreview Preview, bool Unconfirmed);
