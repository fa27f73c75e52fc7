using System.CommandLine;
using System.Globalization;
using Portal.Connections.Contract;
using Portal.Processors;

namespace Portal.Host.Commands;

/// <summary><c>portal import</c></summary>
internal static class ImportCommand
{
    public static Command Make(string[] settings)
    {
        var id = new Argument<string>("connection") { Description = "The connection's id." };
        var since = new Option<string>("--since") { Required = true, Description = "The first day, like 2025-01-31." };
        var command = new Command("import", "Back-fills from the processor. Safe to repeat and to interrupt.") { id, since };
        command.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        if (
                            !DateTimeOffset.TryParse(
                                parsed.GetValue(since),
                                CultureInfo.InvariantCulture,
                                DateTimeStyles.AssumeUniversal,
                                out var from
                            )
                        )
                        {
                            throw new RefusedException("--since is not a date like 2025-01-31.");
                        }

                        var found =
                            await services.GetRequiredService<IConnections>().FindAsync(parsed.GetValue(id)!, ct)
                            ?? throw new RefusedException("There is no such connection.");
                        try
                        {
                            var done = await services.GetRequiredService<IImportHistory>().RunAsync(found.Id, from, historic: true, new Bar(), ct);
                            Console.Error.WriteLine();
                            Console.WriteLine($"{done.Read} records read, {done.Applied} stored, {done.Waiting} left out.");
                            return 0;
                        }
                        catch (ProcessorException unable)
                        {
                            throw new RefusedException($"{unable.Fault}: {unable.Message} What was read is stored; run it again to go on.");
                        }
                    }
                )
        );
        return command;
    }

    /// <summary>The books' length is not known beforehand, so the bar counts.</summary>
    private sealed class Bar : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) =>
            Console.Error.Write(
                $"\r[{new string('#', (int)(value.Read / 50 % 30) + 1), -30}] {value.Read} read, {value.Applied} stored, {value.Waiting} left out"
            );
    }
}
