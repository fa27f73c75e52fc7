// What is built and how, from top to bottom. build.sh and build.ps1 make the machine ready and call this.
#nullable enable
using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;

const string Configuration = "Release";
const string Solution = "Portal.sln";
const string Host = "src/Host/Portal.Host.csproj";
const string Simulator = "src/Simulator/Portal.Simulator.csproj";
const string Benchmarks = "tests/Benchmarks/Portal.Benchmarks.csproj";
const string EfDesign = "tools/EfDesign/Portal.EfDesign.csproj";
const string Portal = "artifacts/portal";
const string Release = "artifacts/release";
const string Results = "artifacts/test-results";

var target = Argument("target", "test");
TestTotals? totals = null;

// --- Checks ---------------------------------------------------------------------------------------------------------

Task("format").Does(() => Run("dotnet", "csharpier check ."));

Task("build").Does(() => DotNetBuild(Solution, new DotNetBuildSettings { Configuration = Configuration, Verbosity = DotNetVerbosity.Minimal }));

// What is known to be vulnerable in any package, however deep; says nothing where the registry carries no such data.
Task("audit")
    .Does(() =>
    {
        StartProcess(
            "dotnet",
            new ProcessSettings { Arguments = $"list {Solution} package --vulnerable --include-transitive --format json", RedirectStandardOutput = true },
            out var lines
        );
        using var report = JsonDocument.Parse(string.Join('\n', lines));
        var found = Vulnerable(report.RootElement).Distinct().ToList();
        foreach (var one in found)
        {
            Error(one);
        }

        if (found.Count > 0)
        {
            throw new CakeException("Packages with known vulnerabilities of high or critical severity.");
        }
    });

Task("test")
    .IsDependentOn("format")
    .IsDependentOn("build")
    .IsDependentOn("audit")
    .Does(() =>
    {
        CleanDirectory(Results);
        totals = new TestTotals();
        var filter = HasArgument("filter") ? $"--filter \"{Argument<string>("filter")}\"" : "";
        foreach (var project in ParseSolution(Solution).Projects.Where(p => p.Path.GetExtension() == ".csproj" && p.Name.EndsWith("Tests")))
        {
            Information("\n{0}", project.Name);
            var result = $"{Results}/{project.Name}.trx";
            var exitCode = StartProcess(
                "dotnet",
                $"test \"{project.Path}\" -c {Configuration} --no-build --nologo {filter} --logger \"trx;LogFileName={MakeAbsolute(File(result))}\""
            );
            totals.Add(project.Name, exitCode, FileExists(result) ? XDocument.Load(result) : null, allowNone: filter != "");
        }
    });

// ./build.sh bench [--customers N] [--orders N] [--only oracle]; the filled database stays in artifacts/bench for the next run.
Task("bench")
    .IsDependentOn("run")
    .Does(() =>
    {
        var size = $"--customers {Argument("customers", 10_000)} --orders {Argument("orders", 200_000)}";
        var only = HasArgument("only") ? $"--only {Argument<string>("only")}" : "";
        Run("dotnet", $"run --project {Benchmarks} -c {Configuration} -- --portal {Portal}/portal {size} {only}");
    });

// --- What runs here: framework-dependent, in artifacts/portal -------------------------------------------------------

Task("run")
    .Does(() =>
    {
        var sources = Sources();
        if (FileExists($"{Portal}/.sources") && System.IO.File.ReadAllText($"{Portal}/.sources") == sources)
        {
            Information("Nothing changed since it was published.");
            return;
        }

        Publish(Host, Portal);
        foreach (var plugin in Plugins())
        {
            Publish(plugin.Project, $"{Portal}/plugins/{plugin.Id}");
        }

        if (FileExists(Simulator))
        {
            Publish(Simulator, $"{Portal}/simulator");
        }

        System.IO.File.WriteAllText($"{Portal}/.sources", sources);
    });

// --- What others take: a self-contained folder, and a zip with its SHA-256 per plugin ------------------------------

Task("publish")
    .Does(() =>
    {
        CleanDirectory(Release);
        Publish(Host, $"{Release}/portal-linux-x64", "linux-x64");
        foreach (var plugin in Plugins())
        {
            var folder = $"{Release}/portal-linux-x64/plugins/{plugin.Id}";
            var zip = $"{Release}/{plugin.Id}-{plugin.Version}.zip";
            Publish(plugin.Project, folder);
            Zip($"{Release}/portal-linux-x64/plugins", zip, GetFiles($"{folder}/**/*"));
            var hash = Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(zip)));
            System.IO.File.WriteAllText(zip + ".sha256", $"{hash}  {System.IO.Path.GetFileName(zip)}\n");
        }

        Information("\n{0}:", Release);
        foreach (var entry in System.IO.Directory.EnumerateFileSystemEntries(Release).Order(StringComparer.Ordinal))
        {
            Information("  {0}", System.IO.Path.GetFileName(entry));
        }
    });

