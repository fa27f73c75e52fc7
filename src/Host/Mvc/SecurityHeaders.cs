namespace Portal.Host.Mvc;

/// <summary>On every answer, whoever makes it.</summary>
internal static class SecurityHeaders
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

    private const string PermissionsPolicy =
        "camera=(), microphone=(), geolocation=(), payment=(), publickey-credentials-get=(self), publickey-credentials-create=(self)";

    // Of the request, not of the answer: error pages are routes of their own and clear what was set before.
    private static readonly object AddressHoldsToken = new();

    /// <summary>After routing: the address of a route with a <c>token</c> in it goes nowhere, whatever the answer turns out to be.</summary>
    public static IApplicationBuilder UseTokenSecrecy(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (context.GetEndpoint() is RouteEndpoint route && route.RoutePattern.GetParameter("token") is not null)
                {
                    context.Items[AddressHoldsToken] = true;
                }

                return next(context);
            }
        );

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(
                    static state =>
                    {
                        var context = (HttpContext)state;
                        var headers = context.Response.Headers;
                        headers.ContentSecurityPolicy = ContentSecurityPolicy;
                        headers.XContentTypeOptions = "nosniff";
                        headers.XFrameOptions = "DENY";
                        headers["Cross-Origin-Opener-Policy"] = "same-origin";
                        headers["Permissions-Policy"] = PermissionsPolicy;
                        if (context.Items.ContainsKey(AddressHoldsToken))
                        {
                            headers["Referrer-Policy"] = "no-referrer";
                            headers.CacheControl = "no-store";
                        }

                        headers.TryAdd("Referrer-Policy", "same-origin");

                        // Whatever did not say otherwise may hold somebody's data: no cache, no Back after signing out.
                        headers.TryAdd("Cache-Control", "no-store");
                        if (context.Request.IsHttps)
                        {
                            headers.StrictTransportSecurity = "max-age=63072000";
                        }

                        return Task.CompletedTask;
                    },
                    context
                );
                return next(context);
            }
        );
}
