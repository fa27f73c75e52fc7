using Autofac.Features.OwnedInstances;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.MyData;
using Portal.Kernel;

namespace Portal.Customers.ManageErasures;

/// <summary>Buyers who asked to be erased: the merchant sees what they saw, and carries it out or says why not.</summary>
[Route("admin/erasures")]
[ForMerchants]
internal sealed class ManageErasuresController(
    PortalDb db,
    Func<Owned<PersonalData>> personal,
    IPublish<ErasureMoved> moved,
    IActivityLog log,
    TimeProvider clock
) : Controller
{
    [HttpGet]
    public async Task<IActionResult> Erasures(string? page, CancellationToken ct)
    {
        var requests = await db.AllOwners<ErasureRequest>().AsNoTracking().NewestFirstAsync(page, ct);
        var ids = requests.Rows.Select(r => r.CustomerId!.Value.Value).ToList();
        var addresses = await db.Set<Customer>().Where(c => ids.Contains(c.RowId)).ToDictionaryAsync(c => c.RowId, c => c.Email ?? c.PublicId, ct);
        return View(requests.Select(r => new ErasureRow(r, addresses[r.CustomerId!.Value.Value])));
    }

    [HttpGet("{id}")]
    public async Task<IActionResult> Erasure(string id, CancellationToken ct) => await ShowAsync(id, new ErasureForm(), null, ct);

    [HttpPost("{id}/execute")]
    [OwnersOnly]
    public async Task<IActionResult> Execute(string id, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } request)
        {
            return NotFound();
        }

        if (request.State != ErasureState.Asked)
        {
            return LocalRedirect("~/admin/erasures/" + id);
        }

        if ((await PreviewAsync(request, ct)).Obstacles.Count > 0)
        {
            return await ShowAsync(id, new ErasureForm(), "Obstacle", ct);
        }

        await ChangeAsync(
            request,
            async () =>
            {
                request.Order();
                db.Add(new ErasureRun(request.Id, clock.GetUtcNow()));
                await db.SaveChangesAsync(ct);
                await log.RecordAsync(CustomersActivity.ErasureOrdered, request.CustomerId, [request.PublicId], ct);
            },
            ct
        );
        return LocalRedirect("~/admin/erasures/" + id);
    }

    [HttpPost("{id}/refuse")]
    [OwnersOnly]
    public async Task<IActionResult> Refuse(string id, ErasureForm form, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } request)
        {
            return NotFound();
        }

        if (request.State != ErasureState.Asked)
        {
            return LocalRedirect("~/admin/erasures/" + id);
        }

        if (form.Reason?.Trim() is not { Length: > 0 and <= ErasureRequest.ReasonLength } reason)
        {
            return await ShowAsync(id, form, "Reason", ct);
        }

        await ChangeAsync(
            request,
            async () =>
            {
                request.End(ErasureState.Refused, reason, clock.GetUtcNow());
                await db.SaveChangesAsync(ct);
                await log.RecordAsync(CustomersActivity.ErasureRefused, request.CustomerId, [request.PublicId], ct);
                await moved.PublishAsync(request.ToEvent(), ct);
            },
            ct
        );
        return LocalRedirect("~/admin/erasures/" + id);
    }

    /// <summary>Whoever decides second finds it decided: the page says so.</summary>
    private async Task ChangeAsync(ErasureRequest request, Func<Task> change, CancellationToken ct)
    {
        try
        {
            await db.InTransactionAsync(change, ct);
        }
        catch (DbUpdateConcurrencyException raced) when (raced.Entries.Any(e => e.Entity == request))
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task<IActionResult> ShowAsync(string id, ErasureForm form, string? refused, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } request)
        {
            return NotFound();
        }

        if (refused is not null)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }

        var address = await db.Set<Customer>()
            .Where(c => c.RowId == request.CustomerId!.Value.Value)
            .Select(c => c.Email ?? c.PublicId)
            .SingleAsync(ct);
        var preview = request.State == ErasureState.Asked ? await PreviewAsync(request, ct) : null;
        return View("Erasure", new ErasureView(request, address, preview, form, refused));
    }

    private Task<ErasureRequest?> FindAsync(string id, CancellationToken ct) =>
        db.AllOwners<ErasureRequest>().SingleOrDefaultAsync(r => r.PublicId == id, ct);

    /// <summary>In a scope of the buyer's own, so that it can only be about her.</summary>
    private async Task<ErasurePreview> PreviewAsync(ErasureRequest request, CancellationToken ct)
    {
        await using var hers = personal();
        return await hers.Value.Of(request.CustomerId!.Value).PreviewAsync(ct);
    }
}

/// <summary>What the merchant says to a refusal.</summary>
internal sealed record ErasureForm
{
    public string? Reason { get; init; }
}

/// <summary>One line of the list.</summary>
/// <param name="Request">The wish.</param>
/// <param name="Address">Whose; a public id once she is erased.</param>
internal sealed record ErasureRow(ErasureRequest Request, string Address);

/// <summary>One wish.</summary>
/// <param name="Request">The wish.</param>
/// <param name="Address">Whose; a public id once she is erased.</param>
/// <param name="Preview">What carrying it out would do; null once it is decided.</param>
/// <param name="Form">What the merchant typed.</param>
/// <param name="Refused">What was wrong with the form just sent.</param>
internal sealed record ErasureView(ErasureRequest Request, string Address, ErasurePreview? Preview, ErasureForm Form, string? Refused);

/// <summary>On the dashboard: how many wait for an answer, and until when.</summary>
internal sealed class WaitingErasuresViewComponent(PortalDb db) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        var waiting = db.AllOwners<ErasureRequest>().AsNoTracking().Where(r => r.State == ErasureState.Asked);
        var oldest = await waiting.OrderBy(r => r.ListedAt).FirstOrDefaultAsync(HttpContext.RequestAborted);
        return oldest is null
            ? Content("")
            : View("/ManageErasures/WaitingErasures.cshtml", (await waiting.CountAsync(HttpContext.RequestAborted), oldest.AnswerBy));
    }
}
