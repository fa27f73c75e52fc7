using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace Portal.Host.Errors;

/// <summary>What an unexpected failure is answered with: never a stack, always a way on.</summary>
internal sealed partial class Failures(ILogger<Failures> log) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The middleware does not log what a handler handles.
        Failed(httpContext.Request.Method, httpContext.GetEndpoint()?.DisplayName, exception);
        var databaseAway =
            exception is DbException or TimeoutException or DbUpdateException { InnerException: DbException }
            || exception is InvalidOperationException { InnerException: DbException };
        httpContext.Response.StatusCode = databaseAway ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
        if (databaseAway || IsWebhook(httpContext))
        {
            // The sender keeps the delivery and comes again: nothing is lost.
            httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            httpContext.Response.Headers.RetryAfter = "30";
        }

        // An answer without a body: for pages the status-code page outside puts it in words, for webhooks nobody reads words.
        return ValueTask.FromResult(true);
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Endpoint} failed")]
    private partial void Failed(string method, string? endpoint, Exception exception);

    public static bool IsWebhook(HttpContext context) => context.Request.Path.StartsWithSegments("/webhooks", StringComparison.Ordinal);
}
