namespace Portal.PluginTests.PayFast;

/// <summary>Samples kept beside the repository, never in it. Tests that need them are skipped where they are not.</summary>
internal static class PayFastSamples
{
    public static string Read(string file)
    {
        var at = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Portal.sln")))
        {
            at = at.Parent;
        }

        var path = Path.Combine(at?.FullName ?? ".", "../shared/processors/samples/payfast", file);
        Assume.That(File.Exists(path), "The shared samples are not beside the repository.");
        return File.ReadAllText(path);
    }
}
