using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Orders.Data;

namespace Portal.Orders.ShowOrder;

/// <summary>One order: what was bought, paid and given back.</summary>
[Route("orders/{id}")]
[ForBuyers]
internal sealed class ShowOrderController(PortalDb db, IConnections connections) : Controller
{
    [HttpGet]
    public async Task<IActionResult> ShowOrder(string id, CancellationToken ct)
    {
        if (await db.Set<Order>().AsNoTracking().SingleOrDefaultAsync(o => o.PublicId == id, ct) is not { } order)
        {
            return NotFound();
        }

        var payments = await db.Set<Payment>().AsNoTracking().Where(p => p.OrderId == order.Id).OrderByDescending(p => p.ListedAt).ToListAsync(ct);
        var connection = (await connections.ListAsync(ct)).Single(c => c.Id == order.ConnectionId);
        return View(new ShowOrderView(order, payments, connection.Processor));
    }
}

/// <summary>An order's page.</summary>
/// <param name="Order">The order.</param>
/// <param name="Payments">Its payments, newest first.</param>
/// <param name="Processor">Who took the money.</param>
internal sealed record ShowOrderView(Order Order, IReadOnlyList<Payment> Payments, string Processor);
