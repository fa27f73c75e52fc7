using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Admin.Contract;
using Portal.Host.Database;
using Portal.Host.Health;
using Portal.Kernel;

namespace Portal.Host.Commands;

/// <summary><c>portal serve</c></summary>
internal static partial class ServeCommand
{
    public static Command Make(string[] settings)
    {
        var command = new Command("serve", "Serves the portal (default).");
        command.SetAction((_, ct) => ServeAsync(settings, ct));
        return command;
    }

    public static async Task<int> ServeAsync(string[] settings, CancellationToken ct)
    {
        await using var app = PortalHost.Build(settings);
        var portal = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value;
        var database = app.Services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
        using var onlyOne = database.Provider == DatabaseProvider.Sqlite ? Lock(portal.DataDirectory) : null;
        if (database.MigrateAtStart)
        {
            await DatabaseSetup.MigrateAsync(app.Services, ct);
        }

        await CheckSelfAsync(app, portal, ct);
        await app.StartAsync(ct);
        await GreetAsync(app, portal, ct);
        await app.WaitForShutdownAsync(ct);
        return 0;
    }

    /// <summary>Says what it stands on; in Production it does not stand on what is known to be broken.</summary>
    private static async Task CheckSelfAsync(WebApplication app, PortalOptions portal, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        List<Finding> findings =
        [
            .. SelfCheck.OfPrograms(),
            SelfCheck.OfFolder(portal.DataDirectory),
            await SelfCheck.OfDatabaseAsync(scope.ServiceProvider.GetRequiredService<PortalDb>(), ct),
        ];
        foreach (var finding in findings)
        {
            Found(app.Logger, finding.Verdict == "good" ? LogLevel.Information : LogLevel.Warning, finding.Subject, finding.Says);
        }

        if (app.Environment.IsProduction() && !portal.Demo && findings.Find(f => f.Verdict == "bad") is { } bad)
        {
            throw new RefusedException(bad.Says);
        }
    }

    [LoggerMessage("{Subject}: {Says}")]
    private static partial void Found(ILogger log, LogLevel level, string subject, string says);

    private static async Task GreetAsync(WebApplication app, PortalOptions portal, CancellationToken ct)
    {
        Console.WriteLine($"Portal: {portal.Absolute("/")}");
        if (portal.Demo)
        {
            Console.WriteLine($"Demo buyer: {Demo.DemoStore.BuyerEmail}");
            Console.WriteLine($"Mailbox: {portal.Absolute("/demo/mailbox")}");
        }

        await using var scope = app.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<IMerchants>().SetUpCodeAsync(ct) is { } code)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Merchant set-up: {portal.Absolute("/admin/setup")} code {code}"));
        }
    }

    /// <summary>SQLite is one node's: a second process on the same data would undo the first one's promises.</summary>
    private static FileStream Lock(string data)
    {
        try
        {
            return new FileStream(Path.Combine(data, "portal.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new RefusedException($"Another portal serves from {data} already. Several nodes need PostgreSQL.");
        }
    }
}
