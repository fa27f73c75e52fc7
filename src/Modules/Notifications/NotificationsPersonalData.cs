using Microsoft.Extensions.Localization;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Kernel.Personal;
using Portal.Kernel.Work;
using Portal.Notifications.Data;
using Portal.Notifications.Mails;

namespace Portal.Notifications;

/// <summary>The mails written to her. Their texts stay out of an export: a link in one may still let somebody in.</summary>
internal sealed class NotificationsPersonalData(
    PortalDb db,
    ICustomers customers,
    MailSecrecy secrecy,
    TimeProvider clock,
    IStringLocalizer<Texts> texts
) : IKeepPersonalData
{
    public async Task<IReadOnlyList<PersonalTable>> TablesAsync(CustomerId person, CancellationToken ct)
    {
        // Mails of earlier versions name nobody but their address.
        var address = (await customers.FindAsync(person, ct))?.Email;
        return
        [
            PersonalTable
                .Of(
                    db,
                    "mails",
                    texts["DataMails"],
                    db.Set<OutboxMail>().Where(m => m.CustomerId == person || (m.CustomerId == null && address != null && m.To == address))
                )
                .Without(nameof(OutboxMail.Occasion))
                .With("subject", mail => secrecy.Open(mail).Subject)
                .With("state", mail => mail.State)
                .Delete(m => m.Kind != ErasureMail.Farewell || m.State == WorkState.Done),
        ];
    }

    public IReadOnlyList<PersonalLine> Besides => [new(texts["DataFarewell"], null, Fate.Kept, texts["WhyFarewell"], clock.GetUtcNow().AddDays(2))];
}
