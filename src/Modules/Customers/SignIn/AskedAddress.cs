using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Portal.Customers.SignIn;

/// <summary>What a browser asked for.</summary>
/// <param name="EmailCanonical">Empty when a link nobody was ever mailed asked for a fresh one.</param>
/// <param name="ReturnTo">Where the buyer was going.</param>
/// <param name="IsHint">She did not type the address but proved a purchase: the page may say where the mail went.</param>
internal sealed record Asked(string EmailCanonical, string? ReturnTo, bool IsHint);

/// <summary>Remembered by the browser that asked, so that only the code is left to type there. The same for known and unknown addresses.</summary>
internal sealed class AskedAddress(IHttpContextAccessor http, IDataProtectionProvider protection)
{
    // Nearly every address and way back together are shorter: the length of the cookie tells nothing.
    private const int Padding = 400;
    private const string Name = "__Host-portal-asked";

    private static readonly CookieOptions Cookie = new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };

    private readonly IDataProtector protector = protection.CreateProtector("Portal.Customers.AskedAddress");

    private HttpContext Http => http.HttpContext ?? throw new InvalidOperationException("A browser asks within a request.");

    public void Remember(Asked asked) =>
        Http.Response.Cookies.Append(Name, protector.Protect(JsonSerializer.Serialize(asked).PadRight(Padding)), Cookie);

    /// <summary>Null when this browser did not ask, or long ago under other keys.</summary>
    public Asked? Recall()
    {
        if (Http.Request.Cookies[Name] is not { Length: > 0 } value)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Asked>(protector.Unprotect(value));
        }
        catch (CryptographicException)
        {
            // Anybody can write a cookie.
            return null;
        }
    }

    public void Forget()
    {
        if (Http.Request.Cookies.ContainsKey(Name))
        {
            Http.Response.Cookies.Delete(Name, Cookie);
        }
    }
}
