using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Data;
using Portal.Kernel;

namespace Portal.Access.KeepActivity;

/// <summary>What happened to the buyer's account, newest first.</summary>
internal sealed class MyActivityViewComponent(PortalDb db, ActivityKinds kinds) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        var key = HttpContext.Request.Query["activity"].ToString();
        var page = await db.Set<ActivityLine>().AsNoTracking().NewestFirstAsync(key, HttpContext.RequestAborted, size: 10);
        return View(
            "/KeepActivity/MyActivity.cshtml",
            new ActivityView(page.Select(l => new ActivityRow(l.ListedAt, kinds.Say(l.Kind, l.Filling), l.Actor, l.Address)), IsHers: true)
        );
    }
}

/// <summary>A page of lines.</summary>
/// <param name="Lines">Newest first.</param>
/// <param name="IsHers">Whether she reads it herself; else a merchant does.</param>
internal sealed record ActivityView(Page<ActivityRow> Lines, bool IsHers);

/// <summary>One line in words.</summary>
internal sealed record ActivityRow(DateTimeOffset At, string Says, Audience Actor, string? Address);
