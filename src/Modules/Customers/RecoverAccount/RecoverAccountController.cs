using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.EnterCode;
using Portal.Customers.SignIn;
using Portal.Kernel;

namespace Portal.Customers.RecoverAccount;

/// <summary>
/// For a buyer who does not know which address she bought with: a purchase she can prove shows enough of the address to remember it by,
/// and a mail goes there. The proof alone lets nobody in.
/// </summary>
[Route("sign-in/help")]
[ForEverybody]
internal sealed class RecoverAccountController(PortalDb db, IEnumerable<IProveOwnership> proofs, WayIn way, IFailedSecrets failed) : Controller
{
    private const int Longest = 200;

    [HttpGet]
    public IActionResult RecoverAccount(string? returnTo) => View(new ProofForm { ReturnTo = ReturnPath.Check(returnTo) });

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> RecoverAccount(ProofForm form, CancellationToken ct)
    {
        var back = ReturnPath.Check(form.ReturnTo);
        if (await AddressAsync(form.Number, form.Reference, ct) is { } address)
        {
            await way.AskAsync(new Asked(address, back, IsHint: true), ct);
            return RedirectToAction(nameof(EnterCodeController.MailSent), "EnterCode");
        }

        if (await failed.CountAsync(SecretKind.HelpPair, ct) is { } tooMany)
        {
            return tooMany;
        }

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(
            new ProofForm
            {
                Number = form.Number,
                Reference = form.Reference,
                ReturnTo = back,
                IsRefused = true,
            }
        );
    }

    private async Task<string?> AddressAsync(string? number, string? reference, CancellationToken ct)
    {
        if (number is not { Length: > 0 and <= Longest } || reference is not { Length: > 0 and <= Longest })
        {
            return null;
        }

        foreach (var proof in proofs)
        {
            if (
                await proof.FindAsync(number, reference, ct) is { } owner
                && await db.Set<Customer>()
                    .Where(c => c.RowId == owner.Value && c.DisabledAt == null && c.MergedIntoId == null)
                    .Select(c => c.Email)
                    .SingleOrDefaultAsync(ct)
                    is { } email
                && EmailAddress.Canonical(email) is { } address
            )
            {
                return address;
            }
        }

        return null;
    }
}

/// <summary>What the buyer has at hand.</summary>
internal sealed record ProofForm
{
    public string? Number { get; init; }
    public string? Reference { get; init; }
    public string? ReturnTo { get; init; }

    /// <summary>The two do not belong together.</summary>
    [BindNever]
    public bool IsRefused { get; init; }
}
