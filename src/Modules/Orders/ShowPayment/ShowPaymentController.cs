using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Orders.Data;

namespace Portal.Orders.ShowPayment;

/// <summary>One payment: what became of it, and the way on when it failed.</summary>
[Route("payments/{id}")]
[ForBuyers]
internal sealed class ShowPaymentController(PortalDb db, IConnections connections) : Controller
{
    [HttpGet]
    public async Task<IActionResult> ShowPayment(string id, CancellationToken ct)
    {
        if (await db.Set<Payment>().AsNoTracking().SingleOrDefaultAsync(p => p.PublicId == id, ct) is not { } payment)
        {
            return NotFound();
        }

        var order = await db.Set<Order>().AsNoTracking().SingleOrDefaultAsync(o => o.Id == payment.OrderId, ct);
        var connection = (await connections.ListAsync(ct)).Single(c => c.Id == payment.ConnectionId);
        return View(new ShowPaymentView(payment, order, connection.Processor));
    }
}

/// <summary>A payment's page.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Order">What it paid, where known.</param>
/// <param name="Processor">Who took the money.</param>
internal sealed record ShowPaymentView(Payment Payment, Order? Order, string Processor);
