using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Kernel;

namespace Portal.Host.Database;

/// <summary>Which database.</summary>
internal enum DatabaseProvider
{
    /// <summary>One file, one node.</summary>
    Sqlite,

    /// <summary>A server, several nodes.</summary>
    PostgreSql,
}

/// <summary>The settings under <c>Database</c>.</summary>
internal sealed class DatabaseOptions
{
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>Blank for SQLite: <c>portal.db</c> in the data directory.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Brings the database up to date when the portal starts.</summary>
    public bool MigrateAtStart { get; set; } = true;

    /// <summary>The whole connection string.</summary>
    public string ToConnectionString(string dataDirectory) =>
        Provider == DatabaseProvider.PostgreSql
            ? ConnectionString ?? throw new SettingException("Database:ConnectionString", "is needed for PostgreSql.")
            // Webhook senders wait about ten seconds: a locked database must answer sooner than that.
            : ConnectionString ?? $"Data Source={Path.Combine(dataDirectory, "portal.db")};Default Timeout=8;Foreign Keys=True";
}

/// <summary>Registers the one context for the chosen provider.</summary>
internal static class DatabaseSetup
{
    public static void AddPortalDb(this IServiceCollection services, DatabaseOptions database, string dataDirectory)
    {
        var connection = database.ToConnectionString(dataDirectory);
        if (database.Provider == DatabaseProvider.PostgreSql)
        {
            services.AddDbContext<PostgreSqlPortalDb>(o =>
                o.UseNpgsql(connection, npgsql => npgsql.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery))
            );
            services.AddScoped<PortalDb>(s => s.GetRequiredService<PostgreSqlPortalDb>());
        }
        else
        {
            services.AddDbContext<SqlitePortalDb>(o =>
                o.UseSqlite(connection, sqlite => sqlite.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery))
                    .AddInterceptors(new SqlitePragmas())
            );
            services.AddScoped<PortalDb>(s => s.GetRequiredService<SqlitePortalDb>());
        }
    }

    /// <summary>Brings the database up to date.</summary>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PortalDb>();
        if (db is SqlitePortalDb)
        {
            // Kept in the file: readers never wait for the writer.
            await db.Database.ExecuteSqlRawAsync("pragma journal_mode=wal", ct);
        }

        // Asked first: migrating takes a lock even when there is nothing to do.
        if ((await db.Database.GetPendingMigrationsAsync(ct)).Any())
        {
            await db.Database.MigrateAsync(ct);
        }
    }
}
