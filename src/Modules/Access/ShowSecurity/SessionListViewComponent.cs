using Microsoft.AspNetCore.Mvc;
using Portal.Access.Contract;
using Portal.Kernel;

namespace Portal.Access.ShowSecurity;

/// <summary>The places somebody is signed in, each with the button that ends it; for buyers and merchants alike.</summary>
internal sealed class SessionListViewComponent(ISessions sessions, Actor actor) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync(string path)
    {
        var list = await sessions.ListAsync(actor.Audience, actor.Subject!.Value, HttpContext.RequestAborted);
        return View("/ShowSecurity/SessionList.cshtml", (path, list));
    }
}
