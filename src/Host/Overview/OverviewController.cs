using Microsoft.AspNetCore.Mvc;
using Portal.Customers.Contract;
using Portal.Kernel;

namespace Portal.Host.Overview;

/// <summary>The first page: each module shows what matters of it.</summary>
[Route("")]
[ForBuyers]
internal sealed class OverviewController(ICustomers customers, Buyer buyer) : Controller
{
    [HttpGet]
    public async Task<IActionResult> Overview(CancellationToken ct) => View(await customers.FindAsync(buyer.Id!.Value, ct));
}
