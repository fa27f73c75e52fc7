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

    /// <summary>A key of this module's texts that says why; null when active.</summary>
    public string? Problem { get; init; }

    /// <summary>What fills the gaps of that text: a file name, an error's first line.</summary>
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
