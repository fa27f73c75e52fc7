using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Portal.HouseTests;

/// <summary>Who may use whom, as the table in src/Modules/README.md says.</summary>
public sealed partial class WallsTests
{
    [Test]
    public void Assemblies_reference_only_what_the_table_allows() =>
        House.Assemblies.SelectMany(a => Walls(a, Table(File.ReadAllText(Path.Combine(House.Root, "src/Modules/README.md"))))).Should().BeEmpty();

    [Test]
    public void Modules_show_their_contract_and_their_module_class_and_nothing_else() => House.Modules.SelectMany(Doors).Should().BeEmpty();

    [Test]
    public void Internals_are_open_to_tests_and_tools_only() => House.Assemblies.SelectMany(Windows).Should().BeEmpty();

    [Test]
    public void The_modules_are_found() => House.Modules.Select(a => a.GetName().Name).Should().Contain(["Portal.Connections", "Portal.Customers"]);

    [Test]
    public void Violations_are_reported()
    {
        var here = typeof(WallsTests).Assembly;
        var table = Table("| project | of Portal | besides the BCL |\n|---|---|---|\n| `Portal.HouseTests` | `Portal.Kernel` | `Microsoft.` |");

        Walls(here, table).Should().Contain("Portal.HouseTests uses Portal.Processors").And.Contain("Portal.HouseTests uses nunit.framework");
        Walls(here, table).Should().NotContain("Portal.HouseTests uses Portal.Kernel").And.NotContain(w => w.Contains("System."));
        Walls(here, Table("")).Should().Equal("Portal.HouseTests has no row in src/Modules/README.md");
        Doors(here).Should().Contain("Portal.HouseTests.Violations.PublicOutsideContract is public outside Portal.HouseTests.Contract");
        Windows(typeof(Autofac.Module).Assembly).Should().NotBeEmpty();
    }

    private static IEnumerable<string> Walls(Assembly assembly, IReadOnlyDictionary<string, string[]> table)
    {
        var name = assembly.GetName().Name!;
        var row = table.Keys.SingleOrDefault(k => Matches(name, k));
        return row is null
            ? [$"{name} has no row in src/Modules/README.md"]
            : assembly
                .GetReferencedAssemblies()
                .Select(r => r.Name!)
                .Where(r => !IsBaseLibrary(r) && !table[row].Any(allowed => Matches(r, allowed)))
                .Select(r => $"{name} uses {r}");
    }

    private static IEnumerable<string> Doors(Assembly module)
    {
        var contract = module.GetName().Name + ".Contract";
        return module
            .GetExportedTypes()
            .Where(t => t.Namespace != contract && t.Namespace?.StartsWith(contract + ".", StringComparison.Ordinal) != true)
            .Where(t => t.FullName != House.ModuleClass(module))
            .Select(t => $"{t.FullName} is public outside {contract}");
    }

    private static IEnumerable<string> Windows(Assembly assembly) =>
        assembly
            .GetCustomAttributes<InternalsVisibleToAttribute>()
            .Select(a => a.AssemblyName)
            .Where(n =>
                !(n.StartsWith("Portal.", StringComparison.Ordinal) && n.EndsWith("Tests", StringComparison.Ordinal))
                && n is not ("Portal.Benchmarks" or "Portal.EfDesign")
            )
            .Select(n => $"{assembly.GetName().Name} opens its internals to {n}");

    /// <summary>Rows of three cells; everything in backticks in the second and third is allowed. A name that ends with a dot or a star is a beginning.</summary>
    private static Dictionary<string, string[]> Table(string markdown) =>
        Row()
            .Matches(markdown)
            .ToDictionary(
                m => m.Groups["project"].Value,
                m => Name().Matches(m.Groups["allowed"].Value).Select(n => n.Groups[1].Value).ToArray(),
                StringComparer.Ordinal
            );

    private static bool Matches(string name, string pattern) =>
        pattern[^1] is '.' or '*' ? name.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal) : name == pattern;

    private static bool IsBaseLibrary(string name) =>
        name is "System" or "mscorlib" or "netstandard" or "Microsoft.CSharp" or "Microsoft.Win32.Primitives" or "Microsoft.Win32.Registry"
        || name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("System.CommandLine", StringComparison.Ordinal);

    [GeneratedRegex(@"^\| `(?<project>[^`]+)`[^|]*\|(?<allowed>.*)$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