// --- A step of the database, for both providers ---------------------------------------------------------------------

Task("migration")
    .Does(() =>
    {
        DotNetBuild(EfDesign, new DotNetBuildSettings { Configuration = Configuration, Verbosity = DotNetVerbosity.Minimal });
        foreach (var provider in new[] { "Sqlite", "PostgreSql" })
        {
            Run(
                "dotnet",
                $"ef migrations add {Argument<string>("name")} --project {Host} --startup-project {EfDesign} "
                    + $"--context {provider}PortalDb --output-dir Database/Migrations/{provider} --no-build --configuration {Configuration}"
            );
        }
    });

RunTarget(target);
if (totals is not null)
{
    // After Cake's own report, so that it is the last line.
    totals.Print();
    Environment.Exit(totals.Succeeded ? 0 : 1);
}

// --- Tools of the tasks above ---------------------------------------------------------------------------------------

void Run(string program, string arguments)
{
    if (StartProcess(program, arguments) is not 0 and var exitCode)
    {
        throw new CakeException($"{program} {arguments} ended with {exitCode}.");
    }
}

// Every object that has both an id and vulnerabilities, wherever the report keeps it.
IEnumerable<string> Vulnerable(JsonElement it)
{
    if (it.ValueKind == JsonValueKind.Array)
    {
        return it.EnumerateArray().SelectMany(Vulnerable);
    }

    if (it.ValueKind != JsonValueKind.Object)
    {
        return [];
    }

    var here =
        it.TryGetProperty("id", out var id) && it.TryGetProperty("vulnerabilities", out var all)
            ? all.EnumerateArray()
                .Where(v => v.GetProperty("severity").GetString() is "High" or "Critical")
                .Select(v => $"{id.GetString()}: {v.GetProperty("severity").GetString()}, {v.GetProperty("advisoryurl").GetString()}")
            : [];
    return [.. here, .. it.EnumerateObject().SelectMany(p => Vulnerable(p.Value))];
}

void Publish(string project, string folder, string? runtime = null) =>
    DotNetPublish(
        project,
        new DotNetPublishSettings
        {
            Configuration = Configuration,
            OutputDirectory = folder,
            Runtime = runtime,
            SelfContained = runtime is not null,
            Verbosity = DotNetVerbosity.Minimal,
        }
    );

IEnumerable<(string Id, string Version, string Project)> Plugins()
{
    foreach (var manifest in GetFiles("plugins/*/plugin.json").OrderBy(f => f.FullPath, StringComparer.Ordinal))
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(manifest.FullPath));
        yield return (
            json.RootElement.GetProperty("id").GetString()!,
            json.RootElement.GetProperty("version").GetString()!,
            GetFiles($"{manifest.GetDirectory()}/*.csproj").Single().FullPath
        );
    }
}

// Sizes and times instead of contents: a start of an unchanged portal must not wait for its sources to be read.
string Sources()
{
    var files = GetFiles("*.{props,targets,json}")
        .Concat(GetFiles("src/**/*"))
        .Concat(GetFiles("plugins/**/*"))
        .Where(f => !f.Segments.Any(s => s is "bin" or "obj"))
        .Select(f => new System.IO.FileInfo(f.FullPath))
        .OrderBy(f => f.FullName, StringComparer.Ordinal)
        .Select(f => $"{f.FullName} {f.Length} {f.LastWriteTimeUtc.Ticks}");
    return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', files))));
}

sealed class TestTotals
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
    private readonly List<string> failures = [];
    private int passed, failed, skipped;

    public bool Succeeded => failed == 0 && passed > 0;

    public void Add(string project, int exitCode, XDocument? results, bool allowNone)
    {
        var before = (Failed: failed, All: passed + failed + skipped);
        foreach (var test in results?.Descendants(Trx + "UnitTestResult") ?? [])
        {
            switch ((string?)test.Attribute("outcome"))
            {
                case "Passed":
                    passed++;
                    break;
                case "NotExecuted":
                    skipped++;
                    break;
                default:
                    Fail($"{project}: {(string?)test.Attribute("testName")}\n    {test.Descendants(Trx + "Message").FirstOrDefault()?.Value.Trim().ReplaceLineEndings("\n    ")}");
                    break;
            }
        }

        if (exitCode != 0 && failed == before.Failed)
        {
            Fail($"{project}: the test run ended with exit code {exitCode}");
        }
        else if (passed + failed + skipped == before.All && !allowNone)
        {
            Fail($"{project}: no test ran");
        }
    }

    public void Print()
    {
        foreach (var failure in failures)
        {
            Console.WriteLine($"\nFailed: {failure}");
        }

        Console.WriteLine($"\n{passed} passed, {failed} failed, {skipped} skipped");
    }

    private void Fail(string what)
    {
        failed++;
        failures.Add(what);
    }
}
