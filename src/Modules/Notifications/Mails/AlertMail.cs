using Microsoft.Extensions.Localization;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Kernel;
using Portal.Notifications.SendMail;

namespace Portal.Notifications.Mails;

/// <summary>Tells the owners of the portal what the dashboard shows.</summary>
internal sealed class AlertMail(MailWriter writer, IMerchants merchants, IStringLocalizer<Texts> texts) : IHandle<AlertRaised>
{
    // The portal does not know its owners' languages while none of them is there.
    private const string Language = "en";

    public async Task HandleAsync(AlertRaised happened, CancellationToken ct)
    {
        var occasion = Guid.NewGuid().ToString("N");
        foreach (var owner in await merchants.OwnersAsync(ct))
        {
            await writer.WriteToMerchantAsync("alert", $"{occasion}:{owner}", owner, Language, () => Content(happened.Alert), ct);
        }
    }

    private MailContent Content(Alert alert) =>
        new()
        {
            Subject = texts["AlertSubject"],
            Paragraphs = [alert.Say(), texts["AlertText"]],
            ButtonText = texts["AlertButton"],
            ButtonPath = "/admin",
        };
}
