namespace Portal.PluginTests.PayFast;

/// <summary>Samples kept beside the repository, never in it. Tests that need them are inconclusive where they are not.</summary>
internal static class PayFastSamples
{
    public static string Read(string file)
    {
        var path = Repository.Shared("processors", "samples", "payfast", file);
        Assume.That(path, Is.Not.Null, "The shared samples are not beside the repository.");
        return File.ReadAllText(path!);
    }
}
