using Microsoft.Extensions.Localization;
using Portal.Kernel;
using Portal.Notifications.SendMail;
using Portal.Subscriptions.Contract;

namespace Portal.Notifications.Mails;

/// <summary>A subscription will end.</summary>
internal sealed class CancellationScheduledMail(SubscriptionMail mail, IStringLocalizer<Texts> texts) : IHandle<CancellationScheduled>
{
    public Task HandleAsync(CancellationScheduled happened, CancellationToken ct) =>
        mail.WriteAsync(
            "cancellation-scheduled",
            happened.Subscription,
            name => (texts["ScheduledSubject", name], texts["ScheduledText", name, happened.EndsAt.ToDay()], texts["ScheduledButton"]),
            ct
        );
}

/// <summary>A subscription runs on after all.</summary>
internal sealed class CancellationTakenBackMail(SubscriptionMail mail, IStringLocalizer<Texts> texts) : IHandle<CancellationTakenBack>
{
    public Task HandleAsync(CancellationTakenBack happened, CancellationToken ct) =>
        mail.WriteAsync(
            "cancellation-undone",
            happened.Subscription,
            name => (texts["TakenBackSubject", name], texts["TakenBackText", name], texts["SubscriptionButton"]),
            ct
        );
}

/// <summary>A subscription has ended.</summary>
internal sealed class SubscriptionEndedMail(SubscriptionMail mail, IStringLocalizer<Texts> texts) : IHandle<SubscriptionEnded>
{
    public Task HandleAsync(SubscriptionEnded happened, CancellationToken ct) =>
        mail.WriteAsync(
            "subscription-ended",
            happened.Subscription,
            name => (texts["EndedSubject", name], texts["EndedText", name, happened.PaidUntil.ToDay()], texts["SubscriptionButton"]),
            ct
        );
}

/// <summary>A yearly charge comes up.</summary>
internal sealed class RenewalMail(MailWriter mail, IStringLocalizer<Texts> texts) : IHandle<RenewalComesUp>
{
    public Task HandleAsync(RenewalComesUp happened, CancellationToken ct)
    {
        var subscription = happened.Subscription;
        return mail.WriteAsync(
            "renewal",
            $"{subscription.PublicId}:{happened.At:yyyyMMdd}",
            subscription.CustomerId,
            null,
            _ => new MailContent
            {
                Subject = texts["RenewalSubject", subscription.Name ?? texts["YourSubscription"]],
                Paragraphs =
                [
                    subscription.Price is { } price
                        ? texts["RenewalText", subscription.Name ?? texts["YourSubscription"], happened.At.ToDay(), price.ToText()]
                        : texts["RenewalTextNoPrice", subscription.Name ?? texts["YourSubscription"], happened.At.ToDay()],
                ],
                ButtonText = texts["SubscriptionButton"],
                ButtonPath = "/subscriptions/" + subscription.PublicId,
            },
            ct
        );
    }
}

/// <summary>What mails about a subscription share. The same thing may happen to one again, so each happening is an occasion of its own.</summary>
internal sealed class SubscriptionMail(MailWriter mail, IStringLocalizer<Texts> texts, TimeProvider clock)
{
    public Task WriteAsync(
        string kind,
        SubscriptionInfo subscription,
        Func<string, (string Subject, string Text, string Button)> write,
        CancellationToken ct
    ) =>
        mail.WriteAsync(
            kind,
            $"{subscription.PublicId}:{clock.GetUtcNow():yyyyMMddHHmmss}",
            subscription.CustomerId,
            null,
            _ =>
            {
                var (subject, text, button) = write(subscription.Name ?? texts["YourSubscription"]);
                return new MailContent
                {
                    Subject = subject,
                    Paragraphs = [text],
                    ButtonText = button,
                    ButtonPath = "/subscriptions/" + subscription.PublicId,
                };
            },
            ct
        );
}
