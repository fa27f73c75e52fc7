using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Data;
using Portal.Kernel;

namespace Portal.Access.KeepActivity;

/// <summary>On a customer's page in the administration: her log, as she reads it herself.</summary>
internal sealed class CustomerActivityViewComponent(PortalDb db, ActivityKinds kinds) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync(long customer)
    {
        var key = HttpContext.Request.Query["activity"].ToString();
        var page = await db.AllOwners<ActivityLine>()
            .AsNoTracking()
            .Where(l => l.CustomerId == new CustomerId(customer))
            .NewestFirstAsync(key, HttpContext.RequestAborted, size: 10);
        return View(
            "/KeepActivity/MyActivity.cshtml",
            new ActivityView(page.Select(l => new ActivityRow(l.ListedAt, kinds.Say(l.Kind, l.Filling), l.Actor, l.Address)), IsHers: false)
        );
    }
}
