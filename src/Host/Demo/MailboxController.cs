using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Portal.Kernel;
using Portal.Notifications.Contract;

namespace Portal.Host.Demo;

/// <summary>The demo's mailbox, so that a look around needs no mail program. There is none outside a demo.</summary>
[Route("demo/mailbox")]
[ForEverybody]
internal sealed class MailboxController(IOutbox outbox, IOptions<PortalOptions> portal) : Controller
{
    private const int Newest = 50;

    [HttpGet]
    public async Task<IActionResult> Mailbox(CancellationToken ct) =>
        portal.Value.Demo ? View("/Demo/Mailbox.cshtml", await outbox.NewestAsync(Newest, ct)) : NotFound();

    [HttpGet("{id}")]
    public async Task<IActionResult> Mail(string id, CancellationToken ct) =>
        portal.Value.Demo && await outbox.FindAsync(id, ct) is { } mail ? View("/Demo/Mail.cshtml", mail) : NotFound();
}
