using Portal.Kernel;
using Portal.Kernel.Work;
using Portal.Notifications.Data;
using Portal.Store.Contract;

namespace Portal.Notifications.SendMail;

/// <summary>Sends what the outbox holds; a refused mail is tried again with growing pauses, then shown to the merchant.</summary>
internal sealed class WorkOutbox(PortalDb db, MailDoor door, MailSecrecy secrecy, IStore store, TimeProvider clock) : IWorkOn<OutboxMail>
{
    public async Task WorkAsync(OutboxMail item, CancellationToken ct)
    {
        await door.SendAsync(item, secrecy.Open(item), (await store.GetAsync(ct)).Name, ct);
        item.Finish(clock.GetUtcNow());

        // Once the server has it, a stop of the portal must not make it go out twice.
        await db.SaveChangesAsync(CancellationToken.None);
    }
}
