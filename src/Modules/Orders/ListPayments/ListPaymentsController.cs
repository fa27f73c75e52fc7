using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Orders.Data;
using Portal.Processors;

namespace Portal.Orders.ListPayments;

/// <summary>Billing history over all processors, newest first; what failed and still stands comes before it.</summary>
[Route("payments")]
[ForBuyers]
internal sealed class ListPaymentsController(PortalDb db) : Controller
{
    [HttpGet]
    public async Task<IActionResult> ListPayments(string? page, CancellationToken ct)
    {
        var payments = await db.Set<Payment>().AsNoTracking().NewestFirstAsync(page, ct);
        var orderIds = payments.Rows.Select(p => p.OrderId).OfType<long>().ToList();
        var orders = await db.Set<Order>().AsNoTracking().Where(o => orderIds.Contains(o.Id)).ToDictionaryAsync(o => o.Id, ct);
        return View(payments.Select(p => new PaymentRow(p, p.OrderId is { } id ? orders.GetValueOrDefault(id) : null)));
    }
}

/// <summary>One line of the billing history.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Order">What it paid, where known.</param>
internal sealed record PaymentRow(Payment Payment, Order? Order);

/// <summary>On the overview: a payment that failed and was not made good since.</summary>
internal sealed class FailedPaymentViewComponent(PortalDb db, TimeProvider clock) : ViewComponent
{
    // Older ones are history: the processor has given up on them.
    private static readonly TimeSpan StillMatters = TimeSpan.FromDays(30);

    public async Task<IViewComponentResult> InvokeAsync()
    {
        var since = clock.GetUtcNow() - StillMatters;
        var failed = await (
            from payment in db.Set<Payment>().AsNoTracking()
            where payment.State == PaymentState.Failed && payment.ListedAt > since
            where payment.SubscriptionProcessorId != null || payment.InvoiceProcessorId != null || payment.OrderId != null
            where
                !db.Set<Payment>()
                    .Any(p =>
                        p.State == PaymentState.Succeeded
                        && (
                            (p.OrderId != null && p.OrderId == payment.OrderId)
                            || (
                                p.SubscriptionProcessorId != null
                                && p.SubscriptionProcessorId == payment.SubscriptionProcessorId
                                && p.ConnectionId == payment.ConnectionId
                                && p.ListedAt >= payment.ListedAt
                            )
                        )
                    )
            orderby payment.ListedAt descending
            select payment
        ).FirstOrDefaultAsync(HttpContext.RequestAborted);
        if (failed is null)
        {
            return Content("");
        }

        var order = await db.Set<Order>().AsNoTracking().SingleOrDefaultAsync(o => o.Id == failed.OrderId, HttpContext.RequestAborted);
        return View("/ListPayments/FailedPayment.cshtml", new PaymentRow(failed, order));
    }
}
