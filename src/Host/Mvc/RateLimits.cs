using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Portal.Kernel;

namespace Portal.Host.Mvc;

/// <summary>The settings under <c>RateLimits</c>.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Off only for load tests; refused in Production.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Tries a minute per address on routes that take a secret.</summary>
    public int SecretsPerMinute { get; set; } = 20;
}

/// <summary>How often one address may try.</summary>
internal static class RateLimits
{
    public static void AddRateLimits(this IServiceCollection services, RateLimitOptions limits) =>
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (context, _) =>
            {
                var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
                context.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            limiter.AddPolicy(
                Limits.Secrets,
                context =>
                    limits.Enabled
                        ? RateLimitPartition.GetFixedWindowLimiter(
                            Network(context.Connection.RemoteIpAddress),
                            _ => new FixedWindowRateLimiterOptions { PermitLimit = limits.SecretsPerMinute, Window = TimeSpan.FromMinutes(1) }
                        )
                        : RateLimitPartition.GetNoLimiter("off")
            );
        });

    /// <summary>An IPv4 address; of IPv6 the /64, since one subscriber has all of it.</summary>
    private static string Network(IPAddress? address)
    {
        if (address is null || address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
        {
            return address?.MapToIPv4().ToString() ?? "";
        }

        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes).ToString();
    }
}
