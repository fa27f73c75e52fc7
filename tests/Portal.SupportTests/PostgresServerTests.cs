using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Portal.TestSupport;

namespace Portal.SupportTests;

public sealed class PostgresServerTests
{
    [OneTimeTearDown]
    public Task Stop() => PostgresServer.StopSharedAsync();

    [Test]
    public async Task A_copy_holds_what_its_template_held_and_is_its_own()
    {
        var server = await PostgresServer.SharedAsync();
        var template = await server.CreateDatabaseAsync();
        await ScalarAsync(template, "create table things (id int); insert into things values (1); select 1");
        NpgsqlConnection.ClearAllPools();

        var (first, second) = (await server.CreateDatabaseAsync(template), await server.CreateDatabaseAsync(template));
        await ScalarAsync(first, "insert into things values (2); select 1");

        (await ScalarAsync(first, "select count(*) from things")).Should().Be(2L);
        (await ScalarAsync(second, "select count(*) from things")).Should().Be(1L);
        await server.DropDatabaseAsync(first);
    }

    [Test]
    public async Task It_listens_on_loopback_only_and_does_not_wait_for_the_disk()
    {
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

        (await ScalarAsync(database, "show listen_addresses")).Should().Be("127.0.0.1");
        (await ScalarAsync(database, "show fsync")).Should().Be("off");
        (await ScalarAsync(database, "show max_connections")).Should().Be("600");
    }

    [Test]
    public async Task What_a_killed_run_left_is_swept_and_what_a_living_one_uses_is_not()
    {
        using var ended = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        await ended.WaitForExitAsync();
        var left = Leftover(ended.Id);
        var used = Leftover(Environment.ProcessId);
        try
        {
            PostgresServer.SweepLeftovers(PostgresServer.FindBinaries());

            Directory.Exists(left).Should().BeFalse();
            Directory.Exists(used).Should().BeTrue();
        }
        finally
        {
            Directory.Delete(used, recursive: true);
        }
    }

    private static string Leftover(int process)
    {
        var folder = Directory.CreateTempSubdirectory("portal-postgres-").FullName;
        File.WriteAllText(Path.Combine(folder, "test-process"), process.ToString(CultureInfo.InvariantCulture));
        return folder;
    }

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The texts stand above.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
