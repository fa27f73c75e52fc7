using System.Net;
using System.Security.Cryptography;
using System.Text;
using Portal.Simulator.Engine;
using Portal.Simulator.Sandbox;
using Portal.Simulator.Sandbox.Seeding;

namespace Portal.Simulator;

/// <summary>The Sandbox processor: an HTTP server with its own books, which charges nobody.</summary>
public static class SandboxServer
{
    /// <summary>Starts it; <c>app.Urls</c> holds its address. Stop it before disposing it.</summary>
    /// <exception cref="IOException">The ledger's file is in use, or the port is.</exception>
    /// <exception cref="InvalidDataException">The ledger's file is damaged.</exception>
    /// <exception cref="FormatException">The webhook URL or secret cannot be used.</exception>
    public static async Task<WebApplication> StartAsync(SandboxOptions options, CancellationToken ct)
    {
        // Nothing of the environment may change where it listens: it inherits the portal's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port));
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        var clock = new BooksClock(options.Clock);
        var format = new StandardWebhooks();
        var books = new Books(new Journal(options.LedgerFile), clock, format);
        try
        {
            var faults = new FaultSwitches();
            var shop = new Shop(books);
            var desks = Desks(shop, faults, options.ApiKey);
            var seeder = new Seeder(shop, desks);
            books.Load();
            if (options.Seed is { } seed && books.IsEmpty)
                books.Import(tell: false, () => seeder.Seed(new SeedBody { Seed = seed, BuyerEmail = options.BuyerEmail }));

            builder.Services.AddSingleton(_ => books);
            builder.Services.AddSingleton(services => new WebhookQueue(
                books,
                faults,
                format,
                options.Clock,
                services.GetRequiredService<ILogger<WebhookQueue>>()
            ));
            builder.Services.AddHostedService(services => services.GetRequiredService<WebhookQueue>());
            if (options.RenewByItself)
                builder.Services.AddHostedService(services => new RenewalTimer(desks.Renewals, services.GetRequiredService<ILogger<RenewalTimer>>()));
            var app = builder.Build();
            // Asked for once, so that the container closes the ledger with the server.
            _ = app.Services.GetRequiredService<Books>();

            var queue = app.Services.GetRequiredService<WebhookQueue>();
            queue.Endpoint = Endpoint(options);
            var key = Encoding.UTF8.GetBytes("Bearer " + options.ApiKey);
            var api = new Api(app, books, faults, request => IsAuthorized(request, key));
            app.MapGet("/health", () => "ok");
            Routes.Map(api, shop, desks);
            Controls.Map(api, shop, desks, faults, queue, seeder);
            PageRoutes.Map(app, shop, desks.Pages, faults);
            await app.StartAsync(ct);
            desks.Pages.Address = new Uri(app.Urls.First());
            return app;
        }
        catch
        {
            books.Dispose();
            throw;
        }
    }

    private static Desks Desks(Shop shop, FaultSwitches faults, string secret)
    {
        var till = new Till(shop, faults);
        var subscriptions = new SubscriptionDesk(shop, till);
        var payments = new PaymentDesk(shop, till);
        var methods = new MethodDesk(shop);
        var pages = new PageDesk(shop, subscriptions, payments, methods, till, secret);
        return new Desks(till, subscriptions, payments, methods, pages, new RenewalRun(shop, till, subscriptions, payments));
    }

    private static WebhookEndpoint? Endpoint(SandboxOptions options)
    {
        try
        {
            return Controls.Endpoint(options.WebhookUrl?.AbsoluteUri, options.WebhookSecret);
        }
        catch (Refusal wrong)
        {
            throw new FormatException(wrong.Message, wrong);
        }
    }

    private static bool IsAuthorized(HttpRequest request, byte[] key) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), key);
}
