using Portal.Processors;

namespace Portal.Connections.Contract;

/// <summary>Why a plugin folder is or is not in use.</summary>
public enum PluginState
{
    /// <summary>Loaded; connections may use it.</summary>
    Active,

    /// <summary>Built for another version of the contract; told from its manifest, before any of its code ran.</summary>
    Incompatible,

    /// <summary>It could not be read, loaded or constructed.</summary>
    Broken,

    /// <summary>Another folder claims the same id: both are refused, so that which wins never depends on file order.</summary>
    Duplicate,
}

/// <summary>What is wrong with a plugin folder. This module's texts say each in a sentence, with how to mend it.</summary>
public enum PluginProblem
{
    /// <summary>There is no manifest.</summary>
    NoManifest,

    /// <summary>The manifest is not what it should be.</summary>
    ManifestUnreadable,

    /// <summary>The manifest asks for another contract.</summary>
    Incompatible,

    /// <summary>Folder and manifest disagree on the id.</summary>
    FolderName,

    /// <summary>Another folder claims the id.</summary>
    Duplicate,

    /// <summary>The assembly is not in the folder.</summary>
    NoEntry,

    /// <summary>The assembly is none.</summary>
    NotAssembly,

    /// <summary>It needs an assembly that is not shipped with it.</summary>
    MissesDependency,

    /// <summary>The assembly exports no plugin.</summary>
    NoType,

    /// <summary>The assembly exports several.</summary>
    ManyTypes,

    /// <summary>Its constructor failed.</summary>
    Throws,

    /// <summary>Its constructor did not return in time.</summary>
    Hangs,

    /// <summary>It says of itself something else than its manifest.</summary>
    Contradicts,
}

/// <summary><c>plugin.json</c>: read before any code of the plugin is loaded, never written by the portal.</summary>
public sealed record PluginManifest
{
    /// <summary>Lower-case letters and digits; equals the folder's name.</summary>
    public required string Id { get; init; }

    /// <summary>The processor's name.</summary>
    public required string Name { get; init; }

    /// <summary>The plugin's own version.</summary>
    public required string Version { get; init; }

    /// <summary>The contract it was built against: <c>1.0</c>.</summary>
    public required string Contract { get; init; }

    /// <summary>Its assembly, inside the folder.</summary>
    public required string Entry { get; init; }

    /// <summary>The hosts it may reach.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}

/// <summary>One folder of the plugins folder, judged at start.</summary>
public sealed record PluginStatus
{
    /// <summary>The folder's name.</summary>
    public required string Folder { get; init; }

    /// <summary>What became of it.</summary>
    public required PluginState State { get; init; }

    /// <summary>Why not; null when active.</summary>
    public PluginProblem? Problem { get; init; }

    /// <summary>What fills the gaps of its sentence: a file name, an error's first line.</summary>
    public IReadOnlyList<string> ProblemDetails { get; init; } = [];

    /// <summary>Null when it could not be read.</summary>
    public PluginManifest? Manifest { get; init; }

    /// <summary>The plugin; null unless active.</summary>
    public IProcessorPlugin? Plugin { get; init; }
}

/// <summary>The plugins as they were found at start. They change at restart only.</summary>
public sealed class PluginCatalog(IReadOnlyList<PluginStatus> all)
{
    /// <summary>Every folder, by name.</summary>
    public IReadOnlyList<PluginStatus> All => all;

    /// <summary>The usable ones.</summary>
    public IEnumerable<PluginStatus> Active => all.Where(p => p.State == PluginState.Active);

    /// <summary>A usable plugin by its id.</summary>
    public PluginStatus? Find(string id) => Active.FirstOrDefault(p => p.Plugin!.Id == id);

    /// <summary>Whether any folder, usable or not, goes by this id.</summary>
    public bool Knows(string id) => all.Any(p => p.Folder == id || p.Manifest?.Id == id);
}
