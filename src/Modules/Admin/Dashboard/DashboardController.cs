using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Portal.Kernel;

namespace Portal.Admin.Dashboard;

/// <summary>What needs a person, told by the modules it is about; calm when nothing does.</summary>
[Route("admin")]
[ForMerchants]
internal sealed class DashboardController(IOptions<PortalOptions> portal) : Controller
{
    [HttpGet]
    public IActionResult Dashboard() => View(portal.Value.Absolute("/"));
}
