using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Portal.Admin.KeepRecoveryCodes;

/// <summary>Fresh codes, for the minutes in which they are written down: sealed, in the browser that made them. The portal itself keeps hashes.</summary>
internal sealed class ShownCodes(IHttpContextAccessor http, IDataProtectionProvider protection, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    private readonly IDataProtector protector = protection.CreateProtector("Portal.Admin.RecoveryCodes");

    private HttpContext Http => http.HttpContext ?? throw new InvalidOperationException("Codes are shown within a request.");

    public void Keep(long merchant, IReadOnlyList<string> codes) =>
        HostCookie.Set(
            Http.Response,
            HostCookie.RecoveryCodes,
            protector.Protect(JsonSerializer.Serialize(new Kept(merchant, codes, clock.GetUtcNow() + Life)))
        );

    /// <summary>Null when there is nothing to show any more.</summary>
    public IReadOnlyList<string>? Of(long merchant)
    {
        if (Http.Request.Cookies[HostCookie.RecoveryCodes] is not { } kept)
        {
            return null;
        }

        try
        {
            var codes = JsonSerializer.Deserialize<Kept>(protector.Unprotect(kept));
            return codes?.Merchant == merchant && codes.Until > clock.GetUtcNow() ? codes.Codes : null;
        }
        catch (CryptographicException)
        {
            // Not ours, or sealed by a key ring that is gone: as good as none.
            return null;
        }
    }

    public void Forget()
    {
        if (Http.Request.Cookies.ContainsKey(HostCookie.RecoveryCodes))
        {
            HostCookie.Remove(Http.Response, HostCookie.RecoveryCodes);
        }
    }

    private sealed record Kept(long Merchant, IReadOnlyList<string> Codes, DateTimeOffset Until);
}
