using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Access.Data;
using Portal.Kernel;

namespace Portal.Access.ShowAlerts;

/// <summary>Keeps what was raised.</summary>
internal sealed class AlertBook(PortalDb db, IPublish<AlertRaised> raised, TimeProvider clock) : IAlerts
{
    private static readonly TimeSpan Calm = TimeSpan.FromHours(1);

    /// <summary>So long a merchant who was away still finds it.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromDays(1);

    public Task RaiseAsync(string kind, int count, int networks, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                var now = clock.GetUtcNow();
                var calmSince = now - Calm;
                await db.Database.ExecuteSqlAsync(
                    $"""insert into access_alert ("Kind", "Count", "Networks") values ({kind}, 0, 0) on conflict do nothing""",
                    ct
                );
                var row = db.Set<RaisedAlert>().Where(a => a.Kind == kind);
                await row.Where(a => a.LastAt == null || a.LastAt <= calmSince)
                    .ExecuteUpdateAsync(set => set.SetProperty(a => a.Since, now).SetProperty(a => a.Count, 0).SetProperty(a => a.Networks, 0), ct);
                await row.ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(a => a.LastAt, now)
                            .SetProperty(a => a.Count, a => a.Count + count)
                            .SetProperty(a => a.Networks, a => a.Networks > networks ? a.Networks : networks),
                    ct
                );

                // The update decides who mails, however many nodes tell at once.
                var mails = await row.Where(a => !db.Set<RaisedAlert>().Any(other => other.MailedAt > calmSince))
                    .ExecuteUpdateAsync(set => set.SetProperty(a => a.MailedAt, now), ct);
                if (mails == 1)
                {
                    await raised.PublishAsync(new AlertRaised(ToAlert(await row.AsNoTracking().SingleAsync(ct))), ct);
                }
            },
            ct
        );

    /// <summary>What a merchant should see, the latest first.</summary>
    public async Task<IReadOnlyList<Alert>> CurrentAsync(CancellationToken ct)
    {
        var since = clock.GetUtcNow() - Shown;
        return
        [
            .. (await db.Set<RaisedAlert>().AsNoTracking().Where(a => a.LastAt > since).OrderByDescending(a => a.LastAt).ToListAsync(ct)).Select(
                ToAlert
            ),
        ];
    }

    private static Alert ToAlert(RaisedAlert row) => new(row.Kind, row.Since!.Value, row.Count, row.Networks);
}
