using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.ManageEmails;
using Portal.Customers.ReplaceMailbox;
using Portal.Kernel;
using Portal.Store.Contract;

namespace Portal.Customers.UseMailedLink;

/// <summary>
/// The page behind the links that confirm, undo, stop or invite. Opening one does nothing: mail scanners open links, people press buttons.
/// Nobody need be signed in to see it, so that no token has to travel through the sign-in page.
/// </summary>
[Route("link")]
[ForEverybody]
internal sealed class UseMailedLinkController(
    PortalDb db,
    MailedLinks links,
    EmailBook emails,
    ReplaceMailbox.ReplaceMailbox replacements,
    ISessions sessions,
    IStore store,
    IActivityLog log,
    IFailedSecrets failed,
    Buyer buyer,
    Actor actor,
    TimeProvider clock
) : Controller
{
    private static readonly LinkKind[] Hers = [LinkKind.ConfirmAddress, LinkKind.ConfirmChange];

    [HttpGet("{token}")]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> OpenLink(string token, bool signIn, CancellationToken ct) =>
        await links.FindAsync(token, Enum.GetValues<LinkKind>(), ct) is { } link && await OwnerAsync(link, ct) is not null
            ? View("MailedLink", new MailedLinkView(link.Kind, EmailAddress.Mask(link.Address), (await store.GetAsync(ct)).Name, signIn))
            : await DeadAsync(ct);

    [HttpPost("{token}")]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> UseLink(string token, CancellationToken ct)
    {
        if (await links.FindAsync(token, Hers, ct) is { } asked)
        {
            await HttpContext.AuthenticateAsync(nameof(Audience.Buyer));
            if (buyer.Id != asked.CustomerId)
            {
                // Whoever reads the mailbox must not hand it to an account that is not her own.
                return RedirectToAction(nameof(OpenLink), new { token, signIn = true });
            }
        }

        var leadsTo = await db.InTransactionAsync(
            async () =>
                await links.SpendAsync(token, Enum.GetValues<LinkKind>(), ct) is { } link && await OwnerAsync(link, ct) is { } her
                    ? await UseAsync(link, her, ct)
                    : null,
            ct
        );
        return leadsTo is null ? await DeadAsync(ct) : LocalRedirect("~" + leadsTo);
    }

    /// <summary>What was done, for those who are not signed in.</summary>
    [HttpGet("done/{outcome}")]
    public IActionResult Done(LinkOutcome outcome) => ModelState.IsValid && Enum.IsDefined(outcome) ? View("LinkDone", outcome) : NotFound();

    private async Task<string> UseAsync(MailedLink link, Customer her, CancellationToken ct)
    {
        actor.Is(Audience.Buyer, her.RowId, link.Address);
        switch (link.Kind)
        {
            case LinkKind.ConfirmAddress:
                return News(await emails.AddAsync(her, link.Address, ct), EmailsNews.Added);
            case LinkKind.ConfirmChange:
                return News(await emails.ChangeAsync(her, link.Address, EmailOrigin.Buyer, ct), EmailsNews.Changed);
            case LinkKind.UndoChange:
                return Outcome(await emails.UndoAsync(link, her, ct) == Claim.Hers ? LinkOutcome.Undone : LinkOutcome.Anothers);
            case LinkKind.KeepMailbox:
                await replacements.StopAsync(her, ct);
                return Outcome(LinkOutcome.Kept);
            case LinkKind.ConfirmNewMailbox:
                return Outcome(await replacements.ConfirmAsync(her, link.Address, ct));
            default:
                return await WelcomeAsync(link, her, ct);
        }
    }

    private async Task<string> WelcomeAsync(MailedLink link, Customer her, CancellationToken ct)
    {
        var emailId = await db.AllOwners<CustomerEmail>()
            .Where(e => e.Canonical == link.Canonical && e.CustomerId == her.Id)
            .Select(e => (long?)e.Id)
            .SingleOrDefaultAsync(ct);
        await emails.ProvenAsync(emailId, ct);
        her.LastSignInAt = clock.GetUtcNow();
        her.Speaks(CultureInfo.CurrentUICulture.Name);
        await sessions.StartAsync(Audience.Buyer, her.RowId, ct);
        await log.RecordAsync(CustomersActivity.SignedInByLink, her.Id, [], ct);
        return (await store.GetAsync(ct)).AllowPasswords ? "/profile/password" : "/";
    }

    private static string News(Claim claim, EmailsNews done) => "/profile/emails?news=" + (claim == Claim.Hers ? done : EmailsNews.Anothers);

    private static string Outcome(LinkOutcome outcome) => "/link/done/" + outcome;

    private async Task<Customer?> OwnerAsync(MailedLink link, CancellationToken ct) =>
        await db.CustomerAsync(link.CustomerId, ct) is { DisabledAt: null, MergedIntoId: null } her ? her : null;

    private async Task<IActionResult> DeadAsync(CancellationToken ct)
    {
        if (await failed.CountAsync(SecretKind.MailedLink, ct) is { } tooMany)
        {
            return tooMany;
        }

        Response.StatusCode = StatusCodes.Status410Gone;
        return View("DeadMailedLink");
    }
}

/// <summary>What a link did.</summary>
internal enum LinkOutcome
{
    Undone,
    Kept,
    Confirmed,
    Changed,
    Anothers,
}

/// <summary>The page with the one button.</summary>
/// <param name="Kind">What the button does.</param>
/// <param name="MaskedEmail">Enough to recognize it by.</param>
/// <param name="Store">Whose portal.</param>
/// <param name="MustSignIn">Pressed by somebody who is not signed in as the one who asked.</param>
internal sealed record MailedLinkView(LinkKind Kind, string MaskedEmail, string Store, bool MustSignIn);
