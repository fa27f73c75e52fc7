using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Customers.ManageEmails;
using Portal.Kernel;

namespace Portal.Customers.SignIn;

/// <summary>Where every way in by mail begins and ends.</summary>
internal sealed class WayIn(PortalDb db, EmailBook emails, ISessions sessions, IActivityLog log, Actor actor, AskedAddress asked, TimeProvider clock)
{
    /// <summary>Asks for a mail. Whether there is anybody to mail is decided elsewhere and later.</summary>
    public async Task AskAsync(Asked what, CancellationToken ct)
    {
        db.Add(new SignInRequest(what.EmailCanonical, CultureInfo.CurrentUICulture.Name, what.ReturnTo, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        asked.Remember(what);
    }

    /// <summary>Uses a link up, be it by its token or by its code, and signs its customer in. Runs in the caller's transaction.</summary>
    /// <returns>Null when it is spent, expired or none; else where to go on.</returns>
    public async Task<string?> UseAsync(IQueryable<SignInLink> wanted, ActivityKind how, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var living = wanted.Living(now);
        if (await living.AsNoTracking().SingleOrDefaultAsync(ct) is not { } link)
        {
            return null;
        }

        await db.Set<Customer>().LockAsync(link.CustomerId, ct);

        // The update decides who was first, however many press at once.
        var won = await living.ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct);
        var customer = await db.Set<Customer>()
            .SingleOrDefaultAsync(c => c.RowId == link.CustomerId.Value && c.DisabledAt == null && c.MergedIntoId == null, ct);
        if (won != 1 || customer is null)
        {
            return null;
        }

        await emails.ProvenAsync(link.EmailId, ct);
        customer.LastSignInAt = now;
        customer.Speaks(CultureInfo.CurrentUICulture.Name);
        await sessions.StartAsync(Audience.Buyer, customer.Id.Value, ct);
        actor.Is(Audience.Buyer, customer.Id.Value, customer.Email!);
        await log.RecordAsync(how, customer.Id, [], ct);
        asked.Forget();
        return ReturnPath.Check(link.ReturnTo) ?? "/";
    }
}
