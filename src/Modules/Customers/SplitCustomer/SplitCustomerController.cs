using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Data;
using Portal.Customers.MergeCustomers;
using Portal.Customers.ShowCustomer;
using Portal.Kernel;
using ConnectionInfo = Portal.Connections.Contract.ConnectionInfo;

namespace Portal.Customers.SplitCustomer;

/// <summary>One customer is two people: what came with some of her accounts becomes a new customer's.</summary>
[Route("admin/customers/{id}/split")]
[ForMerchants]
internal sealed class SplitCustomerController(PortalDb db, CustomerMerges merges, IConnections connections) : Controller
{
    [HttpGet]
    public async Task<IActionResult> SplitCustomer(string id, CancellationToken ct) =>
        await FindAsync(id, ct) is { } customer ? View(await ViewAsync(customer, new SplitForm(), null, ct)) : NotFound();

    [HttpPost]
    [OwnersOnly]
    public async Task<IActionResult> SplitCustomer(string id, SplitForm form, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } customer)
        {
            return NotFound();
        }

        var email = form.Email?.Trim() is { Length: > 0 } typed ? typed : null;
        var wrong =
            form.Accounts.Length + form.Unnamed.Length == 0 ? WrongSplit.Nothing
            : email is not null && EmailAddress.Canonical(email) is null ? WrongSplit.NoAddress
            : (WrongSplit?)null;
        var other = wrong is null
            ? await db.InTransactionAsync(() => merges.SplitAsync(customer.Id, form.Accounts, form.Unnamed, email, ct), ct)
            : null;
        if (other is null)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View(await ViewAsync(customer, form, wrong ?? WrongSplit.Taken, ct));
        }

        return Redirect(Url.Content($"~/admin/customers/{other.PublicId}?news={CustomerNews.Split}"));
    }

    private Task<Customer?> FindAsync(string id, CancellationToken ct) =>
        db.Set<Customer>().SingleOrDefaultAsync(c => c.PublicId == id && c.MergedIntoId == null, ct);

    private async Task<SplitView> ViewAsync(Customer customer, SplitForm form, WrongSplit? wrong, CancellationToken ct) =>
        new(
            customer,
            await db.AllOwners<ProcessorCustomer>().AsNoTracking().Where(k => k.CustomerId == customer.Id).OrderBy(k => k.Id).ToListAsync(ct),
            await connections.ListAsync(ct),
            form,
            wrong
        );
}

/// <summary>What the merchant chose.</summary>
internal sealed record SplitForm
{
    /// <summary>Row numbers of her accounts.</summary>
    public long[] Accounts { get; init; } = [];

    /// <summary>Connections where what names no account goes along.</summary>
    public long[] Unnamed { get; init; } = [];
    public string? Email { get; init; }
}

/// <summary>Why nothing was split.</summary>
internal enum WrongSplit
{
    Nothing,
    NoAddress,
    Taken,
}

/// <summary>The form.</summary>
internal sealed record SplitView(
    Customer Customer,
    IReadOnlyList<ProcessorCustomer> Accounts,
    IReadOnlyList<ConnectionInfo> Connections,
    SplitForm Form,
    WrongSplit? Wrong
);
