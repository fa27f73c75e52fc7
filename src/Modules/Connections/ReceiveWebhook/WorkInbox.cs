using Microsoft.EntityFrameworkCore;
using Portal.Connections.ApplyRecords;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Kernel;
using Portal.Kernel.Work;
using Portal.Processors;

namespace Portal.Connections.ReceiveWebhook;

/// <summary>Reads a stored delivery through its plugin and applies what it says, all in one transaction with the row's own end.</summary>
internal sealed class WorkInbox(PortalDb db, IConnections connections, IRecordIntake intake, TimeProvider clock) : IWorkOn<InboxDelivery>
{
    // Waits of 1 s up to a day, about a week in all: longer than any processor keeps an object back.
    public int MaxAttempts => 14;

    public async Task WorkAsync(InboxDelivery item, CancellationToken ct)
    {
        if (await connections.OpenAsync(item.ConnectionId, ct) is not { } processor)
        {
            item.Postpone(clock.GetUtcNow() + item.Pause, "The connection is off or its plugin is not active.");
            await db.SaveChangesAsync(ct);
            return;
        }

        IReadOnlyList<ProcessorRecord> records;
        try
        {
            records =
                await processor.ReadAsync(item.ToRequest(), ct) ?? throw new FormatException("The plugin read nothing, not even an empty list.");
        }
        catch (FormatException unreadable)
        {
            item.Park(clock.GetUtcNow(), unreadable.Message);
            await db.SaveChangesAsync(ct);
            return;
        }

        Application.Waiting? waiting;
        try
        {
            waiting = await intake.ApplyAsync(
                item.ConnectionId,
                records,
                historic: false,
                async () =>
                {
                    db.Attach(item);
                    item.Finish(clock.GetUtcNow());
                    await db.SaveChangesAsync(ct);
                },
                ct
            );
        }
        catch (FormatException implausible)
        {
            db.ChangeTracker.Clear();
            db.Attach(item);
            item.Park(clock.GetUtcNow(), implausible.Message);
            await db.SaveChangesAsync(ct);
            return;
        }

        if (waiting is not null)
        {
            db.Attach(item);
            item.WaitsFor = RecordIntake.KeyOf(waiting.Kind, waiting.Id);
            var reason = $"Waits for {waiting.Kind} {waiting.Id}, which is not known yet.";
            if (item.Attempts >= MaxAttempts)
            {
                item.Park(clock.GetUtcNow(), reason);
            }
            else
            {
                item.Postpone(clock.GetUtcNow() + item.Pause, reason);
            }

            await db.SaveChangesAsync(ct);
        }
    }
}
