using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.ListCustomers;

/// <summary>Every customer, newest first, and the way to one of them.</summary>
[Route("admin/customers")]
[ForMerchants]
internal sealed class ListCustomersController(CustomerSearch search) : Controller
{
    [HttpGet]
    public async Task<IActionResult> ListCustomers(string? q, string? page, CancellationToken ct) =>
        View(new ListCustomersView(q?.Trim(), await search.FindAsync(q, page, ct)));
}

/// <summary>A page of them, and what was searched for.</summary>
internal sealed record ListCustomersView(string? Query, Page<CustomerRow> Customers)
{
    /// <summary>Keeps the search while turning pages.</summary>
    public string PathOf(string page) => QueryString.Create(new Dictionary<string, string?> { ["q"] = Query, ["page"] = page }).ToString();
}

/// <summary>One customer of a list.</summary>
internal sealed class CustomerRow : IListed
{
    public long Id { get; init; }
    public DateTimeOffset ListedAt { get; init; }
    public string PublicId { get; init; } = "";
    public string? Email { get; init; }
    public string? Name { get; init; }
    public DateTimeOffset? DisabledAt { get; init; }
    public DateTimeOffset? LastSignInAt { get; init; }
}

/// <summary>Finds customers by the beginning of an address, a part of the name, her id, or what another module knows her by.</summary>
internal sealed class CustomerSearch(PortalDb db, IEnumerable<IKnowCustomers> others)
{
    private const int Longest = 300;
    private const int MostHits = 200;

    /// <summary>Without a text, all of them.</summary>
    public async Task<Page<CustomerRow>> FindAsync(string? text, string? page, CancellationToken ct)
    {
        var customers = db.Set<Customer>().AsNoTracking().Where(c => c.MergedIntoId == null);
        if (text?.Trim() is { Length: > 0 and <= Longest } wanted)
        {
            var (address, name) = (EmailAddress.Fold(wanted), wanted.ToLowerInvariant());
            var ids = await IdsAsync(wanted, address, ct);
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL, which knows no culture.
            customers = customers.Where(c =>
                c.PublicId == wanted || ids.Contains(c.RowId) || (c.Name != null && (c.Name.ToLower().Contains(name) || c.Name.Contains(wanted)))
            );
#pragma warning restore CA1304, CA1311, CA1862
        }

        return await customers
            .Select(c => new CustomerRow
            {
                Id = c.RowId,
                ListedAt = c.CreatedAt,
                PublicId = c.PublicId,
                Email = c.Email,
                Name = c.Name,
                DisabledAt = c.DisabledAt,
                LastSignInAt = c.LastSignInAt,
            })
            .NewestFirstAsync(page, ct);
    }

    private async Task<List<long>> IdsAsync(string wanted, string address, CancellationToken ct)
    {
        var found = await db.AllOwners<CustomerEmail>()
            .Where(e => e.Canonical.StartsWith(address))
            .OrderBy(e => e.Canonical)
            .Select(e => e.CustomerId)
            .Take(MostHits)
            .ToListAsync(ct);
        foreach (var other in others)
        {
            found.AddRange((await other.FindAsync(wanted, ct)).Cast<CustomerId?>());
        }

        return [.. found.OfType<CustomerId>().Select(id => id.Value).Distinct()];
    }
}
