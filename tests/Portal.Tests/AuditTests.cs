using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access.Contract;
using Portal.Kernel;
using Portal.Store;
using Portal.Tests.Support;

namespace Portal.Tests;

/// <summary>The audit log: that it says what merchants did, and that nobody changes it unseen.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class AuditTests(Db db)
{
    private const string Email = "owner@example.com";
    private PortalUnderTest portal = null!;

    [SetUp]
    public async Task Start() => portal = await PortalUnderTest.StartAsync(db);

    [TearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [Test]
    public async Task What_an_owner_does_is_written_down_without_any_secret()
    {
        using var owner = await portal.NewMerchantAsync(Email);
        var store = await owner.SubmitAsync(
            await owner.GetAsync("/admin/store"),
            null,
            ("Name", "Atelier"),
            ("LegalName", "Atelier Nord AS"),
            ("TaxId", "NO123")
        );
        store.Location.Should().EndWith("saved=true", "{0}", store);
        await owner.SubmitAsync(await owner.GetAsync("/admin/store"));
        var added = await owner.SubmitAsync(
            await owner.GetAsync("/admin/connections/new?plugin=sandbox"),
            null,
            ("Name", "Main"),
            ("Settings[apiKey]", "canary-1"),
            ("Settings[webhookSecret]", Signatures.Secret),
            ("Settings[apiBase]", "http://127.0.0.1:1")
        );
        added.Location.Should().NotBeNull("{0}", added);
        var here = added.Location![..added.Location!.IndexOf('?', StringComparison.Ordinal)];
        await owner.SubmitAsync(await owner.GetAsync(here), $"form[action='{here}']", ("Settings[apiKey]", "canary-2"));
        await owner.SubmitAsync(await owner.GetAsync(here), $"form[action='{here}/mode']", ("mode", "Off"));
        await owner.SubmitAsync(await owner.GetAsync(here), $"form[action='{here}/mode']", ("mode", "Selling"));
        await owner.SubmitAsync(await owner.GetAsync(here), $"form[action='{here}/check']");
        await owner.SubmitAsync(await owner.GetAsync(here), $"form[action='{here}/remove']");
        var token = await owner.TokenAsync();
        foreach (var path in (string[])["/admin/deliveries/try-again", "/admin/mails/try-again", "/admin/subscription-actions/try-again"])
        {
            (await owner.PostAsync(path, [new(Browser.TokenField, token)])).Code.Should().Be(302, path);
        }

        await portal.SetUpAppAsync(owner);
        await owner.SubmitAsync(await owner.GetAsync("/admin/security"), "form[action='/admin/sign-out']");

        var lines = await LinesAsync();
        lines
            .Select(l => $"{l.Kind} {l.Details}")
            .Should()
            .Equal(
                "merchant-signed-in ",
                "store-changed LegalName, Name, TaxId",
                "connection-added Main sandbox",
                "connection-changed Main apiKey",
                "connection-off Main",
                "connection-selling Main",
                "connection-checked Main",
                "connection-removed Main",
                "deliveries-tried-again 0",
                "mails-tried-again 0",
                "subscription-actions-tried-again 0",
                "authenticator-on ",
                "merchant-signed-out "
            );
        lines.Should().OnlyContain(l => l.Actor == Email);
        string.Concat(lines).Should().NotContainAny("canary", Signatures.Secret, "NO123", "Atelier");
        await ShouldBeWholeAsync(lines.Count);
    }

    [Test]
    public async Task A_second_factor_that_failed_and_changes_of_people_are_written_down()
    {
        using var owner = await portal.NewMerchantAsync(Email);
        var phone = await portal.SetUpAppAsync(owner);
        using var other = portal.Open();
        await other.GivePasswordAsync(Email);
        await other.GiveCodeAsync("000000");
        await other.GiveRecoveryCodeAsync(phone.RecoveryCodes[0]);
        await owner.SubmitAsync(await owner.GetAsync("/admin/people/new"), null, ("Email", "new@example.com"), ("Role", "Support"));
        var person = "/admin/people/" + (await portal.MerchantAsync("new@example.com")).Id;
        foreach (
            var (what, fill) in ((string, (string, string)[])[])[("role", [("Role", "Owner")]), ("invite-again", []), ("disable", []), ("enable", [])]
        )
        {
            var answer = await owner.SubmitAsync(await owner.GetAsync(person), $"form[action='{person}/{what}']", fill);
            answer.Location.Should().EndWith("saved=true", "{0}", answer);
        }

        (await LinesAsync())
            .Skip(2)
            .Select(l => $"{l.Kind} {l.Details}")
            .Should()
            .Equal(
                "second-factor-failed ",
                "merchant-signed-in ",
                "recovery-code-used ",
                "merchant-invited-support new@example.com",
                "merchant-made-owner new@example.com",
                "invitation-repeated new@example.com",
                "merchant-disabled new@example.com",
                "merchant-enabled new@example.com"
            );
        (await owner.GetAsync("/admin/audit?locale=de")).Words.Should().Contain("new@example.com zum Inhaber gemacht");
    }

    [Test]
    public async Task The_command_line_is_named_as_who_did_it()
    {
        var added = await portal.RunAsync(
            "connections",
            "add",
            "sandbox",
            "--name",
            "Main",
            "--set",
            "apiKey=canary",
            "webhookSecret=" + Signatures.Secret
        );
        added.ShouldSucceed();

        var line = (await LinesAsync()).Should().ContainSingle().Subject;
        (line.Kind, line.Actor).Should().Be(("connection-added", "portal (command line)"));
    }

    [TestCase("""update access_audit set "Details" = '["Main"]' where "Number" = 3""", 3)]
    [TestCase("""update access_audit set "Actor" = 'somebody@example.com' where "Number" = 2""", 2)]
    [TestCase("""delete from access_audit where "Number" = 3""", 3)]
    [TestCase("""delete from access_audit where "Number" = 6""", 6)]
    [TestCase("""update access_audit set "Number" = "Number" + 1 where "Number" = 6""", 6)]
    [TestCase(
        """insert into access_audit ("Number", "PublicId", "Kind", "Details", "Actor", "ListedAt", "HashBefore", "Hash") select 7, 'aud_slippedin', "Kind", "Details", "Actor", "ListedAt", "Hash", "Hash" from access_audit where "Number" = 6""",
        7
    )]
    public async Task Tampering_is_seen_on_the_page_and_by_the_doctor(string sql, int line)
    {
        using var owner = await portal.NewMerchantAsync(Email);
        await RecordAsync(5);

        await portal.ExecuteAsync(sql);

        var page = await owner.GetAsync("/admin/audit?check=true");
        page.Page.QuerySelector("main [role=alert]")!.TextContent.Should().Contain($"line {line} ");
        var (verdict, says) = await DoctorAsync();
        verdict.Should().Be("bad");
        says.Should().Contain($"breaks at line {line}:");
    }

    [Test]
    public async Task Twenty_lines_at_once_make_one_whole_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RecordAsync(1)));

        (await portal.CountAsync("access_audit")).Should().Be(20);
        (await portal.InScopeAsync(s => s.GetRequiredService<IActivityLog>().CheckAuditAsync(CancellationToken.None))).Should().Be((20, null));
    }

    [Test]
    public async Task What_is_rolled_back_leaves_no_line_and_no_gap()
    {
        await RecordAsync(1);
        var failing = () =>
            portal.InScopeAsync(s =>
                s.GetRequiredService<PortalDb>()
                    .InTransactionAsync(
                        async () =>
                        {
                            await RecordAsync(s);
                            throw new InvalidOperationException("on purpose");
                        },
                        CancellationToken.None
                    )
            );
        await failing.Should().ThrowAsync<InvalidOperationException>();
        await RecordAsync(1);

        (await portal.InScopeAsync(s => s.GetRequiredService<IActivityLog>().CheckAuditAsync(CancellationToken.None))).Should().Be((2, null));
    }

    private async Task ShouldBeWholeAsync(int lines)
    {
        (await portal.InScopeAsync(s => s.GetRequiredService<IActivityLog>().CheckAuditAsync(CancellationToken.None))).Should().Be((lines, null));
        (await DoctorAsync()).Should().Be(("good", $"{lines} lines, hashes hold"));
    }

    private async Task<(string Verdict, string Says)> DoctorAsync()
    {
        var run = await portal.RunAsync("doctor", "--json");
        var finding = JsonNode.Parse(run.Output)!.AsArray().Single(f => (string)f!["subject"]! == "audit log")!;
        return ((string)finding["verdict"]!, (string)finding["says"]!);
    }

    private async Task RecordAsync(int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            await portal.InScopeAsync(RecordAsync);
        }
    }

    private static Task RecordAsync(IServiceProvider services)
    {
        services.GetRequiredService<Actor>().Is(Audience.Merchant, 1, Email);
        return services.GetRequiredService<IActivityLog>().RecordAsync(StoreActivity.Changed, null, ["Name"], CancellationToken.None);
    }

    private Task<List<Line>> LinesAsync() =>
        portal.AskAsync(async context =>
        {
            List<Line> lines = [];
            var set = context.Set<Access.Data.AuditLine>().OrderBy(l => l.Number).AsAsyncEnumerable();
            await foreach (var line in set)
            {
                lines.Add(new Line(line.Kind, string.Join(' ', JsonSerializer.Deserialize<string[]>(line.Details)!), line.Actor));
            }

            return lines;
        });

    private sealed record Line(string Kind, string Details, string Actor);
}
