using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Connections.CallProcessor;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Connections.ReceiveWebhook;

/// <summary>Verify, store the bytes, answer; everything else happens afterwards.</summary>
[Route("webhooks/{plugin}/{connectionId}")]
[ForProcessors]
[IgnoreAntiforgeryToken]
[BodyUnread]
internal sealed partial class ReceiveWebhookController(
    PortalDb db,
    PluginCatalog plugins,
    Adapters adapters,
    ConnectionSecrets secrets,
    TimeProvider clock,
    ILogger<ReceiveWebhookController> log
) : ControllerBase
{
    private const int LargestBody = 1024 * 1024;

    [HttpPost]
    [HttpGet]
    public async Task<IActionResult> Receive(string plugin, string connectionId, CancellationToken ct)
    {
        var account = await db.Set<ConnectedAccount>().AsNoTracking().SingleOrDefaultAsync(a => a.PublicId == connectionId && a.Plugin == plugin, ct);
        if (account is null || account.Mode == ConnectionMode.Off)
        {
            return NotFound();
        }

        if (
            plugins.Find(plugin)?.Plugin is not { } processor
            || secrets.TryOpen(account) is not { } settings
            || adapters.Open(account) is not { } connected
        )
        {
            return TryLater();
        }

        if (!connected.Can<IReceiveWebhooks>() || !ConnectionSettings.CanVerify(processor, settings))
        {
            return NotFound();
        }

        if (Request.Headers.ContentEncoding.Count > 0)
        {
            return StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        if (await ReadBodyAsync(ct) is not { } body)
        {
            return StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        var request = new WebhookRequest
        {
            Body = body,
            Headers = Request.Headers.ToDictionary(
                h => h.Key,
                IReadOnlyList<string> (h) => [.. h.Value.Select(v => v ?? "")],
                StringComparer.OrdinalIgnoreCase
            ),
            Method = Request.Method,
            Query = Request.QueryString.Value ?? "",
            Sender = HttpContext.Connection.RemoteIpAddress,
        };
        Delivery? delivery;
        try
        {
            delivery = await connected.VerifyAsync(request, ct);
        }
        catch (ProcessorException unable) when (unable.InnerException is null or OperationCanceledException)
        {
            VerifyFailed(plugin, connectionId, unable.Message);
            return TryLater();
        }
        catch (Exception failure) when (failure is ProcessorException or FormatException)
        {
            // What the sender wrote made the plugin fail: as good as unsigned, and nothing anybody can hold against the plugin.
            VerifyFailed(plugin, connectionId, failure.InnerException?.GetType().Name ?? failure.Message);
            return Refuse(plugin);
        }

        switch (delivery)
        {
            case Delivery.Verified { DeliveryId.Length: > 0 and <= 200, EventType: not null } verified:
                await StoreAsync(account, request, verified, ct);
                return Ok();
            case Delivery.Rejected rejected:
                Rejected(plugin, connectionId, rejected.Reason);
                return Refuse(plugin);
            default:
                VerifyFailed(plugin, connectionId, "no verdict");
                return Refuse(plugin);
        }
    }

    private async Task StoreAsync(ConnectedAccount account, WebhookRequest request, Delivery.Verified verified, CancellationToken ct)
    {
        var row = new InboxDelivery(account.Id, request, verified, clock.GetUtcNow());
        if (verified.TestMode is { } test && test != account.TestMode)
        {
            row.ParkAsOtherMode(test, clock.GetUtcNow());
        }

        db.Add(row);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException failure) when (db.IsDuplicate(failure))
        {
            db.ChangeTracker.Clear();
            var conflicting = await db.Set<InboxDelivery>()
                .Where(d => d.ConnectionId == account.Id && d.DeliveryId == verified.DeliveryId && d.BodyHash != row.BodyHash)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.Conflicts, d => d.Conflicts + 1), ct);
            if (conflicting > 0)
            {
                Conflicting(account.Plugin, account.PublicId, verified.DeliveryId);
            }
        }
    }

    /// <summary>The body, or null when it is larger than a webhook may be: told from its length before it is read where the sender gives one.</summary>
    private async Task<byte[]?> ReadBodyAsync(CancellationToken ct)
    {
        if (Request.ContentLength > LargestBody)
        {
            return null;
        }

        if (HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestBody;
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await Request.Body.ReadAsync(buffer, ct)) > 0)
            {
                if (body.Length + read > LargestBody)
                {
                    return null;
                }

                body.Write(buffer, 0, read);
            }
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }

        return body.ToArray();
    }

    private static ContentResult Refuse(string plugin)
    {
        ProcessorMetrics.Rejected(plugin);
        return new ContentResult
        {
            StatusCode = StatusCodes.Status400BadRequest,
            Content = "unverified",
            ContentType = MediaTypeNames.Text.Plain,
        };
    }

    private StatusCodeResult TryLater()
    {
        Response.Headers.RetryAfter = "60";
        return StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    [LoggerMessage(LogLevel.Warning, "A delivery for {Plugin} {Connection} was not verified: {Reason}")]
    private partial void Rejected(string plugin, string connection, string reason);

    [LoggerMessage(LogLevel.Warning, "Verifying a delivery for {Plugin} {Connection} failed: {Reason}")]
    private partial void VerifyFailed(string plugin, string connection, string reason);

    [LoggerMessage(LogLevel.Warning, "{Plugin} {Connection} sent delivery {Delivery} again with another body; the first one counts")]
    private partial void Conflicting(string plugin, string connection, string delivery);
}
