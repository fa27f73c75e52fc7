using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Access.Contract;
using Portal.Kernel;

namespace Portal.Access.CountFailedSecrets;

/// <summary>The settings under <c>RateLimits</c> that are about all networks together.</summary>
internal sealed class CeilingOptions
{
    /// <summary>Off only for load tests; refused in Production.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Wrong secrets of one kind a minute, on one node.</summary>
    public int FailedSecretsPerMinute { get; set; } = 600;
}

/// <summary>Counts wrong secrets in memory: a figure per kind and minute.</summary>
internal sealed class FailedSecrets(IServiceScopeFactory scopes, IHttpContextAccessor http, IOptions<CeilingOptions> options, TimeProvider clock)
    : IFailedSecrets
{
    private readonly ConcurrentDictionary<SecretKind, MinuteTally> tallies = new();

    public async Task<IActionResult?> CountAsync(SecretKind kind, CancellationToken ct)
    {
        if (!options.Value.Enabled)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var network = Network.Of(http.HttpContext?.Connection.RemoteIpAddress);
        var (isOver, toTell, networks) = tallies
            .GetOrAdd(kind, static _ => new MinuteTally())
            .Add(now, network, options.Value.FailedSecretsPerMinute);
        if (toTell > 0)
        {
            // A scope of its own: what the request itself did is not saved along.
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IAlerts>().RaiseAsync(kind.ToString(), toTell, networks, ct);
        }

        return isOver ? new TooMany(MinuteTally.End(now) - now) : null;
    }

    private sealed class TooMany(TimeSpan wait) : StatusCodeResult(StatusCodes.Status429TooManyRequests)
    {
        public override void ExecuteResult(ActionContext context)
        {
            context.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            base.ExecuteResult(context);
        }
    }
}
