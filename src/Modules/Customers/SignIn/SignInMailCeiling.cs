using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.SignIn;

/// <summary>The settings under <c>RateLimits</c> that are about mails.</summary>
internal sealed class MailCeilingOptions
{
    /// <summary>Off only for load tests; refused in Production.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Sign-in mails an hour, to all addresses together.</summary>
    public int SignInMailsPerHour { get; set; } = 1000;
}

/// <summary>So that nobody makes the portal a mail bomb, and its mail server a suspect: what is above the ceiling waits, and goes out in its turn.</summary>
internal sealed class SignInMailCeiling(PortalDb db, IAlerts alerts, IOptions<MailCeilingOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Span = TimeSpan.FromHours(1);

    // Many may wait for the same place: those who find it taken do not ask again at once.
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>Puts the request off when no mail may go out now.</summary>
    /// <returns>Whether it waits.</returns>
    public async Task<bool> PostponeAsync(SignInRequest request, CancellationToken ct)
    {
        var (now, most) = (clock.GetUtcNow(), options.Value.SignInMailsPerHour);
        if (!options.Value.Enabled)
        {
            return false;
        }

        var since = now - Span;
        var leaves = await db.Set<SignInLink>()
            .Where(l => l.CreatedAt > since)
            .OrderByDescending(l => l.CreatedAt)
            .Skip(most - 1)
            .Select(l => (DateTimeOffset?)l.CreatedAt)
            .FirstOrDefaultAsync(ct);
        if (leaves is not { } oldest)
        {
            return false;
        }

        var isNew = request.Reason is null;
        var free = oldest + Span;

        // Waiting is no failed attempt.
        request.TryAgain(now);
        request.Postpone(free > now + Shortest ? free : now + Shortest, "More sign-in mails are asked for than may go out in an hour.");
        await db.SaveChangesAsync(ct);
        if (isNew)
        {
            await alerts.RaiseAsync(Alert.SignInMails, 1, 0, ct);
        }

        return true;
    }
}
