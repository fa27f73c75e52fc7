using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Benchmarks;

/// <summary>Kestrel with one page of so many bytes and nothing else: as fast as a page can be here.</summary>
internal sealed class BarePage : IDisposable
{
    private readonly Process process;

    private BarePage(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>What the child does.</summary>
    public static Task RunAsync(Uri address, int size)
    {
        var page = new byte[size];
        page.AsSpan().Fill((byte)'a');
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.GetLeftPart(UriPartial.Authority));
        var app = builder.Build();
        app.MapGet(
            "/orders",
            (HttpContext context) =>
            {
                context.Response.ContentType = "text/html; charset=utf-8";
                context.Response.ContentLength = page.Length;
                return context.Response.Body.WriteAsync(page).AsTask();
            }
        );
        return app.RunAsync();
    }

    public static BarePage Start(int size)
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        var address = new Uri($"http://localhost:{((IPEndPoint)socket.LocalEndpoint).Port}");
        socket.Stop();
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["bare", address.AbsoluteUri, $"{size}"]) { UseShellExecute = false };
        return new BarePage(Process.Start(start)!, address);
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }
}
