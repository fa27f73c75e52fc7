using Microsoft.Extensions.Localization;
using Portal.Access.Contract;
using Portal.Kernel;
using Portal.Notifications.SendMail;

namespace Portal.Notifications.Mails;

/// <summary>There is one more way in: its owner should know, whoever made it.</summary>
internal sealed class PasskeyAddedMail(MailWriter mail, IStringLocalizer<Texts> texts) : IHandle<PasskeyAdded>
{
    public Task HandleAsync(PasskeyAdded happened, CancellationToken ct) =>
        happened.Audience == Audience.Buyer
            ? mail.WriteAsync(
                "passkey-added",
                happened.Passkey.Id,
                new CustomerId(happened.Subject),
                null,
                _ => new MailContent
                {
                    Subject = texts["PasskeyAddedSubject"],
                    Paragraphs = [texts["PasskeyAddedText", happened.Passkey.Label], texts["PasskeyNotYou"]],
                    ButtonText = texts["SecurityButton"],
                    ButtonPath = "/profile/security",
                },
                ct
            )
            : Task.CompletedTask;
}

/// <summary>There is one way in less.</summary>
internal sealed class PasskeyRemovedMail(MailWriter mail, IStringLocalizer<Texts> texts) : IHandle<PasskeyRemoved>
{
    public Task HandleAsync(PasskeyRemoved happened, CancellationToken ct) =>
        happened.Audience == Audience.Buyer
            ? mail.WriteAsync(
                "passkey-removed",
                happened.Passkey.Id,
                new CustomerId(happened.Subject),
                null,
                _ => new MailContent
                {
                    Subject = texts["PasskeyRemovedSubject"],
                    Paragraphs = [texts["PasskeyRemovedText", happened.Passkey.Label], texts["PasskeyNotYou"]],
                    ButtonText = texts["SecurityButton"],
                    ButtonPath = "/profile/security",
                },
                ct
            )
            : Task.CompletedTask;
}
