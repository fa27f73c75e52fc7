using Autofac.Features.OwnedInstances;
using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.MyData;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.ManageErasures;

/// <summary>
/// Carries an erasure out: every module's rows, the last mail and the end of the work are one transaction. A crash leaves all of it or
/// nothing, and the work is taken up again.
/// </summary>
internal sealed class WorkErasure(PortalDb db, PersonalData data, IRecordIntake intake, IPublish<ErasureMoved> moved, TimeProvider clock)
    : IWorkOn<ErasureRun>
{
    public Task WorkAsync(ErasureRun item, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                var request = await db.AllOwners<ErasureRequest>().SingleAsync(r => r.Id == item.RequestId, ct);
                if (request.State == ErasureState.Ordered)
                {
                    await CarryOutAsync(request, request.CustomerId!.Value, ct);
                }

                item.Finish(clock.GetUtcNow());
                await db.SaveChangesAsync(ct);
            },
            ct
        );

    private async Task CarryOutAsync(ErasureRequest request, CustomerId person, CancellationToken ct)
    {
        // No processor's message and no sign-in mail may come in between.
        await intake.HoldAsync(ct);
        await db.Set<Customer>().Where(c => c.RowId == person.Value).ExecuteUpdateAsync(set => set.SetProperty(c => c.Version, c => c.Version), ct);

        using var _ = new InCulture(request.Language);
        if (await data.Of(person).ObstaclesAsync(ct) is [var obstacle, ..])
        {
            request.Return(obstacle);
            return;
        }

        request.End(ErasureState.Done, null, clock.GetUtcNow());
        await moved.PublishAsync(request.ToEvent(), ct);
        await data.EraseAsync(ct);
    }
}

/// <summary>What was kept of erased people goes when its reason ends; and what came in beside their erasure goes the next night.</summary>
internal sealed class FinishErasures(PortalDb db, Func<Owned<PersonalData>> personal) : IRecurringTask
{
    private const int Batch = 100;

    public string Name => "finish-erasures";

    public string Cron => "0 53 3 * * ?";

    public async Task RunAsync(CancellationToken ct)
    {
        for (long after = 0; ; )
        {
            var last = after;
            var erased = await db.Set<Customer>()
                .Where(c => c.ErasedAt != null && c.RowId > last)
                .OrderBy(c => c.RowId)
                .Select(c => c.RowId)
                .Take(Batch)
                .ToListAsync(ct);
            foreach (var person in erased)
            {
                await using var hers = personal();
                await hers.Value.Of(new CustomerId(person)).EraseAsync(ct);
            }

            if (erased.Count < Batch)
            {
                return;
            }

            after = erased[^1];
        }
    }
}
