using System.CommandLine;
using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Portal.Host.Database;
using Portal.Kernel;

namespace Portal.Host.Commands;

/// <summary>The command line: with no verb it serves.</summary>
internal static class PortalCommand
{
    /// <summary>For everything printed with <c>--json</c>.</summary>
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static async Task<int> RunAsync(string[] args)
    {
        if (!OperatingSystem.IsWindows())
        {
            Umask.Private();
        }

        // Settings may follow any verb as --Section:Key=value; the rest is for the verb.
        var settings = args.Where(IsSetting).ToArray();
        var words = args.Where(a => !IsSetting(a)).ToArray();
        var root = new RootCommand("Portal: everything your buyers bought, whichever processor took the money.")
        {
            ServeCommand.Make(settings),
            RoutesCommand.Make(settings),
            MigrateCommand.Make(settings),
            DoctorCommand.Make(settings),
            PluginsCommand.Make(settings),
            MerchantsCommand.Make(settings),
            ConnectionsCommand.Make(settings),
            ImportCommand.Make(settings),
            DemoCommand.Make(settings),
            EmailsCommand.Make(settings),
        };
        root.SetAction((_, ct) => ServeCommand.ServeAsync(settings, ct));
        try
        {
            return await root.Parse(words).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception failure) when (Sentence(failure) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    /// <summary>Who did it, in the audit log.</summary>
    private const string CommandLine = "portal (command line)";

    /// <summary>Runs a verb within the portal's own composition, without serving.</summary>
    public static async Task<int> InScopeAsync(string[] settings, Func<IServiceProvider, Task<int>> verb)
    {
        await using var app = PortalHost.Build(
            [.. settings, "--Logging:LogLevel:Default=Warning", "--Logging:Console:LogToStandardErrorThreshold=Trace"],
            serving: false
        );
        if (app.Services.GetRequiredService<IOptions<DatabaseOptions>>().Value.MigrateAtStart)
        {
            await DatabaseSetup.MigrateAsync(app.Services, CancellationToken.None);
        }

        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().Is(Audience.Merchant, 0, CommandLine);
        return await verb(scope.ServiceProvider);
    }

    public static void PrintJson(object data) => Console.WriteLine(JsonSerializer.Serialize(data, Json));

    /// <summary>What to say about a failure whose cause is known; null for a mistake of the portal's own, which shows its trace.</summary>
    private static string? Sentence(Exception failure) =>
        failure switch
        {
            SettingException or RefusedException => failure.Message,
            InvalidOperationException when failure.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
                failure.Message,
            OptionsValidationException => failure.Message,
            IOException when failure.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException => failure.Message,
            DbException => "The database cannot be used: " + failure.Message,
            _ => null,
        };

    private static bool IsSetting(string arg) =>
        arg.StartsWith("--", StringComparison.Ordinal) && arg.Contains(':', StringComparison.Ordinal) && arg.IndexOf(':') < arg.IndexOf('=');
}

/// <summary>A verb was refused: one sentence, exit code 1.</summary>
internal sealed class RefusedException(string message) : Exception(message);
