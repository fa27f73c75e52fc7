using Microsoft.Extensions.Localization;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Notifications.SendMail;

namespace Portal.Notifications.Mails;

/// <summary>The way in.</summary>
internal sealed class SignInMail(MailWriter mail, IStringLocalizer<Texts> texts, TimeProvider clock) : IHandle<SignInLinkMade>
{
    public Task HandleAsync(SignInLinkMade happened, CancellationToken ct) =>
        mail.WriteAsync(
            "sign-in",
            Convert.ToHexString(SecretToken.Hash(happened.Token)),
            happened.Customer.Id,
            happened.Language,
            _ => new MailContent
            {
                Subject = texts["SignInSubject"],
                Paragraphs = [texts["SignInText", Math.Round((happened.ExpiresAt - clock.GetUtcNow()).TotalMinutes)]],
                ButtonText = texts["SignInButton"],
                ButtonPath = "/sign-in/" + happened.Token,
                Code = happened.Code,
                CodeText = texts["SignInCode"],
                Note = texts["SignInNote"],
            },
            ct,
            happened.Customer.Email
        );
}
