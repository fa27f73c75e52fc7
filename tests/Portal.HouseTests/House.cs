using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Portal.Kernel;

namespace Portal.HouseTests;

/// <summary>What the rules are about: found by looking, never listed, so that nothing new escapes them.</summary>
internal static class House
{
    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Everything that ships: the host, the modules, the plugins.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        .. Directory
            .EnumerateFiles(AppContext.BaseDirectory, "?ortal*.dll")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(n => n is "portal" || (n!.StartsWith("Portal.", StringComparison.Ordinal) && n != typeof(House).Assembly.GetName().Name))
            .Order(StringComparer.Ordinal)
            .Select(n => Assembly.Load(n!)),
    ];

    /// <summary>The projects under src/Modules that are modules: they have a ...Module class and are not the kernel, which every module shares.</summary>
    public static IEnumerable<Assembly> Modules =>
        Assemblies.Where(a => a != typeof(PortalDb).Assembly && a.GetExportedTypes().Any(t => t.FullName == ModuleClass(a)));

    /// <summary>All types, nested and generated ones too.</summary>
    public static IEnumerable<Type> Types => Assemblies.SelectMany(a => a.GetTypes());

    /// <summary>Every entity of the modules' models.</summary>
    public static IReadOnlyList<Type> Entities { get; } = ReadEntities();

    /// <summary>For example Portal.Orders.OrdersModule.</summary>
    public static string ModuleClass(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        return $"{name}.{name[(name.LastIndexOf('.') + 1)..]}Module";
    }

    /// <summary>The repository's files, without what is built.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(f =>
                !Path.GetRelativePath(Root, f).Split(Path.DirectorySeparatorChar).Any(p => p is "bin" or "obj" or "artifacts" or "Violations")
            )
            .Order(StringComparer.Ordinal);

    /// <summary>A file under Violations: what a rule must report.</summary>
    public static string Violation(string file) => Path.Combine(Root, "tests", "Portal.HouseTests", "Violations", file);

    private static List<Type> ReadEntities()
    {
        var model = new ModelBuilder();
        foreach (var part in Types.Where(t => t.IsAssignableTo(typeof(IModelPart)) && !t.IsAbstract))
        {
            ((IModelPart)Activator.CreateInstance(part, nonPublic: true)!).Build(model);
        }

        return [.. model.Model.GetEntityTypes().Select(e => e.ClrType).Distinct()];
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder.FullName;
    }
}
