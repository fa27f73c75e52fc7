using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Host;
using Portal.Host.Database;
using Portal.Kernel;
using Portal.TestSupport;

namespace Portal.Tests.Support;

/// <summary>What is on the disk: the repository, the built portal, and a migrated database of each kind to copy from.</summary>
internal static class Installation
{
    private const string ConnectionSetting = "--Database:ConnectionString=";
    private static readonly Lazy<Task<TempFolder>> SqliteTemplate = new(MakeSqliteAsync);
    private static readonly Lazy<Task<string>> PostgresTemplate = new(MakePostgresAsync);

    /// <summary>Where Portal.sln is.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The host's own output: the program with its plugins and the simulator beside it.</summary>
    public static string HostOutput { get; } = FindHostOutput();

    public static string Plugins => Path.Combine(HostOutput, "plugins");

    /// <summary>A file beside the repository with reference data; null where that folder is not there.</summary>
    public static string? Shared(params string[] path)
    {
        var found = Path.Combine([Path.GetDirectoryName(Repository)!, "shared", .. path]);
        return Path.Exists(found) ? found : null;
    }

    /// <summary>The settings for a fresh database of this kind, brought up to date.</summary>
    public static async Task<string[]> FreshDatabaseAsync(Db db, string dataDirectory)
    {
        if (db == Db.PostgreSql)
        {
            var server = await PostgresServer.SharedAsync();
            return ForPostgres(await server.CreateDatabaseAsync(await PostgresTemplate.Value));
        }

        File.Copy((await SqliteTemplate.Value).Combine("portal.db"), Path.Combine(dataDirectory, "portal.db"));
        return ["--Database:Provider=Sqlite"];
    }

    /// <summary>Lets go of a database nobody uses any more: idle connections would soon be too many for the tests' one server.</summary>
    public static async Task ForgetAsync(string[] database)
    {
        if (database.FirstOrDefault(s => s.StartsWith(ConnectionSetting, StringComparison.Ordinal)) is { } connection)
        {
            await (await PostgresServer.SharedAsync()).DropDatabaseAsync(connection[ConnectionSetting.Length..]);
        }
        else
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        }
    }

    /// <summary>Throws away what was copied from.</summary>
    public static async Task CleanUpAsync()
    {
        if (SqliteTemplate.IsValueCreated)
        {
            (await SqliteTemplate.Value).Dispose();
        }
    }

    public static string[] ForPostgres(string connection) =>
        // Many hosts share the tests' one server.
        [
            "--Database:Provider=PostgreSql",
            $"{ConnectionSetting}{new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = 20 }.ConnectionString}",
        ];

    private static async Task<TempFolder> MakeSqliteAsync()
    {
        var folder = new TempFolder();
        await MigrateAsync(folder, ["--Database:Provider=Sqlite"], "pragma wal_checkpoint(truncate)");
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        return folder;
    }

    private static async Task<string> MakePostgresAsync()
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        using var folder = new TempFolder();
        await MigrateAsync(folder, ForPostgres(connection), null);

        // A database somebody is connected to cannot be copied.
        NpgsqlConnection.ClearAllPools();
        return connection;
    }

    private static async Task MigrateAsync(TempFolder folder, string[] database, string? afterwards)
    {
        await using var app = PortalHost.Build(
            [.. database, $"--Portal:DataDirectory={folder.Path}", "--Portal:PublicUrl=https://shop.example.test", $"--Plugins:Path={Plugins}"],
            serving: false
        );
        await DatabaseSetup.MigrateAsync(app.Services, CancellationToken.None);
        if (afterwards is not null)
        {
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<PortalDb>().Database.ExecuteSqlRawAsync(afterwards);
        }
    }

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Portal.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("There is no Portal.sln above the tests.");
        }

        return folder;
    }

    /// <summary>The tests' own output folder tells configuration and framework: <c>bin/Debug/net10.0</c>.</summary>
    private static string FindHostOutput()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Repository, "src", "Host", "bin", framework.Parent!.Name, framework.Name);
    }
}
