using Portal.Processors;

namespace Portal.Connections.CallProcessor;

/// <summary>Lets a plugin reach the hosts its manifest names, and no other.</summary>
internal sealed class HostFence(string plugin, IEnumerable<string> hosts, Uri? apiBase) : DelegatingHandler(Outside())
{
    private readonly HashSet<string> hosts = new(hosts, StringComparer.OrdinalIgnoreCase);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var to = request.RequestUri;
        var allowed =
            to is { IsAbsoluteUri: true }
            && (
                (apiBase is not null && to.GetLeftPart(UriPartial.Authority) == apiBase.GetLeftPart(UriPartial.Authority))
                || (to.Scheme == Uri.UriSchemeHttps && to.IsDefaultPort && hosts.Contains(to.Host))
            );
        return allowed
            ? base.SendAsync(request, cancellationToken)
            : throw new ProcessorException(ProcessorFault.NotSent, $"The plugin {plugin} may not reach {to?.Host}: its manifest does not name it.");
    }

    private static SocketsHttpHandler Outside() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = 16,
        };
}
