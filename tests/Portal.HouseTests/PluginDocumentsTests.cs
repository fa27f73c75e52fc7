using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Connections.Contract;
using Portal.Connections.ShowMatrix;
using Portal.Host.Plugins;

namespace Portal.HouseTests;

/// <summary>What plugin authors read is what is built.</summary>
public sealed class PluginDocumentsTests
{
    private const string Begin = "<!-- matrix: portal plugins matrix -->\n";
    private const string End = "<!-- /matrix -->";
    private static readonly string ReadMe = Path.Combine(House.Root, "plugins/README.md");

    [Test]
    public void The_smallest_plugin_of_the_guide_is_the_one_that_is_tested()
    {
        var code = File.ReadAllText(Path.Combine(House.Root, "tests/Fixtures/Acme/AcmePlugin.cs")).ReplaceLineEndings("\n");
        var manifest = File.ReadAllText(Path.Combine(House.Root, "tests/Fixtures/Acme/plugin.json")).ReplaceLineEndings("\n");
        var guide = File.ReadAllText(Path.Combine(House.Root, "docs/plugins.md")).ReplaceLineEndings("\n");

        Blocks(guide, "csharp").Should().Contain(code);
        Blocks(guide, "json").Should().Contain(manifest);
    }

    [Test]
    public void The_matrix_is_what_the_plugins_can_do()
    {
        var now = Matrix();
        var text = File.ReadAllText(ReadMe).ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("PORTAL_ACCEPT_MATRIX") == "1")
        {
            text = text.Replace(Begin + Section(text) + End, Begin + now + End, StringComparison.Ordinal);
            File.WriteAllText(ReadMe, text);
        }

        Section(text)
            .Should()
            .Be(now, "plugins/README.md says what the plugins can do: PORTAL_ACCEPT_MATRIX=1 dotnet test tests/Portal.HouseTests, and commit it");
    }

    [Test]
    public void A_stale_matrix_or_block_is_seen()
    {
        Section("before\n" + Begin + "| a |\n" + End + "\nafter").Should().Be("| a |\n");
        Blocks("```csharp\na\n```\n```json\nb\n```\n", "csharp").Should().Equal("a\n");
        Matrix().Should().StartWith("|  | Download invoice | Update subscription | Cancel subscription |").And.Contain("| Stripe | By API |");
    }

    /// <summary>Computed from the plugins as the host's build laid them out, those of this repository only.</summary>
    private static string Matrix()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var ours = Directory
            .EnumerateDirectories(Path.Combine(House.Root, "plugins"))
            .Select(Path.GetFileName)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var all = PluginLoader
            .Load(Path.Combine(House.Root, "src/Host/bin", configuration, "net10.0/plugins"))
            .All.Where(p => ours.Contains(p.Folder))
            .ToList();
        all.Should().NotBeEmpty().And.OnlyContain(p => p.State == PluginState.Active);
        var texts = new StringLocalizer<Portal.Connections.Texts>(
            new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance)
        );
        return new CapabilityMatrix(new PluginCatalog(all), texts, TimeProvider.System).ToMarkdown();
    }

    private static string Section(string text)
    {
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return text[from..text.IndexOf(End, StringComparison.Ordinal)];
    }

    private static List<string> Blocks(string markdown, string language) =>
        [.. markdown.Split("```" + language + "\n").Skip(1).Select(b => b[..b.IndexOf("```", StringComparison.Ordinal)])];
}
