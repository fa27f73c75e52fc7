using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Connections.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Connections.ParkedDeliveries;

/// <summary>Deliveries that were verified and kept but could not be applied, with why, and a way to try again.</summary>
[Route("admin/deliveries")]
[ForMerchants]
internal sealed class ParkedDeliveriesController(PortalDb db, IActivityLog log, TimeProvider clock) : Controller
{
    [HttpGet]
    public async Task<IActionResult> ParkedDeliveries(string? page, int? again, CancellationToken ct)
    {
        // Without the bodies: twenty of them may be twenty megabytes.
        var rows = Parked()
            .Join(
                db.Set<ConnectedAccount>(),
                d => d.ConnectionId,
                a => a.Id,
                (d, a) =>
                    new ParkedRow
                    {
                        Id = d.Id,
                        ListedAt = d.ReceivedAt,
                        PublicId = d.PublicId,
                        EventType = d.EventType,
                        Connection = a.Name,
                        Reason = d.Reason,
                        Conflicts = d.Conflicts,
                    }
            );
        return View(new ParkedView(await rows.NewestFirstAsync(page, ct), again));
    }

    [HttpGet("{id}")]
    public async Task<IActionResult> ParkedDelivery(string id, CancellationToken ct)
    {
        var delivery = await db.Set<InboxDelivery>().AsNoTracking().SingleOrDefaultAsync(d => d.PublicId == id, ct);
        if (delivery is null)
        {
            return NotFound();
        }

        var connection = await db.Set<ConnectedAccount>().Where(a => a.Id == delivery.ConnectionId).Select(a => a.Name).SingleAsync(ct);
        return View(new ParkedDeliveryView(delivery, connection, DeliveryBody.Of(delivery.Body)));
    }

    [HttpPost("try-again")]
    [SupportMay]
    public async Task<IActionResult> TryAllAgain(CancellationToken ct)
    {
        var count = await db.InTransactionAsync(
            async () =>
            {
                var again = await Parked().Where(InboxDelivery.MayBeTriedAgain).TryAllAgainAsync(clock.GetUtcNow(), ct);
                await log.RecordAsync(ConnectionsActivity.DeliveriesTriedAgain, null, [again.ToString(CultureInfo.InvariantCulture)], ct);
                return again;
            },
            ct
        );
        return LocalRedirect("~/admin/deliveries?again=" + count.ToString(CultureInfo.InvariantCulture));
    }

    [HttpPost("{id}/try-again")]
    [SupportMay]
    public async Task<IActionResult> TryAgain(string id, CancellationToken ct)
    {
        var isTried = await db.InTransactionAsync(
            async () =>
            {
                if (await Parked().Where(d => d.PublicId == id).Where(InboxDelivery.MayBeTriedAgain).TryAllAgainAsync(clock.GetUtcNow(), ct) == 0)
                {
                    return false;
                }

                await log.RecordAsync(ConnectionsActivity.DeliveryTriedAgain, null, [id], ct);
                return true;
            },
            ct
        );
        return isTried ? LocalRedirect("~/admin/deliveries?again=1") : NotFound();
    }

    [HttpPost("{id}/dismiss")]
    [SupportMay]
    public async Task<IActionResult> Dismiss(string id, CancellationToken ct)
    {
        if (await Parked().SingleOrDefaultAsync(d => d.PublicId == id, ct) is not { } delivery)
        {
            return NotFound();
        }

        await db.InTransactionAsync(
            async () =>
            {
                delivery.Finish(clock.GetUtcNow());
                await db.SaveChangesAsync(ct);
                await log.RecordAsync(ConnectionsActivity.DeliveryDismissed, null, [id], ct);
            },
            ct
        );
        return LocalRedirect("~/admin/deliveries");
    }

    private IQueryable<InboxDelivery> Parked() => db.Set<InboxDelivery>().Where(d => d.State == WorkState.Parked);
}

/// <summary>One line of the list.</summary>
internal sealed record ParkedRow : IListed
{
    public required long Id { get; init; }
    public required DateTimeOffset ListedAt { get; init; }
    public required string PublicId { get; init; }
    public required string EventType { get; init; }
    public required string Connection { get; init; }
    public required string? Reason { get; init; }
    public required int Conflicts { get; init; }
}

/// <summary>The list.</summary>
/// <param name="Rows">A page of it.</param>
/// <param name="Again">How many were just put back to work; null when none were.</param>
internal sealed record ParkedView(Page<ParkedRow> Rows, int? Again);

/// <summary>One delivery.</summary>
internal sealed record ParkedDeliveryView(InboxDelivery Delivery, string Connection, DeliveryBody Body);

/// <summary>A body as a person can read it.</summary>
/// <param name="Text">As text, or in hexadecimal where it is none.</param>
/// <param name="IsText">Which of the two.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="CutOff">Whether only its beginning is shown.</param>
internal sealed record DeliveryBody(string Text, bool IsText, int Bytes, bool CutOff)
{
    private const int MostShown = 64 * 1024;

    public static DeliveryBody Of(byte[] body)
    {
        var shown = body.AsSpan(0, Math.Min(body.Length, MostShown));
        var cutOff = shown.Length < body.Length;
        return TextOf(shown, cutOff) is { } text
            ? new DeliveryBody(text, true, body.Length, cutOff)
            : new DeliveryBody(Hex(shown), false, body.Length, cutOff);
    }

    /// <summary>Null when it is no UTF-8 or holds control characters.</summary>
    private static string? TextOf(ReadOnlySpan<byte> body, bool cutOff)
    {
        var text = new StringBuilder(body.Length);
        while (!body.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(body, out var rune, out var read);
            if (status == OperationStatus.NeedMoreData && cutOff)
            {
                break;
            }

            if (status != OperationStatus.Done || (Rune.IsControl(rune) && rune.Value is not ('\r' or '\n' or '\t')))
            {
                return null;
            }

            text.Append(rune.ToString());
            body = body[read..];
        }

        return text.ToString();
    }

    private static string Hex(ReadOnlySpan<byte> body)
    {
        const int Row = 16;
        var text = new StringBuilder();
        for (var at = 0; at < body.Length; at += Row)
        {
            text.Append(CultureInfo.InvariantCulture, $"{at:x6}  ");
            foreach (var one in body.Slice(at, Math.Min(Row, body.Length - at)))
            {
                text.Append(CultureInfo.InvariantCulture, $"{one:x2} ");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}

/// <summary>On the dashboard: how many wait for a person.</summary>
internal sealed class ParkedTroubleViewComponent(PortalDb db) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        var count = await db.Set<InboxDelivery>().CountAsync(d => d.State == WorkState.Parked, HttpContext.RequestAborted);
        return count == 0 ? Content("") : View("/ParkedDeliveries/ParkedTrouble.cshtml", count);
    }
}
