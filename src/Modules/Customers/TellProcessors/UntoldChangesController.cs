using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Connections.Contract;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.TellProcessors;

/// <summary>Buyers' changes that a processor did not take: once more when the reason is mended, or never mind.</summary>
[Route("admin/customer-updates")]
[ForMerchants]
internal sealed class UntoldChangesController(PortalDb db, IActivityLog log, TimeProvider clock) : Controller
{
    [HttpPost("try-again")]
    [SupportMay]
    public async Task<IActionResult> TryAllAgain(CancellationToken ct)
    {
        await db.InTransactionAsync(
            async () =>
            {
                await db.Set<CustomerUpdate>().TryAllAgainAsync(clock.GetUtcNow(), ct);
                await log.RecordAsync(CustomersActivity.UpdatesTriedAgain, null, [], ct);
            },
            ct
        );
        return LocalRedirect("~/admin");
    }

    [HttpPost("let-be")]
    [SupportMay]
    public async Task<IActionResult> LetBe(CancellationToken ct)
    {
        await db.InTransactionAsync(
            async () =>
            {
                await db.Set<CustomerUpdate>().Where(u => u.State == WorkState.Parked).ExecuteDeleteAsync(ct);
                await log.RecordAsync(CustomersActivity.UpdatesLetBe, null, [], ct);
            },
            ct
        );
        return LocalRedirect("~/admin");
    }
}

/// <summary>On the dashboard: what processors were not told.</summary>
internal sealed class UntoldChangesViewComponent(PortalDb db, IConnections connections) : ViewComponent
{
    private const int Shown = 5;

    public async Task<IViewComponentResult> InvokeAsync()
    {
        var ct = HttpContext.RequestAborted;
        var untold = db.Set<CustomerUpdate>().Where(u => u.State == WorkState.Parked);
        var count = await untold.CountAsync(ct);
        if (count == 0)
        {
            return Content("");
        }

        var processors = (await connections.ListAsync(ct)).ToDictionary(c => c.Id, c => c.Name);
        List<UntoldChange> newest = [];
        foreach (var update in await untold.AsNoTracking().OrderByDescending(u => u.Id).Take(Shown).ToListAsync(ct))
        {
            newest.Add(new UntoldChange(await EmailAsync(update, ct), processors.GetValueOrDefault(update.ConnectionId), update.Reason));
        }

        return View("/TellProcessors/UntoldChanges.cshtml", new UntoldChanges(count, newest));
    }

    private async Task<string?> EmailAsync(CustomerUpdate update, CancellationToken ct)
    {
        var her = await db.AllOwners<ProcessorCustomer>()
            .Where(k => k.ConnectionId == update.ConnectionId && k.ProcessorId == update.ProcessorId)
            .Select(k => k.CustomerId)
            .SingleOrDefaultAsync(ct);
        var row = her?.Value ?? 0;
        return await db.Set<Customer>().Where(c => c.RowId == row).Select(c => c.Email).SingleOrDefaultAsync(ct);
    }
}

/// <summary>One change, and why it was not taken.</summary>
internal sealed record UntoldChange(string? Email, string? Connection, string? Reason);

/// <summary>How many there are, and the newest.</summary>
internal sealed record UntoldChanges(int Count, IReadOnlyList<UntoldChange> Newest);
