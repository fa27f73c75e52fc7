using System.CommandLine;
using Portal.Host.Database;

namespace Portal.Host.Commands;

/// <summary><c>portal migrate</c></summary>
internal static class MigrateCommand
{
    public static Command Make(string[] settings)
    {
        var command = new Command("migrate", "Brings the database up to date.");
        command.SetAction(
            (_, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        await DatabaseSetup.MigrateAsync(services, ct);
                        Console.WriteLine("The database is up to date.");
                        return 0;
                    }
                )
        );
        return command;
    }
}
