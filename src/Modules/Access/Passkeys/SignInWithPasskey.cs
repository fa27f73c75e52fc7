using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Access.Contract;
using Portal.Access.Data;
using Portal.Kernel;

namespace Portal.Access.Passkeys;

/// <summary>A device proves who is there. It counts as two factors: having it, and having unlocked it.</summary>
internal sealed partial class SignInWithPasskey(
    PortalDb db,
    IPasskeyHandler<PasskeyHolder> handler,
    PasskeyChallenges challenges,
    IEnumerable<ISubjects> subjects,
    ISessions sessions,
    IActivityLog log,
    IPublish<SignedInWithPasskey> signedIn,
    Actor actor,
    IHttpContextAccessor http,
    TimeProvider clock,
    ILogger<SignInWithPasskey> logger
)
{
    /// <summary>What the browser asks the device for: any passkey it has for this portal.</summary>
    public async Task<PasskeyOptions> AskAsync(Audience audience, CancellationToken ct)
    {
        var made = await handler.MakeRequestOptionsAsync(null, http.HttpContext!);
        return new PasskeyOptions(await challenges.KeepAsync(audience, null, made.AssertionState!, ct), made.RequestOptionsJson);
    }

    /// <summary>Starts a session; false, whatever the reason, when the answer lets nobody in.</summary>
    public async Task<bool> SignInAsync(Audience audience, PasskeyAnswer answer, CancellationToken ct)
    {
        if (answer.Json is not { } credential || await challenges.TakeAsync(audience, null, answer.Challenge, ct) is not { } state)
        {
            Refused(audience, "no such challenge");
            return false;
        }

        var proven = await handler.PerformAssertionAsync(
            new PasskeyAssertionContext
            {
                HttpContext = http.HttpContext!,
                CredentialJson = credential,
                AssertionState = state,
            }
        );
        if (!proven.Succeeded)
        {
            Refused(audience, proven.Failure.Message);
            return false;
        }

        if (
            proven.User.Audience != audience
            || await subjects.Single(s => s.Audience == audience).FindAsync(proven.User.Subject, ct) is not { } subject
        )
        {
            Refused(audience, "its holder may not come in here");
            return false;
        }

        var isIn = await db.InTransactionAsync(() => StartAsync(proven.User, proven.Passkey, subject, ct), ct);
        if (!isIn)
        {
            Refused(audience, "it was used or removed meanwhile");
        }

        return isIn;
    }

    private async Task<bool> StartAsync(PasskeyHolder holder, UserPasskeyInfo proven, SubjectInfo subject, CancellationToken ct)
    {
        // Checked once more by the update: of two answers with one count, one is a copy's.
        var (now, count) = (clock.GetUtcNow(), (long)proven.SignCount);
        var passkey = db.Set<Passkey>().Where(p => p.HolderId == holder.Id && p.CredentialId == proven.CredentialId);
        var used = await passkey
            .Where(p => p.SignCount < count || (p.SignCount == 0 && count == 0))
            .ExecuteUpdateAsync(
                set => set.SetProperty(p => p.SignCount, count).SetProperty(p => p.IsBackedUp, proven.IsBackedUp).SetProperty(p => p.LastUsedAt, now),
                ct
            );
        if (used != 1)
        {
            return false;
        }

        await sessions.StartAsync(holder.Audience, holder.Subject, ct);
        actor.Is(holder.Audience, holder.Subject, subject.Name);
        var label = await passkey.Select(p => p.Label).SingleAsync(ct);
        await log.RecordAsync(AccessActivity.SignedInWithPasskey, PasskeyBook.About(holder.Audience, holder.Subject), [label], ct);
        await signedIn.PublishAsync(new SignedInWithPasskey(holder.Audience, holder.Subject), ct);
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "A passkey at the {Audience} sign-in was refused: {Reason}")]
    private partial void Refused(Audience audience, string reason);
}
