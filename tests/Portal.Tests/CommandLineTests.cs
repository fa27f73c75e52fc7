using System.Text.Json.Nodes;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>The built program as a process of its own.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class CommandLineTests(Db db)
{
    private TempFolder data = null!;
    private string[] database = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        data = new TempFolder();
        database = await Installation.FreshDatabaseAsync(db, data.Path);
    }

    [OneTimeTearDown]
    public void Stop() => data.Dispose();

    [Test]
    public async Task Connections_are_added_listed_and_removed()
    {
        var added = await RunAsync(
            "connections",
            "add",
            "stripe",
            "--name",
            "shop",
            "--set",
            "apiKey=rk_live_x",
            "--set",
            "webhookSecret=whsec_x",
            "--json"
        );
        added.ShouldSucceed();
        var row = JsonNode.Parse(added.Output)!;
        var id = (string)row["id"]!;
        id.Should().StartWith("con_");
        ((string)row["webhook_url"]!).Should().Be($"{PortalUnderTest.ShopUrl}/webhooks/stripe/{id}");

        var listed = await RunAsync("connections", "list", "--json");
        listed.ShouldSucceed();
        var mine = JsonNode.Parse(listed.Output)!.AsArray().Single(c => (string)c!["id"]! == id)!;
        ((string)mine["name"]!, (string)mine["plugin"]!, (string)mine["mode"]!).Should().Be(("shop", "stripe", "selling"));
        listed.Output.Should().NotContain("rk_live_x").And.NotContain("whsec_x");

        (await RunAsync("connections", "add", "stripe", "--name", "shop", "--set", "apiKey=rk_live_x", "--set", "webhookSecret=whsec_x")).ShouldFail(
            "shop"
        );
        (await RunAsync("connections", "remove", id)).ShouldSucceed();
        (await RunAsync("connections", "remove", id)).ShouldFail("no such connection");
    }

    [Test]
    public async Task The_doctor_says_what_is_well_and_what_is_missing()
    {
        var ill = await RunAsync("doctor", "--json", "--Pdf:ChromiumPath=" + data.Combine("none"));

        ill.Code.Should().Be(1);
        var findings = JsonNode
            .Parse(ill.Output)!
            .AsArray()
            .ToDictionary(f => (string)f!["subject"]!, f => ((string)f!["verdict"]!, (string)f["says"]!));
        findings["PDF"].Item1.Should().Be("bad");
        findings["PDF"].Item2.Should().Contain("none");
        findings["invoices"].Should().Be(("good", "0 documents, numbers and hashes hold"));
        findings["public URL"].Item1.Should().Be("good");
        findings["data folder"].Item1.Should().Be("good");
        findings["plugin stripe"].Item1.Should().Be("good");
        findings["mail"].Item1.Should().Be("good");
        findings["database"].Item1.Should().BeOneOf("good", "warn");
    }

    [Test]
    public async Task Books_are_imported_with_their_progress_and_repeating_it_changes_nothing()
    {
        await using var books = await StubServer.StartAsync(
            (request, response) =>
            {
                response.ContentType = "application/json";
                var customers = request.PathAndQuery.StartsWith("/v1/customers?", StringComparison.Ordinal)
                    ? """{"id":"cus_cli","object":"customer","email":"cli@example.com","name":"Cli","created":1785200000}"""
                    : "";
                return response
                    .Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes($$"""{"object":"list","has_more":false,"data":[{{customers}}]}"""))
                    .AsTask();
            }
        );
        var added = await RunAsync(
            "connections",
            "add",
            "stripe",
            "--name",
            "books",
            "--set",
            "apiKey=rk_live_x",
            "--set",
            "webhookSecret=whsec_x",
            "--set",
            $"apiBase={books.Address}",
            "--json"
        );
        var id = (string)JsonNode.Parse(added.Output)!["id"]!;

        var first = await RunAsync("import", id, "--since", "2026-01-01");
        var again = await RunAsync("import", id, "--since", "2026-01-01");

        first.ShouldSucceed();
        first.Output.Should().Contain("1 records read, 1 stored");
        first.Errors.Should().Contain("1 read");
        again.ShouldSucceed();
        (await RunAsync("connections", "remove", id)).ShouldFail("still shown");
    }

    [Test]
    public async Task A_second_portal_on_the_same_file_refuses_and_on_PostgreSQL_it_may()
    {
        using var own = new TempFolder();
        var settings = (await Installation.FreshDatabaseAsync(db, own.Path))
            .Append($"--Portal:PublicUrl={PortalUnderTest.ShopUrl}")
            .Append($"--Plugins:Path={Installation.Plugins}")
            .Append("--Mail:Transport=Folder")
            .ToDictionary(s => s[2..s.IndexOf('=', StringComparison.Ordinal)], s => s[(s.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        await using var first = await PortalProcess.StartAsync(CommandLine.Program, own.Path, settings);

        if (db == Db.PostgreSql)
        {
            await using var second = await PortalProcess.StartAsync(CommandLine.Program, own.Path, settings);
            second.ReadyAfter.Should().BePositive();
        }
        else
        {
            var refused = await RunAsync(["serve", $"--Portal:DataDirectory={own.Path}"]);
            refused.ShouldFail("Another portal serves");
        }
    }

    [Test]
    public async Task Merchants_are_added_with_a_role_and_listed()
    {
        Task<CommandLine.Run> AddAsync(string email, string password, params string[] more) =>
            CommandLine.RunAsync(
                database,
                data.Path,
                ["merchants", "add", "--email", email, "--password-stdin", .. more],
                input: password + Environment.NewLine
            );

        (await AddAsync("Ada@Example.com", Merchants.Password)).ShouldSucceed();
        (await AddAsync("bert@example.com", Merchants.Password, "--role", "support")).ShouldSucceed();
        (await AddAsync("ada@example.com", Merchants.Password)).ShouldFail("already");
        (await AddAsync("carl@example.com", "short")).ShouldFail("12 characters");
        (await AddAsync("carl@example.com", Merchants.Password, "--role", "king")).Code.Should().Be(1);

        var listed = await RunAsync("merchants", "list", "--json");
        listed.ShouldSucceed();
        JsonNode
            .Parse(listed.Output)!
            .AsArray()
            .Select(m => ((string)m!["email"]!, (string)m["role"]!, (string)m["state"]!, (bool)m["second_factor"]!))
            .Should()
            .Equal(("ada@example.com", "owner", "active", false), ("bert@example.com", "support", "active", false));
        listed.Output.Should().NotContain(Merchants.Password);
        (await RunAsync("merchants", "list")).Output.Should().Contain("bert@example.com").And.Contain("support");
    }

    private Task<CommandLine.Run> RunAsync(params string[] arguments) => CommandLine.RunAsync(database, data.Path, arguments);
}
