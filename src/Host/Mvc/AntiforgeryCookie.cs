namespace Portal.Host.Mvc;

/// <summary>Always Secure, also when a browser on this very machine uses plain HTTP, which browsers trust; the stock builder would refuse such a request.</summary>
internal sealed class AntiforgeryCookie : CookieBuilder
{
    public AntiforgeryCookie()
    {
        Name = "__Host-portal-forms";
        HttpOnly = true;
        SameSite = SameSiteMode.Strict;
        Path = "/";
        IsEssential = true;
        SecurePolicy = CookieSecurePolicy.None;
    }

    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Secure = true;
        return options;
    }
}
