using System.CommandLine;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Routing;
using Portal.Host.Mvc;
using Portal.Kernel;

namespace Portal.Host.Commands;

/// <summary>One route, with what guards it.</summary>
/// <param name="Verb">The HTTP method.</param>
/// <param name="Pattern">Its path.</param>
/// <param name="Audience">Who may use it.</param>
/// <param name="Antiforgery">Whether it wants an anti-forgery token.</param>
/// <param name="RateLimit">The name of its rate-limit policy.</param>
/// <param name="Role">Of the merchants, the role it takes at least: <c>support</c> or <c>owner</c>.</param>
internal sealed record RouteRow(string Verb, string Pattern, string Audience, bool Antiforgery, string? RateLimit, string? Role);

/// <summary><c>portal routes</c></summary>
internal static class RoutesCommand
{
    public static Command Make(string[] settings)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var command = new Command("routes", "Lists every route with who may use it and what guards it.") { json };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using var app = PortalHost.Build([.. settings, "--Logging:LogLevel:Default=Warning"], serving: false);
                var rows = Read(app);
                if (parsed.GetValue(json))
                {
                    PortalCommand.PrintJson(rows);
                }
                else
                {
                    foreach (var row in rows)
                    {
                        Console.WriteLine(
                            $"{row.Verb, -6} {row.Pattern, -44} {row.Audience, -9} {row.Role, -8} {(row.Antiforgery ? "anti-forgery" : ""), -13} {row.RateLimit}"
                        );
                    }
                }

                return 0;
            }
        );
        return command;
    }

    public static IReadOnlyList<RouteRow> Read(WebApplication app) =>
        [
            .. ((IEndpointRouteBuilder)app)
                .DataSources.SelectMany(s => s.Endpoints)
                .OfType<RouteEndpoint>()
                .SelectMany(Rows)
                .OrderBy(r => r.Pattern, StringComparer.Ordinal)
                .ThenBy(r => r.Verb, StringComparer.Ordinal),
        ];

    private static IEnumerable<RouteRow> Rows(RouteEndpoint endpoint)
    {
        var verbs = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        var audience = endpoint.Metadata.GetMetadata<IForAudience>()?.Audience ?? Audience.Public;
        var exempt = endpoint.Metadata.GetMetadata<IAntiforgeryPolicy>() is Microsoft.AspNetCore.Mvc.IgnoreAntiforgeryTokenAttribute;
        var role =
            audience != Audience.Merchant ? null
            : endpoint.Metadata.GetMetadata<OwnersOnlyAttribute>() is null ? "support"
            : "owner";
        var isPage = endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null;
        foreach (var verb in verbs.Count == 0 ? ["*"] : verbs)
        {
            var changes = verb is not ("GET" or "HEAD" or "OPTIONS");
            var pattern = "/" + endpoint.RoutePattern.RawText?.TrimStart('/');
            yield return new RouteRow(
                verb,
                pattern,
                audience.ToString().ToLowerInvariant(),
                changes && isPage && !exempt,
                RateLimits.PolicyOf(endpoint, verb),
                role
            );
        }
    }
}
