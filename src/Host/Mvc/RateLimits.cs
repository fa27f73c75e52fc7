using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Portal.Kernel;

namespace Portal.Host.Mvc;

/// <summary>The settings under <c>RateLimits</c> that are about one network or person.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Off only for load tests; refused in Production.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Tries a minute per network on routes that take a secret.</summary>
    public int SecretsPerMinute { get; set; } = 20;

    /// <summary>Other forms a minute per signed-in person, and per network of those who are not.</summary>
    public int FormsPerMinute { get; set; } = 120;
}

/// <summary>How often one network or person may try. Own code, since the framework's limiter keeps an object for each address an attacker makes up.</summary>
internal static class RateLimits
{
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<IOptions<RateLimitOptions>>().Value;
        var counter = new RateCounter(app.ApplicationServices.GetRequiredService<TimeProvider>());
        return app.Use(
            (context, next) =>
            {
                if (
                    limits.Enabled
                    && context.Features.Get<IStatusCodeReExecuteFeature>() is null // The page that says what went wrong is no try.
                    && PolicyOf(context.GetEndpoint(), context.Request.Method) is { } policy
                    && counter.Take($"{policy} {Sender(context, policy)}", MostOf(policy, limits)) is { } wait
                )
                {
                    context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                    context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                    return Task.CompletedTask;
                }

                return next(context);
            }
        );
    }

    /// <summary>The policy of a route: its own, else the one of all forms. Webhooks have none: their senders prove themselves, and come again.</summary>
    public static string? PolicyOf(Endpoint? endpoint, string method) =>
        endpoint?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is { } own ? own
        : endpoint?.Metadata.GetMetadata<ControllerActionDescriptor>() is null
        || endpoint.Metadata.GetMetadata<IForAudience>()?.Audience == Audience.Webhook
        || HttpMethods.IsGet(method)
        || HttpMethods.IsHead(method)
        || HttpMethods.IsOptions(method)
            ? null
        : Limits.Forms;

    private static int MostOf(string policy, RateLimitOptions limits) =>
        policy switch
        {
            Limits.Secrets => limits.SecretsPerMinute,
            Limits.Forms => limits.FormsPerMinute,
            _ => throw new InvalidOperationException($"There is no rate limit {policy}."),
        };

    private static string Sender(HttpContext context, string policy) =>
        policy == Limits.Forms && context.User is { Identity: { IsAuthenticated: true } identity } person
            ? identity.AuthenticationType + person.FindFirstValue(ClaimTypes.NameIdentifier)
            : Network.Of(context.Connection.RemoteIpAddress);
}
