using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Connections.Contract;
using Portal.Processors;

namespace Portal.Host.Plugins;

/// <summary>Judges every folder of the plugins folder at start. A bad one is listed with a reason and harms nobody.</summary>
internal static partial class PluginLoader
{
    private const string ManifestName = "plugin.json";
    private const int LargestManifest = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectNullableAnnotations = true,
    };

    /// <summary>The contract this portal offers.</summary>
    public static Version Contract { get; } =
        new(typeof(IProcessor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);

    public static PluginCatalog Load(string path)
    {
        if (!Directory.Exists(path))
        {
            return new PluginCatalog([]);
        }

        var found = Directory
            .GetDirectories(path)
            .Where(f => !Path.GetFileName(f).StartsWith('.'))
            .Order(StringComparer.Ordinal)
            .Select(Read)
            .ToList();
        var twice = found
            .Where(f => f.Manifest is not null)
            .GroupBy(f => f.Manifest!.Id, StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Count() > 1)
            .SelectMany(g => g)
            .Select(f => f.Folder)
            .ToHashSet();
        return new PluginCatalog([
            .. found.Select(f =>
                twice.Contains(f.Folder)
                    ? f with
                    {
                        State = PluginState.Duplicate,
                        Problem = PluginProblem.Duplicate,
                        ProblemDetails = [f.Manifest!.Id],
                    }
                : f.Problem is null ? Activate(Path.Combine(path, f.Folder), f)
                : f
            ),
        ]);
    }

    /// <summary>One folder, as it would be judged alone.</summary>
    public static PluginStatus Check(string folder)
    {
        var status = Read(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return status.Problem is null ? Activate(folder, status) : status;
    }

    /// <summary>The manifest, before any of the plugin's code is loaded.</summary>
    private static PluginStatus Read(string folder)
    {
        var name = Path.GetFileName(folder);
        var file = new FileInfo(Path.Combine(folder, ManifestName));
        if (!file.Exists)
        {
            return Broken(name, null, PluginProblem.NoManifest, ManifestName);
        }

        PluginManifest? manifest;
        try
        {
            manifest = file.Length <= LargestManifest ? JsonSerializer.Deserialize<PluginManifest>(File.ReadAllBytes(file.FullName), Json) : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            return Broken(name, null, PluginProblem.ManifestUnreadable, FirstLine(unreadable));
        }

        if (manifest is null)
        {
            return Broken(name, null, PluginProblem.ManifestUnreadable, ManifestName);
        }

        if (!Id().IsMatch(manifest.Id) || !Version.TryParse(manifest.Contract, out var wanted))
        {
            return Broken(name, manifest, PluginProblem.ManifestUnreadable, "id, contract");
        }

        if (wanted.Major != Contract.Major || wanted.Minor > Contract.Minor)
        {
            return new PluginStatus
            {
                Folder = name,
                Manifest = manifest,
                State = PluginState.Incompatible,
                Problem = PluginProblem.Incompatible,
                ProblemDetails = [manifest.Contract, Contract.ToString()],
            };
        }

        return manifest.Id == name
            ? new PluginStatus
            {
                Folder = name,
                Manifest = manifest,
                State = PluginState.Active,
            }
            : Broken(name, manifest, PluginProblem.FolderName, manifest.Id, name);
    }

    private static PluginStatus Activate(string folder, PluginStatus status)
    {
        var manifest = status.Manifest!;
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var entry = Path.GetFullPath(Path.Combine(root, manifest.Entry));
        if (!entry.StartsWith(root, StringComparison.Ordinal) || !File.Exists(entry))
        {
            return Broken(status.Folder, manifest, PluginProblem.NoEntry, manifest.Entry);
        }

        try
        {
            // On a thread of its own: a constructor that never returns must not keep the portal from starting.
            var loading = Task.Run(() => Construct(entry, status));
            return loading.Wait(Patience) ? loading.GetAwaiter().GetResult() : Broken(status.Folder, manifest, PluginProblem.Hangs);
        }
        catch (AggregateException failed)
        {
            return Judge(status, failed.GetBaseException());
        }
    }

    private static PluginStatus Construct(string entry, PluginStatus status)
    {
        var types = new PluginLoadContext(entry)
            .LoadFromAssemblyPath(entry)
            .GetTypes()
            .Where(t => t is { IsPublic: true, IsAbstract: false } && t.IsAssignableTo(typeof(IProcessorPlugin)))
            .ToList();
        if (types is not [var only])
        {
            return Broken(status.Folder, status.Manifest, types.Count == 0 ? PluginProblem.NoType : PluginProblem.ManyTypes);
        }

        var plugin = (IProcessorPlugin)Activator.CreateInstance(only)!;
        var sound =
            plugin.Id == status.Manifest!.Id && plugin.ProcessorType?.IsAssignableTo(typeof(IProcessor)) == true && plugin.Settings is not null;
        return sound ? status with { Plugin = plugin } : Broken(status.Folder, status.Manifest, PluginProblem.Contradicts, plugin.Id);
    }

    private static PluginStatus Judge(PluginStatus status, Exception failure) =>
        failure switch
        {
            ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } => Judge(status, first),
            TargetInvocationException { InnerException: FileNotFoundException { FileName: { } name } missing } when IsAssembly(name) => Judge(
                status,
                missing
            ),
            TargetInvocationException { InnerException: { } inner } => Broken(status.Folder, status.Manifest, PluginProblem.Throws, FirstLine(inner)),
            FileNotFoundException missing => Broken(
                status.Folder,
                status.Manifest,
                PluginProblem.MissesDependency,
                missing.FileName?.Split(',')[0] ?? FirstLine(missing)
            ),
            BadImageFormatException => Broken(status.Folder, status.Manifest, PluginProblem.NotAssembly, status.Manifest!.Entry),
            _ => Broken(status.Folder, status.Manifest, PluginProblem.Throws, FirstLine(failure)),
        };

    private static PluginStatus Broken(string folder, PluginManifest? manifest, PluginProblem problem, params string[] details) =>
        new()
        {
            Folder = folder,
            Manifest = manifest,
            State = PluginState.Broken,
            Problem = problem,
            ProblemDetails = details,
        };

    /// <summary>A display name as the runtime gives it; a file the plugin itself looked for has none of this.</summary>
    private static bool IsAssembly(string name) =>
        name.Contains(", Version=", StringComparison.Ordinal) || !name.Contains(Path.DirectorySeparatorChar);

    private static string FirstLine(Exception failure) => failure.Message.Split('\n')[0].Trim();

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$")]
    private static partial Regex Id();
}
