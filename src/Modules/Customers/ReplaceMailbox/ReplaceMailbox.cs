using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.ManageEmails;
using Portal.Customers.UseMailedLink;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.ReplaceMailbox;

/// <summary>
/// For a customer who lost her mailbox: the merchant proposes another address. It counts once its mailbox has confirmed it and
/// the old one has had time to object.
/// </summary>
internal sealed class ReplaceMailbox(PortalDb db, MailedLinks links, EmailBook emails, IActivityLog log, TimeProvider clock) : IWorkOn<AddressChange>
{
    /// <summary>A former proposal is replaced.</summary>
    public async Task ProposeAsync(Customer customer, string address, CancellationToken ct)
    {
        await WithdrawAsync(customer, ct);
        db.Add(new AddressChange(customer.Id, address, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        await links.MailAsync(LinkKind.ConfirmNewMailbox, customer, address, AddressChange.Life, null, ct);
        if (customer.Email is { } old)
        {
            await links.MailAsync(LinkKind.KeepMailbox, customer, old, AddressChange.Life, null, ct);
        }

        await log.RecordAsync(CustomersActivity.AddressProposed, customer.Id, [EmailAddress.Mask(address)], ct);
    }

    /// <summary>The old mailbox, or the merchant, said no.</summary>
    public async Task StopAsync(Customer customer, CancellationToken ct)
    {
        await WithdrawAsync(customer, ct);
        await log.RecordAsync(CustomersActivity.AddressKept, customer.Id, [], ct);
    }

    /// <summary>The new mailbox said yes.</summary>
    public async Task<LinkOutcome> ConfirmAsync(Customer customer, string address, CancellationToken ct)
    {
        if (await OpenAsync(customer, ct) is not { } change || change.Address != address)
        {
            return LinkOutcome.Kept;
        }

        var now = clock.GetUtcNow();
        change.Confirm(now);
        if (now < change.EffectAt)
        {
            await db.SaveChangesAsync(ct);
            return LinkOutcome.Confirmed;
        }

        return await ApplyAsync(change, customer, ct) == Claim.Hers ? LinkOutcome.Changed : LinkOutcome.Anothers;
    }

    public Task WorkAsync(AddressChange item, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                var now = clock.GetUtcNow();
                var customer = (await db.CustomerAsync(item.CustomerId, ct))!;
                if (item.OpenFor is null || now >= item.CreatedAt + AddressChange.Life)
                {
                    item.Close(now);
                }
                else if (item.ConfirmedAt is null)
                {
                    item.Postpone(item.CreatedAt + AddressChange.Life, null);
                }
                else
                {
                    await ApplyAsync(item, customer, ct);
                }

                await db.SaveChangesAsync(ct);
            },
            ct
        );

    public Task<AddressChange?> OpenAsync(Customer customer, CancellationToken ct) =>
        db.Set<AddressChange>().SingleOrDefaultAsync(c => c.OpenFor == customer.RowId, ct);

    private async Task<Claim> ApplyAsync(AddressChange change, Customer customer, CancellationToken ct)
    {
        change.Close(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        var claim = await emails.ChangeAsync(customer, change.Address, EmailOrigin.Merchant, ct);
        if (claim == Claim.Anothers)
        {
            await log.RecordAsync(CustomersActivity.AddressKept, customer.Id, [], ct);
        }

        return claim;
    }

    private async Task WithdrawAsync(Customer customer, CancellationToken ct)
    {
        if (await OpenAsync(customer, ct) is { } open)
        {
            open.Close(clock.GetUtcNow());
            await db.SaveChangesAsync(ct);
        }

        await links.WithdrawAllAsync(customer, all => all.Where(l => l.Kind == LinkKind.ConfirmNewMailbox || l.Kind == LinkKind.KeepMailbox), ct);
    }
}
