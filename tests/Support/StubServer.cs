using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.TestSupport;

/// <summary>What a <see cref="StubServer"/> was asked.</summary>
/// <param name="Method">For example GET.</param>
/// <param name="PathAndQuery">As sent.</param>
/// <param name="Headers">By name; several values joined with a comma.</param>
/// <param name="Body">The raw bytes.</param>
public sealed record StubRequest(string Method, string PathAndQuery, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>Somebody else's server, on a free port of loopback: answers as the test says and remembers what it was asked.</summary>
public sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<StubRequest> requests = new();

    private StubServer(WebApplication app) => this.app = app;

    /// <summary>Its address, with no slash at the end.</summary>
    public Uri Address => new(app.Urls.Single());

    /// <summary>In the order of their arrival.</summary>
    public IReadOnlyList<StubRequest> Requests => [.. requests];

    /// <summary>Starts one.</summary>
    /// <param name="handle">Writes the answer.</param>
    public static async Task<StubServer> StartAsync(Func<StubRequest, HttpResponse, Task> handle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new StubServer(builder.Build());
        server.app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var request = new StubRequest(
                context.Request.Method,
                context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent(),
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray()
            );
            server.requests.Enqueue(request);
            await handle(request, context.Response);
        });
        await server.app.StartAsync();
        return server;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
