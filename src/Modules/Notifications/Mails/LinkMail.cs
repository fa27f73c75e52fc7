using Microsoft.Extensions.Localization;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Notifications.SendMail;
using Portal.Store.Contract;

namespace Portal.Notifications.Mails;

/// <summary>A link that confirms, undoes, stops or invites; each goes to the one address whose mailbox is to say so.</summary>
internal sealed class LinkMail(MailWriter mail, IStore store, IStringLocalizer<Texts> texts) : IHandle<MailedLinkMade>
{
    public async Task HandleAsync(MailedLinkMade happened, CancellationToken ct)
    {
        var name = (await store.GetAsync(ct)).Name;
        await mail.WriteAsync(
            Name(happened.Kind),
            Convert.ToHexString(SecretToken.Hash(happened.Token)),
            happened.Customer.Id,
            happened.Language,
            _ => new MailContent
            {
                Subject = texts["LinkSubject" + happened.Kind, name],
                Paragraphs = [texts["LinkText" + happened.Kind, name], texts["LinkUntil", happened.ExpiresAt.ToMinute()]],
                ButtonText = texts["LinkButton" + happened.Kind],
                ButtonPath = "/link/" + happened.Token,
                Note = texts["LinkNote" + happened.Kind],
            },
            ct,
            happened.To
        );
    }

    /// <summary>As the outbox calls it.</summary>
    private static string Name(LinkKind kind) =>
        kind switch
        {
            LinkKind.ConfirmAddress => "confirm-address",
            LinkKind.ConfirmChange => "confirm-change",
            LinkKind.UndoChange => "email-changed",
            LinkKind.ConfirmNewMailbox => "confirm-mailbox",
            LinkKind.KeepMailbox => "keep-mailbox",
            _ => "invitation",
        };
}

/// <summary>Tells her main address that there is one more.</summary>
internal sealed class EmailAddedMail(MailWriter mail, IStringLocalizer<Texts> texts, TimeProvider clock) : IHandle<CustomerEmailAdded>
{
    public Task HandleAsync(CustomerEmailAdded happened, CancellationToken ct) =>
        mail.WriteAsync(
            "email-added",
            Convert.ToHexString(SecretToken.Hash($"{happened.Address} {clock.GetUtcNow():O}")),
            happened.Customer.Id,
            null,
            _ => new MailContent
            {
                Subject = texts["EmailAddedSubject"],
                Paragraphs = [texts["EmailAddedText", happened.Address]],
                ButtonText = texts["EmailAddedButton"],
                ButtonPath = "/profile/emails",
                Note = texts["EmailAddedNote"],
            },
            ct
        );
}
