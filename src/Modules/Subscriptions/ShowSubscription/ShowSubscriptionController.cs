using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions.ShowSubscription;

/// <summary>One subscription: how it stands, what it cost, what she can do.</summary>
[Route("subscriptions/{id}")]
[ForBuyers]
internal sealed class ShowSubscriptionController(PortalDb db, IConnections connections, IOrders orders) : Controller
{
    private const int Renewals = 12;

    [HttpGet]
    public async Task<IActionResult> ShowSubscription(string id, CancellationToken ct)
    {
        if (await db.Set<Subscription>().AsNoTracking().SingleOrDefaultAsync(s => s.PublicId == id, ct) is not { } subscription)
        {
            return NotFound();
        }

        var actions = await db.Set<SubscriptionAction>()
            .AsNoTracking()
            .Where(a => a.SubscriptionId == subscription.Id)
            .OrderByDescending(a => a.Id)
            .Take(Renewals)
            .ToListAsync(ct);
        var open = actions.Find(a => a.OpenFor is not null);
        var processor = await connections.OpenAsync(subscription.ConnectionId, ct);
        if (
            subscription.MethodKind is null
            && await db.Set<StoredPaymentMethod>()
                .AsNoTracking()
                .Where(m => m.ConnectionId == subscription.ConnectionId && m.IsDefault)
                .OrderByDescending(m => m.AccountId == subscription.AccountId)
                .FirstOrDefaultAsync(ct)
                is { } byDefault
        )
        {
            subscription.PaysByDefault(byDefault);
        }

        return View(
            new ShowSubscriptionView(
                subscription,
                open,
                actions,
                await orders.MyPaymentsForAsync(subscription.ConnectionId, subscription.ProcessorId, Renewals, ct),
                processor?.Connection.Processor ?? (await connections.ListAsync(ct)).Single(c => c.Id == subscription.ConnectionId).Processor,
                SubscriptionWays.Of(subscription, open, processor)
            )
        );
    }
}

/// <summary>A subscription's page.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Open">What is under way.</param>
/// <param name="Actions">What she asked for, newest first.</param>
/// <param name="Payments">Its payments, newest first.</param>
/// <param name="Processor">Who charges it.</param>
/// <param name="Ways">What she can do now.</param>
internal sealed record ShowSubscriptionView(
    Subscription Subscription,
    SubscriptionAction? Open,
    IReadOnlyList<SubscriptionAction> Actions,
    IReadOnlyList<PaymentInfo> Payments,
    string Processor,
    SubscriptionWays Ways
);
