using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Kernel;

namespace Portal.Admin.SecureAccount;

/// <summary>Whatever changes about how a merchant gets in stands in the audit log, and she is mailed, in case it was not her.</summary>
internal sealed class SecurityNews(IPublish<MerchantSecurityChanged> changed, IActivityLog log, TimeProvider clock)
{
    /// <summary>Tells within the transaction of the change.</summary>
    public async Task TellAsync(Merchant merchant, MerchantChange change, ActivityKind kind, CancellationToken ct, params string[] details)
    {
        await log.RecordAsync(kind, null, details, ct);
        await changed.PublishAsync(new MerchantSecurityChanged(merchant.PublicId, merchant.Email, change, clock.GetUtcNow(), merchant.Language), ct);
    }
}
