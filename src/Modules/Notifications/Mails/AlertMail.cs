using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Kernel;
using Portal.Notifications.Data;
using Portal.Notifications.SendMail;
using Portal.Store.Contract;

namespace Portal.Notifications.Mails;

/// <summary>Tells the owners of the portal what the dashboard shows.</summary>
internal sealed class AlertMail(
    PortalDb db,
    IMerchants merchants,
    IStore store,
    ViewText views,
    MailSecrecy secrecy,
    IStringLocalizer<Texts> texts,
    IOptions<PortalOptions> portal,
    TimeProvider clock
) : IHandle<AlertRaised>
{
    public async Task HandleAsync(AlertRaised happened, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        using var english = new InCulture("en");
        var content = new MailContent
        {
            Subject = texts["AlertSubject"],
            Paragraphs = [happened.Alert.Say(), texts["AlertText"]],
            ButtonText = texts["AlertButton"],
            ButtonPath = "/admin",
        };
        var view = new MailView(content, await store.GetAsync(ct), portal.Value.Absolute(content.ButtonPath), portal.Value.Absolute("/"));
        var body = new MailBody(
            MailWriter.OneLine(content.Subject),
            MailWriter.PlainText(view),
            await views.RenderAsync("/SendMail/Mail.cshtml", view)
        );
        foreach (var owner in await merchants.OwnersAsync(ct))
        {
            db.Add(new OutboxMail("alert", $"alert:{Guid.NewGuid():N}", owner, secrecy.Seal(body), now));
        }

        await db.SaveChangesAsync(ct);
    }
}
