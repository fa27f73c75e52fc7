using Microsoft.AspNetCore.Mvc;
using Portal.Access.Contract;
using Portal.Kernel;

namespace Portal.Access.ShowSecurity;

/// <summary>Where a buyer is signed in, and what happened to her account.</summary>
[Route("profile/security")]
[ForBuyers]
internal sealed class ShowSecurityController(ISessions sessions, IActivityLog log, Actor actor)
    : EndSessionsController(sessions, log, actor, "/profile/security", "/sign-in")
{
    [HttpGet]
    public IActionResult Security() => View("/ShowSecurity/Security.cshtml");
}

/// <summary>Where a merchant is signed in; her page itself is the administration's.</summary>
[Route("admin/security")]
[ForMerchants]
[SupportMay]
internal sealed class MerchantSessionsController(ISessions sessions, IActivityLog log, Actor actor)
    : EndSessionsController(sessions, log, actor, "/admin/security", "/admin/sign-in");
