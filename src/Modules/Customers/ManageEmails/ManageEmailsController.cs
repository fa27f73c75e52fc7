using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.ManageEmails;

/// <summary>The addresses the buyer can sign in with.</summary>
[Route("profile/emails")]
[ForBuyers]
internal sealed class ManageEmailsController(PortalDb db, EmailBook emails, MailedLinks links, IActivityLog log, Buyer buyer) : Controller
{
    private static readonly TimeSpan LinkLife = TimeSpan.FromHours(24);

    private CustomerId Her => buyer.Id!.Value;

    [HttpGet]
    public async Task<IActionResult> Emails(EmailsNews? news, CancellationToken ct) => View(await EmailsView.ReadAsync(db, Her, news, ct));

    [HttpGet("add")]
    [FreshSignIn]
    public IActionResult AddEmail() => View("TypeEmail", new TypeEmailForm(IsChange: false));

    [HttpPost("add")]
    [FreshSignIn]
    [EnableRateLimiting(Limits.Secrets)]
    public Task<IActionResult> AddEmail(string? email, CancellationToken ct) => AskAsync(email, LinkKind.ConfirmAddress, ct);

    [HttpGet("change")]
    [FreshSignIn]
    public async Task<IActionResult> ChangeEmail(CancellationToken ct) =>
        View("TypeEmail", new TypeEmailForm(IsChange: true) { Main = (await db.CustomerAsync(Her, ct))!.Email });

    [HttpPost("change")]
    [FreshSignIn]
    [EnableRateLimiting(Limits.Secrets)]
    public Task<IActionResult> ChangeEmail(string? email, CancellationToken ct) => AskAsync(email, LinkKind.ConfirmChange, ct);

    [HttpPost("{id}/remove")]
    public async Task<IActionResult> RemoveEmail(string id, CancellationToken ct)
    {
        var her = (await db.CustomerAsync(Her, ct))!;
        if (await db.Set<CustomerEmail>().SingleOrDefaultAsync(e => e.PublicId == id, ct) is not { } email || email.IsMainOf(her))
        {
            return NotFound();
        }

        await db.InTransactionAsync(
            async () =>
            {
                db.Remove(email);
                await db.SaveChangesAsync(ct);

                // One may have been mailed to the address that is hers no longer.
                await links.WithdrawAllAsync(her, all => all.Where(l => l.Canonical == email.Canonical), ct);
                await log.RecordAsync(CustomersActivity.EmailRemoved, Her, [EmailAddress.Mask(email.Address)], ct);
            },
            ct
        );
        return RedirectToAction(nameof(Emails), new { news = EmailsNews.Removed });
    }

    /// <summary>The answer does not tell whether the address is anybody's: only its mailbox learns more.</summary>
    private async Task<IActionResult> AskAsync(string? typed, LinkKind kind, CancellationToken ct)
    {
        var her = (await db.CustomerAsync(Her, ct))!;
        var form = new TypeEmailForm(kind == LinkKind.ConfirmChange) { Main = her.Email, Email = typed };
        var canonical = EmailAddress.Canonical(typed);
        var hers = await db.Set<CustomerEmail>().AsNoTracking().ToListAsync(ct);
        var known = hers.Find(e => e.Canonical == canonical && e.LeftAt is null);
        if (canonical is null)
        {
            return Refuse(form with { Wrong = WrongEmail.NoAddress });
        }

        if (known is not null && (kind == LinkKind.ConfirmAddress || known.IsMainOf(her)))
        {
            return Refuse(form with { Wrong = WrongEmail.Hers });
        }

        if (kind == LinkKind.ConfirmAddress && hers.Count >= EmailBook.AtMost)
        {
            return Refuse(form with { Wrong = WrongEmail.TooMany });
        }

        if (known is { VerifiedAt: not null })
        {
            // Her own already, proven before: nothing is left to confirm.
            await db.InTransactionAsync(() => emails.ChangeAsync(her, known.Address, EmailOrigin.Buyer, ct), ct);
            return RedirectToAction(nameof(Emails), new { news = EmailsNews.Changed });
        }

        if (!await db.InTransactionAsync(() => MailAsync(her, typed!, canonical, kind, ct), ct))
        {
            return Refuse(form with { Wrong = WrongEmail.TooOften });
        }

        return RedirectToAction(nameof(Emails), new { news = EmailsNews.Sent });
    }

    private async Task<bool> MailAsync(Customer her, string typed, string canonical, LinkKind kind, CancellationToken ct)
    {
        // Several at once must count each other's.
        await db.Set<Customer>().Where(c => c.RowId == her.RowId).ExecuteUpdateAsync(set => set.SetProperty(c => c.Version, c => c.Version), ct);
        if (!await links.CustomerMayAsync(her, ct))
        {
            return false;
        }

        if (await links.AddressMayAsync(canonical, ct))
        {
            await links.MailAsync(kind, her, typed, LinkLife, CultureInfo.CurrentUICulture.Name, ct);
        }

        return true;
    }

    private ViewResult Refuse(TypeEmailForm form)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("TypeEmail", form);
    }
}

/// <summary>What just happened, told on the page she is led to.</summary>
internal enum EmailsNews
{
    Sent,
    Added,
    Changed,
    Removed,
    Anothers,
}

/// <summary>Why an address was not taken.</summary>
internal enum WrongEmail
{
    NoAddress,
    Hers,
    TooMany,
    TooOften,
    Anothers,
}

/// <summary>One field: an address to add, or to change to.</summary>
internal sealed record TypeEmailForm(bool IsChange)
{
    public string? Main { get; init; }
    public string? Email { get; init; }
    public WrongEmail? Wrong { get; init; }
}

/// <summary>Her addresses, the main one first.</summary>
internal sealed record EmailsView(string? Main, IReadOnlyList<CustomerEmail> All, EmailsNews? News)
{
    public static async Task<EmailsView> ReadAsync(PortalDb db, CustomerId her, EmailsNews? news, CancellationToken ct)
    {
        var customer = (await db.CustomerAsync(her, ct))!;
        var all = await db.Set<CustomerEmail>().AsNoTracking().OrderBy(e => e.Id).ToListAsync(ct);
        return new EmailsView(customer.Email, [.. all.OrderByDescending(e => e.IsMainOf(customer))], news);
    }
}

/// <summary>On the profile: her addresses, with the way to change them.</summary>
internal sealed class MyEmailsViewComponent(PortalDb db, Buyer buyer) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync() =>
        View("/ManageEmails/EmailList.cshtml", await EmailsView.ReadAsync(db, buyer.Id!.Value, null, HttpContext.RequestAborted));
}
