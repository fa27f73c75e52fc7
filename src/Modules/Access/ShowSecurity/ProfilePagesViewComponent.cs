using Microsoft.AspNetCore.Mvc;
using Portal.Kernel;

namespace Portal.Access.ShowSecurity;

/// <summary>The way between the pages under <c>/profile</c>, whichever module they stand in.</summary>
internal sealed class ProfilePagesViewComponent(IEnumerable<PortalSection> sections) : ViewComponent
{
    public IViewComponentResult Invoke() =>
        View("/ShowSecurity/ProfilePages.cshtml", sections.Where(s => s.Audience == Audience.Buyer && s.Parent == "/profile").OrderBy(s => s.Order));
}
