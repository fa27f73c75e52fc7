using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions.UpdatePaymentMethod;

/// <summary>Hands the buyer to the processor's own page for a new card; no card number ever reaches the portal.</summary>
[Route("subscriptions/{id}/payment-method")]
[ForBuyers]
internal sealed partial class UpdatePaymentMethodController(
    PortalDb db,
    IConnections connections,
    IOptions<PortalOptions> portal,
    ILogger<UpdatePaymentMethodController> log
) : Controller
{
    [HttpGet]
    public async Task<IActionResult> UpdatePaymentMethod(string id, CancellationToken ct)
    {
        var (subscription, processor) = await FindAsync(id, ct);
        return subscription is null
            ? NotFound()
            : View(new UpdatePaymentMethodView(subscription, WayOf(processor), processor?.Connection.Processor, null));
    }

    [HttpPost]
    [ActionName("UpdatePaymentMethod")]
    public async Task<IActionResult> Start(string id, CancellationToken ct)
    {
        var (subscription, processor) = await FindAsync(id, ct);
        if (subscription is null)
        {
            return NotFound();
        }

        if (processor is null || WayOf(processor) != Way.Hosted)
        {
            return LocalRedirect("~/subscriptions/" + id);
        }

        try
        {
            var page = await processor.CallAsync(
                (IHostPaymentMethods p, CancellationToken token) =>
                    p.StartUpdateAsync(
                        new Processors.UpdatePaymentMethod
                        {
                            SubscriptionId = subscription.ProcessorId,
                            ReturnTo = portal.Value.Absolute("/subscriptions/" + id),
                            IdempotencyKey = PublicId.New("pmu"),
                        },
                        token
                    ),
                ct
            );

            // A page with a link, not a redirect: a form may not lead off this site, and the buyer sees where she goes.
            return View("ContinueAtProcessor", new UpdatePaymentMethodView(subscription, Way.Hosted, processor.Connection.Processor, page.Location));
        }
        catch (ProcessorException unable)
        {
            NotOpened(id, unable.Fault, unable.Message);
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return View("/Errors/ProcessorDown.cshtml", processor.Connection.Processor);
        }
    }

    private static Way WayOf(ConnectedProcessor? processor) => processor?.Can<IHostPaymentMethods>() == true ? Way.Hosted : Way.Ask;

    private async Task<(Subscription?, ConnectedProcessor?)> FindAsync(string id, CancellationToken ct) =>
        await db.Set<Subscription>().AsNoTracking().SingleOrDefaultAsync(s => s.PublicId == id, ct) is { } subscription
            ? (subscription, await connections.OpenAsync(subscription.ConnectionId, ct))
            : default;

    [LoggerMessage(LogLevel.Warning, "The payment method page for {Subscription} could not be opened, {Fault}: {Message}")]
    private partial void NotOpened(string subscription, ProcessorFault fault, string message);
}

/// <summary>The page before the processor's page.</summary>
/// <param name="Subscription">Which.</param>
/// <param name="Way">Whether the processor has such a page.</param>
/// <param name="Processor">Who charges it.</param>
/// <param name="Location">The processor's page, once opened.</param>
internal sealed record UpdatePaymentMethodView(Subscription Subscription, Way Way, string? Processor, Uri? Location);
