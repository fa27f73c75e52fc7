using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using Portal.Processors;

namespace Portal.Host.Plugins;

/// <summary>One plugin's private world. The contract is the portal's; all else is the plugin's own or the framework's.</summary>
/// <remarks>
/// The contract must come from the portal before the plugin's own folder is asked: a second copy of it would load without
/// complaint, and no type of the plugin would be the portal's any more.
/// </remarks>
internal sealed class PluginLoadContext(string entry) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(entry))
{
    private static readonly string Contract = typeof(IProcessor).Assembly.GetName().Name!;
    private static readonly HashSet<string> PortalsOwn = OwnLibraries();
    private readonly AssemblyDependencyResolver own = new(entry);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == Contract)
        {
            return null;
        }

        if (own.ResolveAssemblyToPath(assemblyName) is { } path)
        {
            return LoadFromAssemblyPath(path);
        }

        // Borrowing would work until the portal's next upgrade, and then fail at a buyer's click.
        return PortalsOwn.Contains(assemblyName.Name!)
            ? throw new FileNotFoundException($"{assemblyName.Name} is not shipped with the plugin.", assemblyName.Name)
            : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        own.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    /// <summary>What the portal brings along besides the framework, which a self-contained release lays beside it.</summary>
    private static HashSet<string> OwnLibraries()
    {
        var manifest = Path.Combine(AppContext.BaseDirectory, typeof(PluginLoadContext).Assembly.GetName().Name + ".deps.json");
        using var dependencies = JsonDocument.Parse(File.ReadAllBytes(manifest));
        return
        [
            .. dependencies
                .RootElement.GetProperty("libraries")
                .EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() is "package" or "project")
                .Select(library => library.Name.Split('/')[0]),
        ];
    }
}
