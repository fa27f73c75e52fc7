using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Orders.Data;

namespace Portal.Orders.ListOrders;

/// <summary>Everything the buyer ordered, newest first.</summary>
[Route("orders")]
[ForBuyers]
internal sealed class ListOrdersController(PortalDb db) : Controller
{
    [HttpGet]
    public async Task<IActionResult> ListOrders(string? page, CancellationToken ct) =>
        View(await db.Set<Order>().AsNoTracking().NewestFirstAsync(page, ct));
}

/// <summary>The newest orders, on the overview.</summary>
internal sealed class RecentOrdersViewComponent(PortalDb db) : ViewComponent
{
    private const int AtMost = 4;

    public async Task<IViewComponentResult> InvokeAsync() =>
        View("/ListOrders/RecentOrders.cshtml", await db.Set<Order>().AsNoTracking().NewestFirstAsync(null, HttpContext.RequestAborted, AtMost));
}
