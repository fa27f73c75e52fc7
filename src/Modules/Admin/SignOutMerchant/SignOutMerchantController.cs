using Microsoft.AspNetCore.Mvc;
using Portal.Access.Contract;
using Portal.Kernel;

namespace Portal.Admin.SignOutMerchant;

/// <summary>Ends the session on the server, not only in the browser.</summary>
[Route("admin/sign-out")]
[ForMerchants]
internal sealed class SignOutMerchantController(ISessions sessions, IActivityLog log) : Controller
{
    [HttpPost]
    [SupportMay]
    public async Task<IActionResult> SignOutMerchant(CancellationToken ct)
    {
        await sessions.EndAsync(Audience.Merchant, ct);
        await log.RecordAsync(AdminActivity.SignedOut, null, [], ct);
        return LocalRedirect("~/admin/sign-in");
    }
}
