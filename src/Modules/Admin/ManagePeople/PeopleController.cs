using Microsoft.AspNetCore.Mvc;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Kernel;

namespace Portal.Admin.ManagePeople;

/// <summary>Everybody who administers the portal.</summary>
[Route("admin/people")]
[ForMerchants]
internal sealed class PeopleController(MerchantBook merchants) : Controller
{
    [HttpGet]
    public async Task<IActionResult> People(bool invited, CancellationToken ct) =>
        View("/ManagePeople/People.cshtml", new PeopleView(await merchants.ListAsync(ct), invited));
}

/// <summary>The list.</summary>
/// <param name="People">All of them.</param>
/// <param name="Invited">Somebody was just invited.</param>
internal sealed record PeopleView(IReadOnlyList<MerchantInfo> People, bool Invited);
