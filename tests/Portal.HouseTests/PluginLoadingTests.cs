using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Text;
using Portal.Connections.Contract;
using Portal.Host.Plugins;
using Portal.Processors;

namespace Portal.HouseTests;

/// <summary>A plugins folder with everything that can go wrong in it, loaded at once: each folder is judged alone, and the good ones work.</summary>
public sealed class PluginLoadingTests
{
    private const string Secret = "whsec-acme";
    private string root = "";
    private PluginCatalog catalog = new([]);

    [OneTimeSetUp]
    public void Load()
    {
        root = Directory.CreateTempSubdirectory("portal-plugins-").FullName;
        Lay("Acme", "acme");
        Lay("Throws", "throws");
        Lay("HangsForever", "hangs");
        Lay("ManyTypes", "many");
        Lay("NewerContract", "newer");
        Lay("OwnContractCopy", "copy");
        Lay("MissesLibrary", "misses");
        Lay("BorrowsLibrary", "borrows");
        Lay("OldLibrary", "old");
        Lay("NewLibrary", "new");
        File.Delete(Path.Combine(Lay("Acme", "bare"), "plugin.json"));
        Manifest(Lay("Acme", "baddll"), "acme", "baddll", "Portal.Plugin.Acme.dll");
        File.WriteAllText(Path.Combine(root, "baddll", "Portal.Plugin.Acme.dll"), "This is a text.");
        Manifest(Lay("Acme", "noentry"), "acme", "noentry", "Gone.dll");
        Manifest(Lay("Acme", "outside"), "acme", "outside", "../acme/Portal.Plugin.Acme.dll");
        Manifest(Lay("Acme", "liar"), "acme", "liar", "Portal.Plugin.Acme.dll");
        Manifest(Lay("Acme", "renamed"), "acme", "other", "Portal.Plugin.Acme.dll");
        Manifest(Lay("Acme", "twin"), "acme", "twin", "Portal.Plugin.Acme.dll");
        Manifest(Lay("Acme", "twin-copy"), "acme", "twin", "Portal.Plugin.Acme.dll");
        Directory.CreateDirectory(Path.Combine(root, "scribble"));
        File.WriteAllText(Path.Combine(root, "scribble", "plugin.json"), "{ not json");
        Directory.CreateDirectory(Path.Combine(root, ".hidden"));
        catalog = PluginLoader.Load(root);
    }

    [OneTimeTearDown]
    public void Clear() => Directory.Delete(root, recursive: true);

    [TestCase("acme", PluginState.Active, null)]
    [TestCase("copy", PluginState.Active, null)]
    [TestCase("old", PluginState.Active, null)]
    [TestCase("new", PluginState.Active, null)]
    [TestCase("throws", PluginState.Broken, PluginProblem.Throws, "The moon is in the wrong phase.")]
    [TestCase("hangs", PluginState.Broken, PluginProblem.Hangs)]
    [TestCase("many", PluginState.Broken, PluginProblem.ManyTypes)]
    [TestCase("newer", PluginState.Incompatible, PluginProblem.Incompatible, "1.99", "1.0")]
    [TestCase("misses", PluginState.Broken, PluginProblem.MissesDependency, "Portal.Fixtures.Library")]
    [TestCase("borrows", PluginState.Broken, PluginProblem.MissesDependency, "Autofac")]
    [TestCase("bare", PluginState.Broken, PluginProblem.NoManifest, "plugin.json")]
    [TestCase("baddll", PluginState.Broken, PluginProblem.NotAssembly, "Portal.Plugin.Acme.dll")]
    [TestCase("noentry", PluginState.Broken, PluginProblem.NoEntry, "Gone.dll")]
    [TestCase("outside", PluginState.Broken, PluginProblem.NoEntry, "../acme/Portal.Plugin.Acme.dll")]
    [TestCase("liar", PluginState.Broken, PluginProblem.Contradicts, "acme")]
    [TestCase("renamed", PluginState.Broken, PluginProblem.FolderName, "other", "renamed")]
    [TestCase("twin", PluginState.Duplicate, PluginProblem.Duplicate, "twin")]
    [TestCase("twin-copy", PluginState.Duplicate, PluginProblem.Duplicate, "twin")]
    public void Every_folder_is_judged(string folder, PluginState state, PluginProblem? problem, params string[] details)
    {
        var status = Status(folder);

        status.State.Should().Be(state);
        status.Problem.Should().Be(problem);
        status.ProblemDetails.Should().Equal(details);
        (status.Plugin is not null).Should().Be(state == PluginState.Active);
    }

