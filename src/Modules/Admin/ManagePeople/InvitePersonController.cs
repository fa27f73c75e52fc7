using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Portal.Access.Contract;
using Portal.Admin.Data;
using Portal.Kernel;

namespace Portal.Admin.ManagePeople;

/// <summary>Lets somebody else in.</summary>
[Route("admin/people/new")]
[ForMerchants]
[OwnersOnly]
[FreshSignIn]
internal sealed class InvitePersonController(People people, IStringLocalizer<Texts> texts) : Controller
{
    [HttpGet]
    public IActionResult InvitePerson() => View("/ManagePeople/InvitePerson.cshtml", new InvitePersonView(null, MerchantRole.Support, null));

    [HttpPost]
    public async Task<IActionResult> InvitePerson(string? email, MerchantRole role, CancellationToken ct)
    {
        var wrong =
            MerchantBook.Address(email) is not { } address ? texts["EmailWrong"].Value
            : !Enum.IsDefined(role) ? texts["RoleWrong"].Value
            : await people.InviteAsync(address, role, ct);
        if (wrong is null)
        {
            return LocalRedirect("~/admin/people?invited=true");
        }

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("/ManagePeople/InvitePerson.cshtml", new InvitePersonView(email, role, wrong));
    }
}

/// <summary>The form.</summary>
/// <param name="Email">As typed.</param>
/// <param name="Role">As chosen.</param>
/// <param name="Wrong">What is wrong with it.</param>
internal sealed record InvitePersonView(string? Email, MerchantRole Role, string? Wrong);
