using System.Reflection;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Host.Database;
using Portal.Kernel;

namespace Portal.Host.Health;

/// <summary>How well something is.</summary>
/// <param name="Verdict">good, warn or bad.</param>
/// <param name="Subject">What.</param>
/// <param name="Says">How.</param>
internal sealed record Finding(string Verdict, string Subject, string Says);

/// <summary>What the portal stands on: printed at the start, repeated by <c>portal doctor</c>.</summary>
internal static class SelfCheck
{
    /// <summary>Before 10.0.7 cookies and anti-forgery tokens could be forged (CVE-2026-40372).</summary>
    private static readonly Version Floor = new(10, 0, 7);
    private const string JournalMode = "select journal_mode as \"Value\" from pragma_journal_mode";
    private const string Synchronous = "select cast(synchronous as text) as \"Value\" from pragma_synchronous";
    private const string ForeignKeys = "select cast(foreign_keys as text) as \"Value\" from pragma_foreign_keys";
    private static readonly Version SafeSqlite = new(3, 51, 3);

    /// <summary>What runs it, and as whom.</summary>
    public static IReadOnlyList<Finding> OfPrograms() =>
        OfPrograms(Environment.Version, VersionOf(typeof(DataProtectionOptions)), !OperatingSystem.IsWindows() && Environment.UserName == "root");

    /// <summary>The same for given versions.</summary>
    public static IReadOnlyList<Finding> OfPrograms(Version runtime, Version dataProtection, bool asRoot) =>
        [
            AtLeast("runtime", ".NET", runtime),
            AtLeast("data protection", "Microsoft.AspNetCore.DataProtection", dataProtection),
            asRoot ? new Finding("warn", "user", "It runs as root: run it as a user of its own.") : new Finding("good", "user", Environment.UserName),
        ];

    /// <summary>Whether others could read the data folder.</summary>
    public static Finding OfFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return new Finding("good", "data folder", folder);
        }

        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        return (File.GetUnixFileMode(folder) & ~Own) == UnixFileMode.None
            ? new Finding("good", "data folder", folder)
            : new Finding("bad", "data folder", $"{folder} can be read by others: chmod 700.");
    }

    /// <summary>The database's version, and on SQLite that a commit is on the disk and foreign keys hold.</summary>
    public static async Task<Finding> OfDatabaseAsync(PortalDb db, CancellationToken ct)
    {
        if (!await db.Database.CanConnectAsync(ct))
        {
            return new Finding("bad", "database", "It cannot be reached.");
        }

        if (db is not SqlitePortalDb)
        {
            return new Finding("good", "database", await AskAsync(db, "select version() as \"Value\"", ct));
        }

        var version = await AskAsync(db, "select sqlite_version() as \"Value\"", ct);
        var durability =
            $"journal_mode={await AskAsync(db, JournalMode, ct)}, "
            + $"synchronous={await AskAsync(db, Synchronous, ct)}, "
            + $"foreign_keys={await AskAsync(db, ForeignKeys, ct)}";
        return durability != "journal_mode=wal, synchronous=2, foreign_keys=1" ? new Finding("bad", "database", $"SQLite {version}: {durability}.")
            : Version.Parse(version) < SafeSqlite
                ? new Finding(
                    "warn",
                    "database",
                    $"SQLite {version}, {durability}; from {SafeSqlite} on a rare corruption of the write-ahead log is mended."
                )
            : new Finding("good", "database", $"SQLite {version}, {durability}");
    }

    private static async Task<string> AskAsync(PortalDb db, string sql, CancellationToken ct) =>
        (await db.Database.SqlQueryRaw<string>(sql).ToListAsync(ct))[0];

    private static Finding AtLeast(string subject, string name, Version version) =>
        version < Floor
            ? new Finding("bad", subject, $"{name} {version} is older than {Floor}, before which sign-ins could be forged.")
            : new Finding("good", subject, $"{name} {version}");

    /// <summary>The framework's file versions count builds; the patch is told by the product's: <c>10.0.12+abcdef</c>.</summary>
    private static Version VersionOf(Type type) =>
        Version.Parse(type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', '-')[0]);
}
