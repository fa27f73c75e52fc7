using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Portal.TestSupport;

/// <summary>
/// A PostgreSQL server of the tests' own: in a temporary folder, on a free port of loopback, without a password and
/// without waiting for the disk. Started by the first test that asks, gone with the process.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string FolderPrefix = "portal-postgres-";
    private const string OwnerFile = "test-process";
    private static readonly Lazy<Task<PostgresServer>> Instance = new(StartAsync);

    private readonly string binaries;
    private readonly string folder;
    private readonly int port;
    private int databases;
    private int stopped;

    private PostgresServer(string binaries, string folder, int port) => (this.binaries, this.folder, this.port) = (binaries, folder, port);

    /// <summary>The one server of this test run.</summary>
    public static Task<PostgresServer> SharedAsync() => Instance.Value;

    /// <summary>
    /// Stops it if it was started. Called at the end of an assembly's tests: the test platform does not wait long for a process to end.
    /// </summary>
    public static async Task StopSharedAsync()
    {
        if (Instance.IsValueCreated)
        {
            await (await Instance.Value).DisposeAsync();
        }
    }

    /// <summary>A fresh, empty database, or a copy of another, which nobody may be connected to meanwhile.</summary>
    /// <param name="template">The database to copy, as a connection string of this server.</param>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"portal_{Interlocked.Increment(ref databases)}");
        await ExecuteAsync(
            $"""CREATE DATABASE "{name}" TEMPLATE "{(template is null ? "template0" : new NpgsqlConnectionStringBuilder(template).Database)}" """
        );
        return ConnectionString(name);
    }

    /// <summary>Throws a database away, whoever is connected.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        await using var pool = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(pool);
        await ExecuteAsync($"""DROP DATABASE IF EXISTS "{pool.Database}" WITH (FORCE)""");
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var binaries = FindBinaries();
        SweepLeftovers(binaries);
        var folder = Directory.CreateTempSubdirectory(FolderPrefix).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, OwnerFile), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        if (IsRoot)
        {
            Run("chown", ["postgres", folder]);
        }

        RunAsPostgres(
            Path.Combine(binaries, "initdb"),
            ["-D", Data(folder), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        );
        var server = new PostgresServer(binaries, folder, FreePort());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Stop();
        server.Start();
        return server;
    }

    private static bool IsRoot => Environment.UserName == "root" && OperatingSystem.IsLinux();

    private static string Data(string folder) => Path.Combine(folder, "data");

    internal static string FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return versions
                .OrderByDescending(v => double.Parse(Path.GetFileName(v), CultureInfo.InvariantCulture))
                .Select(v => Path.Combine(v, "bin"))
                .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
                .FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")) || File.Exists(Path.Combine(f, "initdb.exe")))
            ?? throw new InvalidOperationException(
                "The tests need a PostgreSQL server of their own, and none is installed. On Debian: apt-get install postgresql."
            );
    }

    /// <summary>A killed test run leaves its server behind: whoever comes next ends it.</summary>
    internal static void SweepLeftovers(string binaries)
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            var owner = Path.Combine(folder, OwnerFile);
            if (File.Exists(owner) && int.TryParse(File.ReadAllText(owner), CultureInfo.InvariantCulture, out var process) && !IsAlive(process))
            {
                try
                {
                    File.Move(owner, owner + "-is-gone");
                }
                catch (FileNotFoundException)
                {
                    continue; // Another test run is sweeping this one.
                }

                new PostgresServer(binaries, folder, 0).Stop();
            }
        }
    }

    private static bool IsAlive(int process) => Process.GetProcesses().Any(p => p.Id == process);

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private static void RunAsPostgres(string program, IReadOnlyList<string> arguments)
    {
        // PostgreSQL refuses to run as root; Debian's package comes with the user for it.
        if (IsRoot)
        {
            Run("runuser", ["-u", "postgres", "--", program, .. arguments]);
        }
        else
        {
            Run(program, arguments);
        }
    }

    private static void Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {errors}");
        }
    }

    private void Start()
    {
        string[] options =
        [
            "listen_addresses=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"port={port}"),
            $"unix_socket_directories={folder}",
            "max_connections=600",
            "shared_buffers=64MB",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
        ];
        RunAsPostgres(
            Path.Combine(binaries, "pg_ctl"),
            ["start", "-w", "-s", "-D", Data(folder), "-l", Path.Combine(folder, "log"), "-o", string.Join(' ', options.Select(o => $"-c {o}"))]
        );
    }

    private void Stop()
    {
        if (Interlocked.Exchange(ref stopped, 1) == 1)
        {
            return;
        }

        if (File.Exists(Path.Combine(Data(folder), "postmaster.pid")))
        {
            RunAsPostgres(Path.Combine(binaries, "pg_ctl"), ["stop", "-s", "-m", "immediate", "-D", Data(folder)]);
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
#pragma warning disable CA2100 // Names are counted or taken from this server's own connection strings.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "postgres",
            Database = database,
            IncludeErrorDetail = true,
        }.ConnectionString;
}
