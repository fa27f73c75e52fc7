using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Admin.Data;
using Portal.Kernel;

namespace Portal.Admin.SignInMerchant;

/// <summary>The last step in: whatever had to be proven is.</summary>
internal sealed class MerchantEntry(PortalDb db, ISessions sessions, IActivityLog log, Actor actor, TryGuard guard)
{
    public Task EnterAsync(Merchant merchant, ActivityKind how, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                await sessions.StartAsync(Audience.Merchant, merchant.Id, ct);
                actor.Is(Audience.Merchant, merchant.Id, merchant.Email);
                await log.RecordAsync(how, null, [], ct);
                await guard.ForgetAsync(merchant.Email, ct);
            },
            ct
        );
}

/// <summary>When she was last in, and in which language.</summary>
internal sealed class RememberSignIn(PortalDb db, TimeProvider clock) : IHandle<SessionStarted>
{
    public Task HandleAsync(SessionStarted happened, CancellationToken ct)
    {
        var (now, language) = (clock.GetUtcNow(), CultureInfo.CurrentUICulture.Name);
        return happened.Audience == Audience.Merchant
            ? db.Set<Merchant>()
                .Where(m => m.Id == happened.Subject)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.LastSignInAt, (DateTimeOffset?)now).SetProperty(m => m.Language, language), ct)
            : Task.CompletedTask;
    }
}