    [Test]
    public void A_manifest_that_cannot_be_read_is_said_to_be_so() => Status("scribble").Problem.Should().Be(PluginProblem.ManifestUnreadable);

    [Test]
    public void Hidden_folders_are_no_plugins() => catalog.All.Should().HaveCount(19).And.NotContain(p => p.Folder == ".hidden");

    [Test]
    public async Task The_good_one_tells_genuine_deliveries_from_others()
    {
        var acme = Connect("acme");
        var webhooks = (IReceiveWebhooks)acme;
        var body = """{ "id": "pay_1", "at": "2026-11-20T08:00:00Z", "amount": 1099, "currency": "EUR", "email": "ada@example.com" }"""u8.ToArray();
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));

        (await webhooks.VerifyAsync(Request(body, signature), default)).Should().BeOfType<Delivery.Verified>();
        (await webhooks.VerifyAsync(Request([.. body, 32], signature), default)).Should().BeOfType<Delivery.Rejected>();
        (await webhooks.ReadAsync(Request(body, signature), default))
            .Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<OrderRecord>()
            .Which.Total.Should()
            .Be(new Money(1099, "EUR"));
    }

    [Test]
    public void The_contract_is_the_portals_even_where_another_lies_beside_the_plugin()
    {
        File.Exists(Path.Combine(root, "copy", "Portal.Processors.dll")).Should().BeTrue();
        Connect("copy").GetType().GetInterfaces().Should().Contain(typeof(IProcessor));
    }

    [Test]
    public void Two_plugins_have_two_versions_of_one_library() =>
        new[] { "old", "new" }.Select(id => Status(id).Plugin!.DisplayName).Should().Equal("Library 1", "Library 2");

    [Test]
    public void Every_plugin_lives_in_a_world_of_its_own() =>
        catalog
            .Active.Select(p => AssemblyLoadContext.GetLoadContext(p.Plugin!.GetType().Assembly))
            .Should()
            .OnlyHaveUniqueItems()
            .And.NotContain(AssemblyLoadContext.Default);

    [Test]
    public void One_folder_is_judged_alone_as_it_would_be_among_others()
    {
        PluginLoader.Check(Path.Combine(root, "acme")).State.Should().Be(PluginState.Active);
        PluginLoader.Check(Path.Combine(root, "throws")).Problem.Should().Be(PluginProblem.Throws);
    }

    [Test]
    public void No_folder_is_no_plugin() => PluginLoader.Load(Path.Combine(root, "nowhere")).All.Should().BeEmpty();

    private PluginStatus Status(string folder) => catalog.All.Single(p => p.Folder == folder);

    private IProcessor Connect(string id) =>
        Status(id)
            .Plugin!.Connect(
                new Connection
                {
                    Settings = new Dictionary<string, string> { ["webhookSecret"] = Secret },
                    TestMode = true,
                    Http = new HttpClient(),
                    Clock = TimeProvider.System,
                }
            );

    private static WebhookRequest Request(byte[] body, string signature) =>
        new()
        {
            Body = body,
            Headers = new Dictionary<string, IReadOnlyList<string>> { ["Acme-Signature"] = [signature] },
        };

    /// <summary>Copies a fixture's build output to a folder of the plugins folder.</summary>
    private string Lay(string fixture, string folder)
    {
        // Debug or Release, as this project itself was built.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var built = Path.Combine(House.Root, "tests", "Fixtures", fixture, "bin", configuration, "net10.0");
        var to = Directory.CreateDirectory(Path.Combine(root, folder)).FullName;
        foreach (var file in Directory.EnumerateFiles(built))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return to;
    }

    private static void Manifest(string folder, string was, string id, string entry)
    {
        var file = Path.Combine(folder, "plugin.json");
        File.WriteAllText(
            file,
            File.ReadAllText(file)
                .Replace($"\"id\": \"{was}\"", $"\"id\": \"{id}\"", StringComparison.Ordinal)
                .Replace("Portal.Plugin.Acme.dll", entry, StringComparison.Ordinal)
        );
    }
}
