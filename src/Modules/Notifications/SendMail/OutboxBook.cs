using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Notifications.Contract;
using Portal.Notifications.Data;

namespace Portal.Notifications.SendMail;

/// <summary>What was mailed.</summary>
internal sealed class OutboxBook(PortalDb db, MailSecrecy secrecy, MailDoor door) : IOutbox
{
    public async Task<IReadOnlyList<OutboxEntry>> NewestAsync(int atMost, CancellationToken ct) =>
        [
            .. (await db.Set<OutboxMail>().AsNoTracking().OrderByDescending(m => m.Id).Take(atMost).ToListAsync(ct)).Select(m =>
                Entry(m, secrecy.Open(m))
            ),
        ];

    public async Task<OutboxMailContent?> FindAsync(string id, CancellationToken ct)
    {
        if (await db.Set<OutboxMail>().AsNoTracking().SingleOrDefaultAsync(m => m.PublicId == id, ct) is not { } mail)
        {
            return null;
        }

        var body = secrecy.Open(mail);
        return new OutboxMailContent(Entry(mail, body), body.Text, body.Html);
    }

    public Task<string?> CheckAsync(CancellationToken ct) => door.CheckAsync(ct);

    private static OutboxEntry Entry(OutboxMail mail, MailBody body) =>
        new(mail.PublicId, mail.Kind, mail.To, body.Subject, mail.State, mail.CreatedAt, mail.Reason);
}
