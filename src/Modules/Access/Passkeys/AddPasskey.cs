using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging;
using Portal.Access.Contract;
using Portal.Access.Data;
using Portal.Kernel;

namespace Portal.Access.Passkeys;

/// <summary>A signed-in person's device makes a passkey.</summary>
internal sealed partial class AddPasskey(
    PortalDb db,
    IPasskeyHandler<PasskeyHolder> handler,
    PasskeyChallenges challenges,
    IActivityLog log,
    IPublish<PasskeyAdded> added,
    Actor actor,
    IHttpContextAccessor http,
    IStringLocalizer<Texts> texts,
    TimeProvider clock,
    ILogger<AddPasskey> logger
)
{
    private long Subject => actor.Subject ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>What the browser asks the device for.</summary>
    public async Task<PasskeyOptions> AskAsync(CancellationToken ct)
    {
        var holder = await HolderAsync(ct);

        // Somebody who is merchant and buyer by one address sees which is which when the browser asks.
        var name = actor.Audience == Audience.Merchant ? texts["PasskeyOfMerchant", actor.Name!].Value : actor.Name!;
        var made = await handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity
            {
                Id = holder.Handle,
                Name = name,
                DisplayName = name,
            },
            http.HttpContext!
        );
        return new PasskeyOptions(await challenges.KeepAsync(actor.Audience, Subject, made.AttestationState!, ct), made.CreationOptionsJson);
    }

    /// <summary>Keeps the device's answer; false when it is none to <see cref="AskAsync"/>.</summary>
    public async Task<bool> AddAsync(PasskeyAnswer answer, string label, CancellationToken ct)
    {
        if (answer.Json is not { } credential || await challenges.TakeAsync(actor.Audience, Subject, answer.Challenge, ct) is not { } state)
        {
            Refused(actor.Audience, "no such challenge");
            return false;
        }

        var made = await handler.PerformAttestationAsync(
            new PasskeyAttestationContext
            {
                HttpContext = http.HttpContext!,
                CredentialJson = credential,
                AttestationState = state,
            }
        );
        if (!made.Succeeded)
        {
            Refused(actor.Audience, made.Failure.Message);
            return false;
        }

        var holder = await HolderAsync(ct);
        var passkey = new Passkey(holder.Id, made.Passkey, label, clock.GetUtcNow());
        try
        {
            await db.InTransactionAsync(
                async () =>
                {
                    db.Add(passkey);
                    await db.SaveChangesAsync(ct);
                    await log.RecordAsync(AccessActivity.PasskeyAdded, PasskeyBook.About(actor.Audience, Subject), [label], ct);
                    await added.PublishAsync(
                        new PasskeyAdded(actor.Audience, Subject, new PasskeyInfo(passkey.PublicId, label, passkey.CreatedAt, null)),
                        ct
                    );
                },
                ct
            );
            return true;
        }
        catch (DbUpdateException failure) when (db.IsDuplicate(failure))
        {
            db.ChangeTracker.Clear();
            Refused(actor.Audience, "the credential is known already");
            return false;
        }
    }

    private async Task<PasskeyHolder> HolderAsync(CancellationToken ct)
    {
        var (audience, subject) = (actor.Audience, Subject);
        var hers = db.Set<PasskeyHolder>().AsNoTracking().Where(h => h.Audience == audience && h.Subject == subject);
        if (await hers.SingleOrDefaultAsync(ct) is { } known)
        {
            return known;
        }

        try
        {
            var holder = new PasskeyHolder(audience, subject);
            db.Add(holder);
            await db.SaveChangesAsync(ct);
            return holder;
        }
        catch (DbUpdateException failure) when (db.IsDuplicate(failure))
        {
            // Asked in two tabs at once.
            db.ChangeTracker.Clear();
            return await hers.SingleAsync(ct);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A passkey offered by a signed-in {Audience} was refused: {Reason}")]
    private partial void Refused(Audience audience, string reason);
}

/// <summary>What a browser needs to ask a device.</summary>
/// <param name="Challenge">Sent back with the answer.</param>
/// <param name="Json">Options as the Web Authentication API knows them.</param>
internal sealed record PasskeyOptions(string Challenge, string Json);

/// <summary>What a device answered.</summary>
internal record PasskeyAnswer
{
    // Room for a certificate chain nobody asked for; more is nonsense.
    private const int Longest = 32 * 1024;

    public string? Challenge { get; init; }
    public string? Credential { get; init; }

    /// <summary>The credential, unless it is none at first sight.</summary>
    public string? Json => Credential is { Length: > 0 and <= Longest } ? Credential : null;
}
