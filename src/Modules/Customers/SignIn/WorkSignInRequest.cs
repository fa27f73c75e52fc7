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
    SignInCodes codes,
    SignInMailCeiling ceiling,
    IOptions<SignInOptions> options,
    TimeProvider clock,
    ILogger<WorkSignInRequest> log
) : IWorkOn<SignInRequest>
{
    private const int PerQuarterHour = 3;
    private const int PerDay = 10;

    private TimeSpan Life => TimeSpan.FromMinutes(options.Value.LinkMinutes);

    // A flood of requests must leave room for those who ask meanwhile: SQLite lets one write at a time.
    public int AtOnce => 1;

    public Task WorkAsync(SignInRequest item, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                var now = clock.GetUtcNow();
                var holder = await emails.FindHolderAsync(item.EmailCanonical, ct);
                if (holder is not null && await ceiling.PostponeAsync(item, ct))
                {
                    return;
                }

                item.Finish(now);
                if (holder is null)
                {
                    item.Mail(codes.Seal(SignInCodes.New()), now, Life);
                }
                else
                {
                    await MailAsync(item, holder, ct);
                }

                await db.SaveChangesAsync(ct);
            },
            ct
        );

    private async Task MailAsync(SignInRequest item, AddressHolder holder, CancellationToken ct)
    {
        var customer = holder.Customer;

        // Several requests for one address, worked at once, must count each other's links; and the one mailed last must be the newest.
        await db.Set<Customer>().LockAsync(customer.Id, ct);
        var now = clock.GetUtcNow();
        var links = db.Set<SignInLink>().Where(l => l.CustomerId == customer.Id);
        var (quarter, day) = (now.AddMinutes(-15), now.AddDays(-1));
        if (await links.CountAsync(l => l.CreatedAt > quarter, ct) >= PerQuarterHour || await links.CountAsync(l => l.CreatedAt > day, ct) >= PerDay)
        {
            Limited(customer.PublicId);
            if (await links.Living(now).AnyAsync(ct))
            {
                // The newest link already mailed still works. Without one she is let in all the same:
                // whoever asks in her name shall fill her mailbox a little, not lock her out.
                return;
            }
        }

        await links.Where(l => l.SpentAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct);
        var (token, code) = (SecretToken.New(), SignInCodes.New());
        item.Mail(codes.Seal(code), now, Life);
        db.Add(new SignInLink(customer.Id, token, item, now, Life) { EmailId = holder.Email.Id });
        await made.PublishAsync(
            new SignInLinkMade(customer.ToInfo() with { Email = holder.Email.Address }, token, code, now + Life, item.Language),
            ct
        );
    }

    [LoggerMessage(LogLevel.Warning, "{Customer} asked for more sign-in mails than the limit allows")]
    private partial void Limited(string customer);
}
