using Microsoft.EntityFrameworkCore;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Admin.ChoosePassword;

/// <summary>Decides, out of the request's sight, whether an address gets a mail.</summary>
internal sealed class WorkPasswordReset(PortalDb db, MerchantLinks links, IPublish<MerchantPasswordForgotten> forgotten, TimeProvider clock)
    : IWorkOn<PasswordResetRequest>
{
    private const int PerQuarterHour = 3;

    public Task WorkAsync(PasswordResetRequest item, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                var now = clock.GetUtcNow();
                item.Finish(now);
                var merchants = db.Set<Merchant>().Where(m => m.Email == item.Email && m.DisabledAt == null && m.PasswordHash != "");

                // Locks her row: several requests, worked at once, must count each other's links.
                await merchants.ExecuteUpdateAsync(set => set.SetProperty(m => m.Email, m => m.Email), ct);
                if (await merchants.AsNoTracking().SingleOrDefaultAsync(ct) is { } merchant && await MayBeMailedAsync(merchant.Id, now, ct))
                {
                    var (token, expiresAt) = await links.MakeAsync(merchant.Id, LinkPurpose.PasswordReset, ct);
                    await forgotten.PublishAsync(new MerchantPasswordForgotten(merchant.Email, token, expiresAt, item.Language), ct);
                }

                await db.SaveChangesAsync(ct);
            },
            ct
        );

    private async Task<bool> MayBeMailedAsync(long merchant, DateTimeOffset now, CancellationToken ct)
    {
        var quarter = now.AddMinutes(-15);
        return await db.Set<MerchantLink>().CountAsync(l => l.MerchantId == merchant && l.CreatedAt > quarter, ct) < PerQuarterHour;
    }
}
