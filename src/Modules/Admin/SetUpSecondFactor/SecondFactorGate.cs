using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.EntityFrameworkCore;
using Portal.Admin.Data;
using Portal.Kernel;

namespace Portal.Admin.SetUpSecondFactor;

/// <summary>Until when a merchant has to set up a second factor.</summary>
internal sealed class SecondFactorDue(PortalDb db, SecondFactors factors, Actor actor)
{
    /// <summary>Null once she has one.</summary>
    public async Task<DateTimeOffset?> OfMeAsync(CancellationToken ct) =>
        (await factors.OfAsync(actor.Subject!.Value, ct)).IsProtected
            ? null
            : await db.Set<Merchant>().Where(m => m.Id == actor.Subject).Select(m => m.SecondFactorDueAt).SingleAsync(ct);
}

/// <summary>Who let the time pass sees nothing but the way to set up a second factor.</summary>
internal sealed class SecondFactorGate(SecondFactorDue due, TimeProvider clock) : IAsyncAuthorizationFilter
{
    /// <summary>Her own security pages, whichever module they stand in, and the way out.</summary>
    private static readonly PathString[] Open = ["/admin/security", "/admin/sign-out"];

    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var isMerchants = context.ActionDescriptor.EndpointMetadata.OfType<IForAudience>().Any(a => a.Audience == Audience.Merchant);
        var path = context.HttpContext.Request.Path;
        if (
            isMerchants
            && !Open.Any(o => path.StartsWithSegments(o, StringComparison.OrdinalIgnoreCase))
            && await due.OfMeAsync(context.HttpContext.RequestAborted) <= clock.GetUtcNow()
        )
        {
            context.Result = new LocalRedirectResult("~/admin/security");
        }
    }
}

/// <summary>On the dashboard, every day until it is done.</summary>
internal sealed class SecondFactorNoticeViewComponent(SecondFactorDue due) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync() =>
        await due.OfMeAsync(HttpContext.RequestAborted) is { } by ? View("/SetUpSecondFactor/SecondFactorNotice.cshtml", by) : Content("");
}
