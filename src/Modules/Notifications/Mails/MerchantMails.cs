using Microsoft.Extensions.Localization;
using Portal.Admin.Contract;
using Portal.Kernel;
using Portal.Notifications.SendMail;

namespace Portal.Notifications.Mails;

/// <summary>Come and help.</summary>
internal sealed class MerchantInvitedMail(MailWriter mail, IStringLocalizer<Texts> texts, TimeProvider clock) : IHandle<MerchantInvited>
{
    public Task HandleAsync(MerchantInvited happened, CancellationToken ct) =>
        mail.WriteToMerchantAsync(
            "merchant-invitation",
            Convert.ToHexString(SecretToken.Hash(happened.Token)),
            happened.Email,
            happened.Language,
            () =>
                new MailContent
                {
                    Subject = texts["InvitationSubject"],
                    Paragraphs = [texts["InvitationText", happened.By, Math.Round((happened.ExpiresAt - clock.GetUtcNow()).TotalHours)]],
                    ButtonText = texts["InvitationButton"],
                    ButtonPath = "/admin/password/" + happened.Token,
                    Note = texts["InvitationNote"],
                },
            ct
        );
}

/// <summary>The way to a new password.</summary>
internal sealed class MerchantPasswordMail(MailWriter mail, IStringLocalizer<Texts> texts, TimeProvider clock) : IHandle<MerchantPasswordForgotten>
{
    public Task HandleAsync(MerchantPasswordForgotten happened, CancellationToken ct) =>
        mail.WriteToMerchantAsync(
            "merchant-password",
            Convert.ToHexString(SecretToken.Hash(happened.Token)),
            happened.Email,
            happened.Language,
            () =>
                new MailContent
                {
                    Subject = texts["PasswordSubject"],
                    Paragraphs = [texts["PasswordText", Math.Round((happened.ExpiresAt - clock.GetUtcNow()).TotalMinutes)]],
                    ButtonText = texts["PasswordButton"],
                    ButtonPath = "/admin/password/" + happened.Token,
                    Note = texts["PasswordNote"],
                },
            ct
        );
}

/// <summary>Something about her way in changed: she hears of it even when it was not her.</summary>
internal sealed class MerchantSecurityMail(MailWriter mail, IStringLocalizer<Texts> texts) : IHandle<MerchantSecurityChanged>
{
    public Task HandleAsync(MerchantSecurityChanged happened, CancellationToken ct) =>
        mail.WriteToMerchantAsync(
            "merchant-security",
            $"{happened.Id}:{happened.Change}:{happened.At.UtcTicks}",
            happened.Email,
            happened.Language,
            () =>
                new MailContent
                {
                    Subject = texts["Subject" + happened.Change],
                    Paragraphs = [texts["Text" + happened.Change, happened.At.ToMinute()], texts["NotYouText"]],
                    ButtonText = texts["SecurityButton"],
                    ButtonPath = "/admin/security",
                },
            ct
        );
}
