using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Data;

namespace Portal.Subscriptions.RefreshSubscriptions;

/// <summary>
/// Asks processors about subscriptions whose period has run out without news: some send nothing when a renewal fails,
/// a pause ends or a card changes.
/// </summary>
internal sealed partial class RefreshDueSubscriptions(
    PortalDb db,
    IConnections connections,
    IRecordIntake intake,
    TimeProvider clock,
    ILogger<RefreshDueSubscriptions> log
) : IRecurringTask
{
    // Webhooks get this long first.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    // What nobody has news of for so long is not coming back by asking hourly.
    private static readonly TimeSpan Patience = TimeSpan.FromDays(60);
    private const int AtMost = 500;

    public string Name => "refresh-due-subscriptions";

    public string Cron => "0 37 * * * ?";

    public async Task RunAsync(CancellationToken ct)
    {
        var (due, since) = (clock.GetUtcNow() - Grace, clock.GetUtcNow() - Patience);
        var silent = await db.AllOwners<Subscription>()
            .AsNoTracking()
            .Where(s => s.CurrentPeriodEnd == null || (s.CurrentPeriodEnd < due && s.CurrentPeriodEnd > since))
            .Where(s => s.State != SubscriptionState.Canceled && s.State != SubscriptionState.Expired)
            .OrderBy(s => s.AsOf)
            .Take(AtMost)
            .ToListAsync(ct);
        foreach (var subscription in silent)
        {
            try
            {
                await AskAsync(subscription, ct);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The next hour asks again; the others are asked all the same.
                db.ChangeTracker.Clear();
                NotAnswered(subscription.PublicId, failure);
            }
        }
    }

    private async Task AskAsync(Subscription subscription, CancellationToken ct)
    {
        if (await connections.OpenAsync(subscription.ConnectionId, ct) is not { } processor || !processor.Can<IListRecords>())
        {
            return;
        }

        var record = await processor.CallAsync(
            (IListRecords books, CancellationToken token) => books.FindAsync(RecordKind.Subscription, subscription.ProcessorId, token),
            ct
        );
        if (record is not null)
        {
            await intake.ApplyAsync(subscription.ConnectionId, [record], historic: false, null, ct);
            db.ChangeTracker.Clear();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The processor could not be asked about {Subscription}")]
    private partial void NotAnswered(string subscription, Exception failure);
}
