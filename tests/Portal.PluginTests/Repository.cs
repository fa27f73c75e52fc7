namespace Portal.PluginTests;

/// <summary>Where the repository is; recorded replies and manifests are read in place.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A file beside the repository with reference data; null where that folder is not there.</summary>
    public static string? Shared(params string[] path)
    {
        var found = Path.Combine([Path.GetDirectoryName(Root)!, "shared", .. path]);
        return Path.Exists(found) ? found : null;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Portal.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("There is no Portal.sln above the tests.");
        return folder;
    }
}
