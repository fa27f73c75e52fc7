using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Customers.Data;
using Portal.Customers.ListCustomers;
using Portal.Customers.ShowCustomer;
using Portal.Kernel;

namespace Portal.Customers.MergeCustomers;

/// <summary>Two customers are one person: find the other, see what moves, do it, take it back.</summary>
[Route("admin/customers/{id}/merge")]
[ForMerchants]
internal sealed class MergeCustomersController(PortalDb db, CustomerSearch search, CustomerMerges merges, OwnedRows rows) : Controller
{
    /// <param name="id">Who stays.</param>
    /// <param name="q">The other, as searched for.</param>
    /// <param name="with">The other, once chosen.</param>
    /// <param name="ct">Ends the query.</param>
    [HttpGet]
    public async Task<IActionResult> MergeCustomers(string id, string? q, string? with, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } stays)
        {
            return NotFound();
        }

        if (with is not null)
        {
            return await FindAsync(with, ct) is { } other && other.RowId != stays.RowId
                ? View("PreviewMerge", new PreviewMergeView(stays, other, Sum(await rows.CountAsync(other.Id, ct))))
                : NotFound();
        }

        var found = string.IsNullOrWhiteSpace(q) ? [] : (await search.FindAsync(q, null, ct)).Rows;
        return View(new MergeCustomersView(stays, q?.Trim(), [.. found.Where(c => c.Id != stays.RowId)]));
    }

    [HttpPost]
    [OwnersOnly]
    public async Task<IActionResult> MergeCustomers(string id, string? with, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } stays || await FindAsync(with ?? "", ct) is not { } other || other.RowId == stays.RowId)
        {
            return NotFound();
        }

        var merged = await db.InTransactionAsync(() => merges.MergeAsync(other.Id, stays.Id, ct), ct);
        return Back(id, merged ? CustomerNews.Merged : CustomerNews.NotNow);
    }

    [HttpPost("{move}/undo")]
    [OwnersOnly]
    public async Task<IActionResult> UndoMerge(string id, string move, CancellationToken ct)
    {
        var undone = await db.InTransactionAsync(
            async () =>
            {
                var found = await db.Set<CustomerMove>().SingleOrDefaultAsync(m => m.PublicId == move, ct);
                var done = found is not null && await merges.UndoAsync(found, ct);
                await db.SaveChangesAsync(ct);
                return done;
            },
            ct
        );
        return Back(id, undone ? CustomerNews.Undone : CustomerNews.NotNow);
    }

    private RedirectResult Back(string id, CustomerNews news) => Redirect(Url.Content($"~/admin/customers/{Uri.EscapeDataString(id)}?news={news}"));

    private Task<Customer?> FindAsync(string id, CancellationToken ct) =>
        db.Set<Customer>().SingleOrDefaultAsync(c => c.PublicId == id && c.MergedIntoId == null, ct);

    /// <summary>The tables a merchant has a word for, and all others together.</summary>
    private static List<(string Table, int Count)> Sum(IReadOnlyDictionary<string, int> counts)
    {
        var named = PreviewMergeView.Named.Select(t => (t, counts.GetValueOrDefault(t))).ToList();
        return [.. named, ("other", counts.Values.Sum() - named.Sum(n => n.Item2))];
    }
}

/// <summary>The search for the other.</summary>
internal sealed record MergeCustomersView(Customer Stays, string? Query, IReadOnlyList<CustomerRow> Found);

/// <summary>What would move.</summary>
internal sealed record PreviewMergeView(Customer Stays, Customer Other, IReadOnlyList<(string Table, int Count)> Moves)
{
    public static readonly string[] Named =
    [
        "orders_order",
        "orders_payment",
        "subscriptions_subscription",
        "invoices_document",
        "customers_email",
        "customers_processor_customer",
    ];
}
