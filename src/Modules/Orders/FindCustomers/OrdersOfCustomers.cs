using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Orders.Data;

namespace Portal.Orders.FindCustomers;

/// <summary>Finds a customer by an order of hers: its id, or the number the merchant gave it.</summary>
internal sealed class OrdersOfCustomers(PortalDb db) : IKnowCustomers
{
    public async Task<IReadOnlyList<CustomerId>> FindAsync(string text, CancellationToken ct) =>
        [
            .. (
                await db.AllOwners<Order>()
                    .Where(o => (o.Reference == text || o.PublicId == text) && o.CustomerId != null)
                    .Select(o => o.CustomerId)
                    .Distinct()
                    .Take(20)
                    .ToListAsync(ct)
            ).OfType<CustomerId>(),
        ];
}

/// <summary>On a customer's page in the administration: her newest orders.</summary>
internal sealed class CustomerOrdersViewComponent(PortalDb db) : ViewComponent
{
    private const int AtMost = 5;

    public async Task<IViewComponentResult> InvokeAsync(long customer)
    {
        var ct = HttpContext.RequestAborted;
        var hers = db.AllOwners<Order>().AsNoTracking().Where(o => o.CustomerId == new CustomerId(customer));
        return View(
            "/FindCustomers/CustomerOrders.cshtml",
            (await hers.CountAsync(ct), (IReadOnlyList<Order>)(await hers.NewestFirstAsync(null, ct, AtMost)).Rows)
        );
    }
}
