using System.Runtime.Versioning;
using Portal.Host.Health;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>What the portal stands on, and that it says so.</summary>
public sealed class SelfCheckTests
{
    private static readonly Version Good = new(10, 0, 12);
    private static readonly Version Forgeable = new(10, 0, 6);

    [Test]
    [SecurityCase("K3", "a runtime or Data Protection before 10.0.7 is bad, which stops Production; root is warned about")]
    public void What_is_known_to_be_broken_is_bad()
    {
        SelfCheck.OfPrograms(Forgeable, Good, asRoot: false).Should().ContainSingle(f => f.Verdict == "bad" && f.Subject == "runtime");
        SelfCheck.OfPrograms(Good, Forgeable, asRoot: false).Should().ContainSingle(f => f.Verdict == "bad" && f.Subject == "data protection");
        SelfCheck.OfPrograms(new Version(10, 0, 7), new Version(10, 0, 7), asRoot: false).Should().OnlyContain(f => f.Verdict == "good");
        SelfCheck.OfPrograms(Good, Good, asRoot: true).Should().ContainSingle(f => f.Verdict == "warn" && f.Subject == "user");
        SelfCheck.OfPrograms().Should().NotContain(f => f.Verdict == "bad", "this very program runs on a good one");
    }

    [TestCase(Db.Sqlite)]
    [TestCase(Db.PostgreSql)]
    [SecurityCase("K3", "SQLite: write-ahead log, synchronous=full, foreign keys, and its version told from inside, with a warning below 3.51.3")]
    public async Task The_database_says_how_it_keeps_what_it_keeps(Db db)
    {
        await using var portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Idle = true });

        var finding = await portal.AskAsync(data => SelfCheck.OfDatabaseAsync(data, CancellationToken.None));

        finding.Verdict.Should().BeOneOf("good", "warn");
        finding.Says.Should().MatchRegex(db == Db.Sqlite ? @"^SQLite 3\.\d+\.\d+, journal_mode=wal, synchronous=2, foreign_keys=1" : "^PostgreSQL ");
        if (db == Db.Sqlite)
        {
            await portal.ExecuteAsync("pragma journal_mode=delete");
            (await portal.AskAsync(data => SelfCheck.OfDatabaseAsync(data, CancellationToken.None))).Verdict.Should().Be("bad");
        }
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no file modes.")]
    [UnsupportedOSPlatform("windows")]
    [SecurityCase("K3", "started under umask 022, everything it makes is its user's alone; the self-check is in its log")]
    public async Task What_it_makes_is_nobody_elses()
    {
        using var data = new TempFolder();
        await using var portal = await PortalProcess.StartAsync(
            CommandLine.Program,
            data.Combine("data"),
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Portal:PublicUrl"] = "http://localhost",
                ["Mail:Transport"] = "Folder",
                ["Logging:LogLevel:Default"] = "Information",
            }
        );

        const UnixFileMode Others = (UnixFileMode)0x3F; // 077
        var made = Directory.EnumerateFileSystemEntries(data.Combine("data"), "*", SearchOption.AllDirectories).Append(data.Combine("data")).ToList();
        made.Should().Contain(f => f.EndsWith("portal.db", StringComparison.Ordinal)).And.Contain(f => f.EndsWith(".xml", StringComparison.Ordinal));
        made.Where(f => (File.GetUnixFileMode(f) & Others) != UnixFileMode.None).Should().BeEmpty();
        portal.Output.Should().Contain("runtime: .NET 10.").And.Contain("synchronous=2").And.Contain("data protection: ");
    }
}
