using System.Text.RegularExpressions;

namespace Portal.HouseTests;

/// <summary>BannedSymbols.txt binds every project, and who steps around it says so here.</summary>
public sealed partial class BansTests
{
    /// <summary>Where the ban is lifted for a line, and why.</summary>
    private static readonly Dictionary<string, string> Lifted = new()
    {
        ["src/Modules/Kernel/PortalDb.cs"] = "AllOwners, the one door",
        ["src/Modules/Kernel/ModuleBuilding.cs"] = "the same door for workers",
    };

    [Test]
    public void Every_project_is_bound() => House.Files("", "*.csproj").SelectMany(f => Unbound(f, File.ReadAllText)).Should().BeEmpty();

    [Test]
    public void The_ban_is_lifted_where_listed_and_nowhere_else() =>
        House
            .Files("src", "*.cs")
            .Concat(House.Files("plugins", "*.cs"))
            .Where(f => Lifts().IsMatch(File.ReadAllText(f)))
            .Select(f => Path.GetRelativePath(House.Root, f).Replace('\\', '/'))
            .Should()
            .BeEquivalentTo(Lifted.Keys);

    [Test]
    public void Violations_are_reported()
    {
        var project = Path.Combine(House.Root, "plugins", "New", "Portal.Plugin.New.csproj");
        string Read(string file, string project, string props) =>
            file.EndsWith(".csproj", StringComparison.Ordinal) ? project
            : file.Contains("plugins", StringComparison.Ordinal) ? props
            : File.ReadAllText(file);

        Unbound(project, f => Read(f, "<Project />", "<Project />"))
            .Should()
            .Equal("Portal.Plugin.New: plugins/Directory.Build.props does not import the one above it");
        Unbound(project, f => Read(f, "<NoWarn>RS0030</NoWarn>", "GetPathOfFileAbove('Directory.Build.props'"))
            .Should()
            .Equal("Portal.Plugin.New lifts the ban");
        Unbound(project, f => Read(f, "<Project />", "GetPathOfFileAbove('Directory.Build.props'")).Should().BeEmpty();
        Lifts().IsMatch("#pragma warning disable CA1000, RS0030 // why").Should().BeTrue();
    }

    /// <summary>The root's Directory.Build.props brings the list; one further down hides it unless it imports the one above.</summary>
    private static IEnumerable<string> Unbound(string project, Func<string, string> read)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        if (Escapes().IsMatch(read(project)))
        {
            yield return $"{name} lifts the ban";
        }

        for (var folder = Path.GetDirectoryName(project)!; folder.Length >= House.Root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            var props = Path.Combine(folder, "Directory.Build.props");
            if (!File.Exists(props))
            {
                continue;
            }

            var text = read(props);
            if (folder == House.Root ? !text.Contains("BannedSymbols.txt", StringComparison.Ordinal) : !ImportsAnother().IsMatch(text))
            {
                yield return $"{name}: {Path.GetRelativePath(House.Root, props)} does not {(folder == House.Root ? "bring BannedSymbols.txt" : "import the one above it")}";
            }
        }
    }

    [GeneratedRegex(
        @"GetPathOfFileAbove\('Directory\.Build\.props'|<Import Project=""\$\(MSBuildThisFileDirectory\)(\.\./)+(plugins/)?Directory\.Build\.props"""
    )]
    private static partial Regex ImportsAnother();

    [GeneratedRegex(@"#pragma warning disable\b[^\n/]*\bRS0030\b|SuppressMessage\([^)]*RS0030")]
    private static partial Regex Lifts();

    [GeneratedRegex(@"RS0030|(BannedApiAnalyzers|AdditionalFiles)""?\s+Remove|(PackageReference|AdditionalFiles)\s+Remove")]
    private static partial Regex Escapes();
}
