using System.Diagnostics;

namespace Portal.Tests.Support;

/// <summary>The built program, one verb at a time.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static string Program { get; } = Path.Combine(Installation.HostOutput, OperatingSystem.IsWindows() ? "portal.exe" : "portal");

    /// <summary>Runs a verb to its end, in Production.</summary>
    /// <param name="database">The database's settings.</param>
    /// <param name="data">The data directory.</param>
    /// <param name="arguments">The verb and what follows; settings among them win over the others.</param>
    /// <param name="withUrl">Whether the portal's address is set.</param>
    /// <param name="input">What it reads from standard input.</param>
    public static async Task<Run> RunAsync(string[] database, string data, string[] arguments, bool withUrl = true, string input = "")
    {
        string[] settings =
        [
            .. database,
            $"--Portal:DataDirectory={data}",
            "--Mail:Transport=Folder",
            .. withUrl ? (string[])[$"--Portal:PublicUrl={PortalUnderTest.ShopUrl}"] : [],
        ];
        var start = new ProcessStartInfo(Program, [arguments[0], .. settings, .. arguments[1..]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = data,
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new Run(process.ExitCode, output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new AssertionException($"portal {string.Join(' ', arguments)} did not end.");
        }
    }

    /// <summary>How it ended.</summary>
    public sealed record Run(int Code, string Output, string Errors)
    {
        public void ShouldSucceed() => Code.Should().Be(0, "{0}{1}", Output, Errors);

        /// <summary>Exit code 1, one sentence, no trace.</summary>
        public void ShouldFail(string with)
        {
            Code.Should().Be(1, "{0}{1}", Output, Errors);
            Errors.Should().Contain(with);
            Errors.Should().NotContain("   at ").And.NotContain("Unhandled");
            Errors.Trim().Split('\n').Should().HaveCount(1, Errors);
        }
    }
}
