using Microsoft.AspNetCore.Http;

namespace Portal.Admin;

/// <summary>Small things a merchant's browser holds for minutes. <c>__Host-</c>: the browser insists on Secure, the root path and no domain.</summary>
internal static class HostCookie
{
    public const string SignInStep = "__Host-portal-admin-step";
    public const string RecoveryCodes = "__Host-portal-admin-codes";

    private static readonly CookieOptions Options = new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        IsEssential = true,
    };

    public static void Set(HttpResponse response, string name, string value) => response.Cookies.Append(name, value, Options);

    public static void Remove(HttpResponse response, string name) => response.Cookies.Delete(name, Options);
}
