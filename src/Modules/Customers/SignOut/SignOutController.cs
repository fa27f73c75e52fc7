using Microsoft.AspNetCore.Mvc;
using Portal.Access.Contract;
using Portal.Kernel;

namespace Portal.Customers.SignOut;

/// <summary>Ends the session on the server, not only in the browser.</summary>
[Route("sign-out")]
[ForBuyers]
internal sealed class SignOutController(ISessions sessions) : Controller
{
    [HttpPost]
    public async Task<IActionResult> SignOut(CancellationToken ct)
    {
        await sessions.EndAsync(Audience.Buyer, ct);
        return LocalRedirect("~/sign-in");
    }
}
