using Microsoft.Extensions.Options;
using Portal.Kernel;

namespace Portal.Host.Mvc;

/// <summary>Answers only under the names the merchant gave: a made-up Host header reaches no page and no link.</summary>
internal static class HostCheck
{
    public static IApplicationBuilder UseHostCheck(this WebApplication app)
    {
        var publicUrl = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.PublicUrl!;
        var loopbackToo = !app.Environment.IsProduction() || publicUrl.IsLoopback;
        return app.Use(
            (context, next) =>
            {
                var host = context.Request.Host.Host;
                var isHealthProbe = context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);
                if (
                    string.Equals(host, publicUrl.Host, StringComparison.OrdinalIgnoreCase)
                    || ((loopbackToo || isHealthProbe) && host is "localhost" or "127.0.0.1" or "[::1]")
                )
                {
                    return next(context);
                }

                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return Task.CompletedTask;
            }
        );
    }
}
