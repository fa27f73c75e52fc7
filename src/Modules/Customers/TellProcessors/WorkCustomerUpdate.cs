using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;
using Portal.Kernel.Work;
using Portal.Processors;

namespace Portal.Customers.TellProcessors;

/// <summary>Tells one processor how a customer's own details stand now. A lost reply costs nothing: the same is told again.</summary>
internal sealed partial class WorkCustomerUpdate(
    PortalDb db,
    IConnections connections,
    IRecordIntake intake,
    TimeProvider clock,
    ILogger<WorkCustomerUpdate> log
) : IWorkOn<CustomerUpdate>
{
    public async Task WorkAsync(CustomerUpdate item, CancellationToken ct)
    {
        var others = db.Set<CustomerUpdate>().Where(u => u.ConnectionId == item.ConnectionId && u.ProcessorId == item.ProcessorId);
        if (await others.AnyAsync(u => u.Id > item.Id, ct) || await FindAsync(item, ct) is not { Own: not OwnDetails.None } customer)
        {
            // A later one says all this one would.
            await EndAsync(item, ct);
        }
        else if (await others.AnyAsync(u => u.Id < item.Id && u.State == WorkState.Processing, ct))
        {
            // Two at once could overtake each other on the way, and the older word would stay.
            await WaitAsync(item, "An earlier change is on its way.", null, ct);
        }
        else if (await connections.OpenAsync(item.ConnectionId, ct) is not { } processor)
        {
            await WaitAsync(item, "The connection is off or its plugin is not active.", null, ct);
        }
        else if (!processor.Can<IUpdateCustomers>())
        {
            await EndAsync(item, ct);
        }
        else
        {
            await TellAsync(item, customer, processor, ct);
        }
    }

    private async Task TellAsync(CustomerUpdate item, Customer customer, ConnectedProcessor processor, CancellationToken ct)
    {
        try
        {
            var request = Request(item, customer);
            var outcome = await processor.CallAsync((IUpdateCustomers p, CancellationToken token) => p.UpdateAsync(request, token), ct);
            switch (outcome)
            {
                case Outcome.Succeeded done:
                    await intake.ApplyAsync(item.ConnectionId, [done.Record], historic: false, () => ToldAsync(item, ct), ct);
                    break;
                case Outcome.Pending:
                    await ToldAsync(item, ct);
                    break;
                case Outcome.Declined declined:
                    await ParkAsync(item, "Declined: " + declined.Code, ct);
                    break;
                default:
                    await ParkAsync(item, "The processor wants the buyer's consent on a page of its own.", ct);
                    break;
            }
        }
        catch (ProcessorException fault)
        {
            Faulted(item.Key, fault.Fault, fault.Message);
            var reason = $"{fault.Fault}: {fault.Message}";
            await (
                fault.Fault switch
                {
                    // The processor has forgotten her: nobody is left to be told.
                    ProcessorFault.NotFound => EndAsync(item, ct),
                    ProcessorFault.BadCredentials or ProcessorFault.BadRequest => ParkAsync(item, reason, ct),
                    _ => WaitAsync(item, reason, fault.RetryAfter, ct),
                }
            );
        }
    }

    private async Task<Customer?> FindAsync(CustomerUpdate item, CancellationToken ct) =>
        await db.AllOwners<ProcessorCustomer>()
            .Where(k => k.ConnectionId == item.ConnectionId && k.ProcessorId == item.ProcessorId)
            .Select(k => k.CustomerId)
            .SingleOrDefaultAsync(ct)
            is { Value: var her }
            ? await db.Set<Customer>().AsNoTracking().SingleOrDefaultAsync(c => c.RowId == her, ct)
            : null;

    /// <summary>What she set herself, and only that: the rest is the processor's own to know.</summary>
    private static UpdateCustomer Request(CustomerUpdate item, Customer customer)
    {
        var request = new UpdateCustomer
        {
            IdempotencyKey = item.Key,
            CustomerId = item.ProcessorId,
            Email = Own(OwnDetails.Email, customer.Email),
            Name = Own(OwnDetails.Name, customer.Name ?? "") ?? Own(OwnDetails.ShippingAddress, customer.Name),
            Phone = Own(OwnDetails.Phone, customer.PhoneNumber ?? customer.Phone ?? ""),
            Address = Own(OwnDetails.Address, customer.Address.ToAddress() ?? new Address()),
            ShippingAddress = Own(OwnDetails.ShippingAddress, customer.ShippingAddress.ToAddress() ?? new Address()),
            BusinessName = Own(OwnDetails.Business, customer.IsBusiness ? customer.BusinessName ?? "" : ""),
            TaxId = Own(OwnDetails.TaxId, customer.TaxId ?? ""),
            TaxIdCountry = Own(OwnDetails.TaxId, customer.Address.Country),
        };

        // Another content under the same key would be refused, or taken for the former.
        var content = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request));
        return request with { IdempotencyKey = $"{item.Key}-{Convert.ToHexStringLower(content.AsSpan(0, 8))}" };

        T? Own<T>(OwnDetails detail, T? value)
            where T : class => customer.Own.HasFlag(detail) ? value : null;
    }

    /// <summary>Earlier ones that were given up on are made good by this one.</summary>
    private async Task ToldAsync(CustomerUpdate item, CancellationToken ct)
    {
        await db.Set<CustomerUpdate>()
            .Where(u => u.ConnectionId == item.ConnectionId && u.ProcessorId == item.ProcessorId && u.Id < item.Id && u.State == WorkState.Parked)
            .ExecuteDeleteAsync(ct);
        await EndAsync(item, ct);
    }

    private async Task EndAsync(CustomerUpdate item, CancellationToken ct)
    {
        item.Finish(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
    }

    private async Task ParkAsync(CustomerUpdate item, string reason, CancellationToken ct)
    {
        item.GiveUp(clock.GetUtcNow(), reason);
        await db.SaveChangesAsync(ct);
    }

    private async Task WaitAsync(CustomerUpdate item, string reason, TimeSpan? atLeast, CancellationToken ct)
    {
        if (item.Attempts >= ((IWorkOn<CustomerUpdate>)this).MaxAttempts)
        {
            await ParkAsync(item, reason, ct);
            return;
        }

        item.Postpone(clock.GetUtcNow() + (atLeast > item.Pause ? atLeast.Value : item.Pause), reason);
        await db.SaveChangesAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Telling the processor, {Key}, met {Fault}: {Message}")]
    private partial void Faulted(string key, ProcessorFault fault, string message);
}
