using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Processors;

namespace Portal.SimulatorTests;

/// <summary>Where webhooks arrive: verifies and reads each with the plugin, as the portal would.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<Arrival> arrivals = [];
    private readonly Lock gate = new();

    private Receiver(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First() + "/webhooks");

    public IReceiveWebhooks? Plugin { get; set; }

    /// <summary>Answered to the next deliveries; once empty, 200.</summary>
    public Queue<int> Answers { get; } = new();

    public IReadOnlyList<Arrival> Arrivals
    {
        get
        {
            lock (gate)
                return [.. arrivals];
        }
    }

    public IReadOnlyList<Arrival> Verified => [.. Arrivals.Where(one => one.Delivery is Delivery.Verified)];

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var receiver = new Receiver(builder.Build());
        receiver.app.MapPost("/webhooks", receiver.ReceiveAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    public void Forget()
    {
        lock (gate)
            arrivals.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var request = new WebhookRequest
        {
            Body = body.ToArray(),
            Headers = http.Request.Headers.ToDictionary(
                header => header.Key,
                header => (IReadOnlyList<string>)[.. header.Value.Select(value => value ?? "")],
                StringComparer.OrdinalIgnoreCase
            ),
        };
        var delivery = await Plugin!.VerifyAsync(request, http.RequestAborted);
        var records = delivery is Delivery.Verified ? await Plugin.ReadAsync(request, http.RequestAborted) : [];
        lock (gate)
        {
            arrivals.Add(new Arrival(request, delivery, records));
            http.Response.StatusCode =
                delivery is Delivery.Rejected ? 400
                : Answers.TryDequeue(out var status) ? status
                : 200;
        }
    }
}

internal sealed record Arrival(WebhookRequest Request, Delivery Delivery, IReadOnlyList<ProcessorRecord> Records)
{
    public string Type => ((Delivery.Verified)Delivery).EventType;
}
