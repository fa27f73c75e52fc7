using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.ManageEmails;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.SignIn;

/// <summary>Decides, out of the request's sight, whether an address gets a mail.</summary>
internal sealed partial class WorkSignInRequest(
    PortalDb db,
    EmailBook emails,
    IPublish<SignInLinkMade> made,
    IOptions<SignInOptions> options,
    TimeProvider clock,
    ILogger<WorkSignInRequest> log
) : IWorkOn<SignInRequest>
{
    private const int PerQuarterHour = 3;
    private const int PerDay = 10;

    public Task WorkAsync(SignInRequest item, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                var now = clock.GetUtcNow();
                item.Finish(now);
                if (await emails.FindHolderAsync(item.EmailCanonical, ct) is { } holder)
                {
                    await MakeLinkAsync(item, holder, now, ct);
                }

                await db.SaveChangesAsync(ct);
            },
            ct
        );

    private async Task MakeLinkAsync(SignInRequest item, AddressHolder holder, DateTimeOffset now, CancellationToken ct)
    {
        var customer = holder.Customer;
        // Locks the customer's row: several requests for one address, worked at once, must count each other's links.
        await db.Set<Customer>().Where(c => c.RowId == customer.RowId).ExecuteUpdateAsync(set => set.SetProperty(c => c.Version, c => c.Version), ct);
        var links = db.Set<SignInLink>().Where(l => l.CustomerId == customer.Id);
        var (quarter, day) = (now.AddMinutes(-15), now.AddDays(-1));
        if (await links.CountAsync(l => l.CreatedAt > quarter, ct) >= PerQuarterHour || await links.CountAsync(l => l.CreatedAt > day, ct) >= PerDay)
        {
            Limited(customer.PublicId);
            if (await links.AnyAsync(l => l.SpentAt == null && l.ExpiresAt > now, ct))
            {
                // The newest link already mailed still works. Without one she is let in all the same:
                // whoever asks in her name shall fill her mailbox a little, not lock her out.
                return;
            }
        }

        await links.Where(l => l.SpentAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct);
        var token = SecretToken.New();
        var link = new SignInLink(customer.Id, token, item.ReturnTo, now, TimeSpan.FromMinutes(options.Value.LinkMinutes))
        {
            EmailId = holder.Email.Id,
        };
        db.Add(link);
        await made.PublishAsync(
            new SignInLinkMade(customer.ToInfo() with { Email = holder.Email.Address }, token, link.ExpiresAt, item.Language),
            ct
        );
    }

    [LoggerMessage(LogLevel.Warning, "{Customer} asked for more sign-in mails than the limit allows")]
    private partial void Limited(string customer);
}
