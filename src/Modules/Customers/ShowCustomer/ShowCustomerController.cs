using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.ManageEmails;
using Portal.Kernel;
using ConnectionInfo = Portal.Connections.Contract.ConnectionInfo;

namespace Portal.Customers.ShowCustomer;

/// <summary>One customer, as a merchant sees and helps her. Whatever is done here she reads in her own log.</summary>
[Route("admin/customers/{id}")]
[ForMerchants]
internal sealed class ShowCustomerController(
    PortalDb db,
    MailedLinks links,
    ReplaceMailbox.ReplaceMailbox replacements,
    IConnections connections,
    ISessions sessions,
    IActivityLog log,
    TimeProvider clock
) : Controller
{
    private static readonly TimeSpan InvitationLife = TimeSpan.FromDays(7);

    [HttpGet]
    public async Task<IActionResult> ShowCustomer(string id, CustomerNews? news, CancellationToken ct) =>
        await FindAsync(id, ct) is { } customer ? View(await ViewAsync(customer, news, ct)) : NotFound();

    /// <summary>On the path of the form she would fill in herself, limits included.</summary>
    [HttpPost("send-link")]
    [SupportMay]
    public Task<IActionResult> SendLink(string id, CancellationToken ct) =>
        DoAsync(
            id,
            CustomerNews.LinkSent,
            async customer =>
            {
                if (EmailAddress.Canonical(customer.Email) is not { } canonical || customer.DisabledAt is not null)
                {
                    return false;
                }

                db.Add(new SignInRequest(canonical, customer.Language ?? "en", null, clock.GetUtcNow()));
                await log.RecordAsync(CustomersActivity.LinkSent, customer.Id, [], ct);
                return true;
            },
            ct
        );

    [HttpPost("invite")]
    [SupportMay]
    public Task<IActionResult> Invite(string id, CancellationToken ct) =>
        DoAsync(
            id,
            CustomerNews.Invited,
            async customer =>
            {
                if (customer.Email is not { } email || customer.DisabledAt is not null || !await links.CustomerMayAsync(customer, ct))
                {
                    return false;
                }

                await links.MailAsync(LinkKind.Invitation, customer, email, InvitationLife, null, ct);
                await log.RecordAsync(CustomersActivity.Invited, customer.Id, [], ct);
                return true;
            },
            ct
        );

    [HttpPost("end-sessions")]
    [SupportMay]
    public Task<IActionResult> EndSessions(string id, CancellationToken ct) =>
        DoAsync(
            id,
            CustomerNews.SignedOut,
            async customer =>
            {
                await sessions.EndAllAsync(Audience.Buyer, customer.RowId, ct);
                await log.RecordAsync(CustomersActivity.SignedOut, customer.Id, [], ct);
                return true;
            },
            ct
        );

    [HttpPost("disable")]
    [OwnersOnly]
    public Task<IActionResult> Disable(string id, CancellationToken ct) =>
        DoAsync(
            id,
            CustomerNews.Disabled,
            async customer =>
            {
                customer.DisabledAt ??= clock.GetUtcNow();
                await db.SaveChangesAsync(ct);
                await links.WithdrawAllAsync(customer, all => all, ct);
                await sessions.EndAllAsync(Audience.Buyer, customer.RowId, ct);
                await log.RecordAsync(CustomersActivity.Disabled, customer.Id, [], ct);
                return true;
            },
            ct
        );

    [HttpPost("enable")]
    [OwnersOnly]
    public Task<IActionResult> Enable(string id, CancellationToken ct) =>
        DoAsync(
            id,
            CustomerNews.Enabled,
            async customer =>
            {
                customer.DisabledAt = null;
                await log.RecordAsync(CustomersActivity.Enabled, customer.Id, [], ct);
                return true;
            },
            ct
        );

    [HttpGet("address")]
    public async Task<IActionResult> ProposeAddress(string id, CancellationToken ct) =>
        await FindAsync(id, ct) is { MergedIntoId: null } customer ? View(new ProposeAddressView(customer, null, null)) : NotFound();

    [HttpPost("address")]
    [OwnersOnly]
    public async Task<IActionResult> ProposeAddress(string id, string? email, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { MergedIntoId: null } customer)
        {
            return NotFound();
        }

        var canonical = EmailAddress.Canonical(email);
        var taken = await db.AllOwners<CustomerEmail>().AsNoTracking().SingleOrDefaultAsync(e => e.Canonical == canonical, ct);
        WrongEmail? wrong =
            canonical is null ? WrongEmail.NoAddress
            : taken is not null && taken.IsMainOf(customer) ? WrongEmail.Hers
            : taken is { LeftAt: null } && taken.CustomerId != customer.Id ? WrongEmail.Anothers
            : null;
        if (wrong is not null)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View(new ProposeAddressView(customer, email, wrong));
        }

        await db.InTransactionAsync(() => replacements.ProposeAsync(customer, email!, ct), ct);
        return Back(customer, CustomerNews.AddressProposed);
    }

    [HttpPost("address/stop")]
    [OwnersOnly]
    public Task<IActionResult> StopAddress(string id, CancellationToken ct) =>
        DoAsync(
            id,
            CustomerNews.AddressStopped,
            async customer =>
            {
                await replacements.StopAsync(customer, ct);
                return true;
            },
            ct
        );

    private async Task<IActionResult> DoAsync(string id, CustomerNews done, Func<Customer, Task<bool>> deed, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { MergedIntoId: null } customer)
        {
            return NotFound();
        }

        var happened = await db.InTransactionAsync(
            async () =>
            {
                var did = await deed(customer);
                await db.SaveChangesAsync(ct);
                return did;
            },
            ct
        );
        return Back(customer, happened ? done : CustomerNews.NotNow);
    }

    private RedirectToActionResult Back(Customer customer, CustomerNews news) =>
        RedirectToAction(nameof(ShowCustomer), new { id = customer.PublicId, news });

    private Task<Customer?> FindAsync(string id, CancellationToken ct) => db.Set<Customer>().SingleOrDefaultAsync(c => c.PublicId == id, ct);

    private async Task<ShowCustomerView> ViewAsync(Customer customer, CustomerNews? news, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var emails = await db.AllOwners<CustomerEmail>().AsNoTracking().Where(e => e.CustomerId == customer.Id).OrderBy(e => e.Id).ToListAsync(ct);
        var accounts = await db.AllOwners<ProcessorCustomer>()
            .AsNoTracking()
            .Where(k => k.CustomerId == customer.Id)
            .OrderBy(k => k.Id)
            .ToListAsync(ct);
        var moves = await db.Set<CustomerMove>()
            .AsNoTracking()
            .Where(m => (m.FromId == customer.RowId || m.IntoId == customer.RowId) && m.UndoneAt == null)
            .OrderByDescending(m => m.Id)
            .ToListAsync(ct);
        var others = moves.SelectMany(m => (long[])[m.FromId, m.IntoId]).Append(customer.MergedIntoId ?? 0).Distinct().ToList();
        var known = await db.Set<Customer>().AsNoTracking().Where(c => others.Contains(c.RowId)).ToDictionaryAsync(c => c.RowId, ct);
        return new ShowCustomerView
        {
            Customer = customer,
            News = news,
            Emails = [.. emails.OrderByDescending(e => e.IsMainOf(customer))],
            Accounts = accounts,
            Connections = (await connections.ListAsync(ct)).ToDictionary(c => c.Id),
            Moves = [.. moves.Select(m => new MoveRow(m, known[m.FromId], known[m.IntoId], m.CanBeUndone(now)))],
            MergedInto = customer.MergedIntoId is { } into ? known[into] : null,
            Change = await replacements.OpenAsync(customer, ct),
            IsOwner = User.IsInRole(nameof(MerchantRole.Owner)),
        };
    }
}

/// <summary>What just happened.</summary>
internal enum CustomerNews
{
    LinkSent,
    Invited,
    SignedOut,
    Disabled,
    Enabled,
    AddressProposed,
    AddressStopped,
    Merged,
    Split,
    Undone,
    NotNow,
}

/// <summary>Everything on a customer's page that this module knows.</summary>
internal sealed record ShowCustomerView
{
    public required Customer Customer { get; init; }
    public required CustomerNews? News { get; init; }
    public required IReadOnlyList<CustomerEmail> Emails { get; init; }
    public required IReadOnlyList<ProcessorCustomer> Accounts { get; init; }
    public required IReadOnlyDictionary<long, ConnectionInfo> Connections { get; init; }
    public required IReadOnlyList<MoveRow> Moves { get; init; }
    public required Customer? MergedInto { get; init; }
    public required AddressChange? Change { get; init; }
    public required bool IsOwner { get; init; }
}

/// <summary>A merge or split that stands.</summary>
internal sealed record MoveRow(CustomerMove Move, Customer From, Customer Into, bool CanBeUndone);

/// <summary>The form for another address.</summary>
internal sealed record ProposeAddressView(Customer Customer, string? Email, WrongEmail? Wrong);
