using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Customers.Data;
using Portal.Kernel.Work;
using Portal.Store.Contract;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>The register of tax ids, however it behaves: a buyer never waits for it, and its word is kept with time and reference.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class TaxIdRegisterTests(Db db)
{
    private const string Email = "register@example.com";
    private PortalUnderTest portal = null!;
    private StubServer register = null!;
    private volatile Func<HttpResponse, Task> answer = null!;

    [SetUp]
    public async Task Start()
    {
        register = await StubServer.StartAsync((_, response) => answer(response));
        portal = await StartAsync(register.Address + "check-vat-number");
    }

    [TearDown]
    public async Task Stop()
    {
        await portal.DisposeAsync();
        await register.DisposeAsync();
    }

    [SecurityCase("I5", "the verdict is kept with time and reference")]
    [TestCase(true, "Confirmed by the EU’s register on")]
    [TestCase(false, "The EU’s register did not know this number on")]
    public async Task Its_verdict_is_kept_with_time_and_reference(bool valid, string sentence)
    {
        answer = Json(
            new
            {
                countryCode = "DE",
                vatNumber = "136695976",
                valid,
                requestIdentifier = "WAPIAAAAZqXN3mFE",
            }
        );
        await portal.InScopeAsync(s =>
            s.GetRequiredService<IStore>()
                .DescribeAsync(new StoreDescription("Shop", "Shop", "Lyon", "FR", "FR40303265045", "help@shop.example.test"), CancellationToken.None)
        );
        using var browser = await EnteredAsync();

        var row = await UntilAsync(r => r.State == "Done");

        row.Should().BeEquivalentTo(new { Verdict = valid ? "Valid" : "Invalid", Reference = "WAPIAAAAZqXN3mFE" });
        row.AnsweredAt.Should().NotBeNull();
        (await browser.GetAsync("/profile")).Words.Should().Contain(sentence);
        using var asked = JsonDocument.Parse(register.Requests.Single().Text);
        asked
            .RootElement.EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.GetString())
            .Should()
            .Equal(
                new Dictionary<string, string?>
                {
                    ["countryCode"] = "DE",
                    ["vatNumber"] = "136695976",
                    ["requesterMemberStateCode"] = "FR",
                    ["requesterNumber"] = "40303265045",
                }
            );
    }

    private static readonly (string Name, Func<HttpResponse, Task> Answer)[] Misbehaviors =
    [
        ("html", Text("text/html", "<html><h1>Down for maintenance</h1></html>")),
        (
            "xml with an entity",
            Text(
                "application/xml",
                """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><checkVatResponse><valid>true</valid>&x;</checkVatResponse>"""
            )
        ),
        ("an error", Json(new { actionSucceed = false, errorWrappers = new[] { new { error = "MS_UNAVAILABLE" } } })),
        ("500", Status(500)),
        ("a redirect", Redirect),
        ("nothing", Text("application/json", "")),
        ("half an answer", Text("application/json", """{"countryCode":"DE","vatNumber":"1366""")),
        (
            "another number's",
            Json(
                new
                {
                    countryCode = "DE",
                    vatNumber = "811907980",
                    valid = true,
                }
            )
        ),
        (
            "no verdict",
            Json(
                new
                {
                    countryCode = "DE",
                    vatNumber = "136695976",
                    valid = "true",
                }
            )
        ),
        ("two verdicts", Text("application/json", """{"countryCode":"DE","vatNumber":"136695976","valid":false,"valid":true}""")),
        ("an array", Text("application/json", "[true]")),
        ("a flood", Text("application/json", "\"" + new string('x', 200_000) + "\"")),
        ("a broken connection", Abort),
    ];

    private static IEnumerable<TestCaseData> Misbehavior => Misbehaviors.Select(m => new TestCaseData(m.Answer).SetArgDisplayNames(m.Name));

    [SecurityCase("I5", "the register down, slow, silent or talking nonsense: unverified, asked again")]
    [TestCaseSource(nameof(Misbehavior))]
    public async Task Without_a_usable_answer_the_id_stays_unverified_and_is_asked_about_again(Func<HttpResponse, Task> misbehaves)
    {
        answer = misbehaves;
        using var browser = await EnteredAsync();

        var row = await UntilAsync(r => r.State == "Received" && r.Reason is not null);

        row.Should()
            .BeEquivalentTo(
                new
                {
                    Verdict = "Unverified",
                    Reference = (string?)null,
                    AnsweredAt = (object?)null,
                }
            );
        row.Reason.Should().NotContain("root:").And.NotContain("<");
        (await browser.GetAsync("/profile")).Words.Should().Contain("Being checked with the EU’s register. You need not wait for it.");
        answer = Json(
            new
            {
                countryCode = "DE",
                vatNumber = "136695976",
                valid = true,
            }
        );
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        (await UntilAsync(r => r.State == "Done")).Verdict.Should().Be("Valid");
    }

    [SecurityCase("I5", "nobody waits for it")]
    [Test]
    public async Task A_slow_one_is_not_waited_for()
    {
        var held = new TaskCompletionSource();
        answer = async response =>
        {
            await held.Task;
            await Json(
                new
                {
                    countryCode = "DE",
                    vatNumber = "136695976",
                    valid = true,
                }
            )(response);
        };
        using var browser = await EnteredAsync();
        await Poller.UntilAsync(() => Task.FromResult(register.Requests.Count == 1), "the question");
        (await browser.GetAsync("/profile")).Code.Should().Be(200);

        var row = await Poller.UntilAsync(
            async () =>
            {
                portal.Clock.Advance(TimeSpan.FromSeconds(5));
                return await RowAsync();
            },
            r => r.Reason is not null,
            "the end of patience"
        );

        row.Reason.Should().Be("No answer in time.");
        held.SetResult();
    }

    [Test]
    public async Task A_register_that_is_down_parks_nothing()
    {
        await register.DisposeAsync();
        using var browser = await EnteredAsync();

        for (var days = 0; days < 14; days++)
        {
            var attempts = (await UntilAsync(r => r.State == "Received" && r.Reason is not null)).Attempts;
            portal.Clock.Advance(TimeSpan.FromDays(1));
            await UntilAsync(r => r.Attempts > attempts && r.State == "Received");
        }

        (await RowAsync()).Should().BeEquivalentTo(new { State = "Received", Verdict = "Unverified" });
        register = await StubServer.StartAsync((_, _) => Task.CompletedTask);
    }

    [Test]
    public async Task Nobody_is_asked_unless_the_setting_says_so_nor_about_what_the_register_does_not_keep()
    {
        answer = Status(500);
        await using (var quiet = await StartAsync(""))
        {
            using var browser = await EnteredAsync(quiet);
            (await quiet.CountAsync("customers_tax_id_inquiry")).Should().Be(0);
            (await browser.GetAsync("/profile")).Words.Should().NotContain("Being checked");
        }

        using var swiss = await EnteredAsync(country: "CH", taxId: "CHE-107.787.577 IVA");
        (await portal.CountAsync("customers_tax_id_inquiry")).Should().Be(0);
        register.Requests.Should().BeEmpty();
    }

    [Test]
    public async Task A_number_she_replaced_is_not_asked_about_any_more()
    {
        answer = Status(500);
        using var browser = await EnteredAsync();
        await UntilAsync(r => r.Reason is not null);
        answer = Json(
            new
            {
                countryCode = "DE",
                vatNumber = "811907980",
                valid = true,
            }
        );
        await browser.SubmitAsync(await browser.GetAsync("/profile"), "form[action='/profile']", ("TaxId", "DE811907980"));

        (await UntilAsync(r => r.State == "Done")).Verdict.Should().Be("Valid", "the newest row is about the newest number");
        portal.Clock.Advance(TimeSpan.FromDays(1));
        await Poller.UntilAsync(async () => await portal.CountAsync("customers_tax_id_inquiry", "\"State\" <> 'Done'") == 0, "the former to end");
        (await portal.CountAsync("customers_tax_id_inquiry", "\"Verdict\" = 'Unverified'")).Should().Be(1);
    }

    private Task<PortalUnderTest> StartAsync(string url) =>
        PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock(), Settings = ["--TaxIds:ViesUrl=" + url] });

    private async Task<Browser> EnteredAsync(PortalUnderTest? at = null, string country = "DE", string taxId = "DE 136 695 976")
    {
        at ??= portal;
        var connection = (await at.ConnectSilentAsync()).Id;
        await at.TellAsync(connection, Deeds.Purchase("r", Email, 100, at.Now));
        var browser = await at.SignedInAsync(Email);
        var saved = await browser.SubmitAsync(
            await browser.GetAsync("/profile"),
            "form[action='/profile']",
            ("Address.Line1", "Somewhere 1"),
            ("Address.City", "Sometown"),
            ("Address.PostalCode", "12345"),
            ("Address.Country", country),
            ("TaxId", taxId)
        );
        saved.Code.Should().Be(302, "{0}", saved);
        return browser;
    }

    private Task<Row> UntilAsync(Func<Row, bool> enough) => Poller.UntilAsync(RowAsync, enough, "the inquiry");

    private Task<Row> RowAsync() =>
        portal.InScopeAsync(async s =>
        {
            var rows = s.GetRequiredService<Portal.Kernel.PortalDb>().AllOwners<TaxIdInquiry>().OrderByDescending(i => i.Id);
            var row = await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.FirstAsync(rows);
            return new Row(row.State.ToString(), row.Verdict.ToString(), row.AnsweredAt, row.Reference, row.Reason, row.Attempts);
        });

    private static Func<HttpResponse, Task> Json(object body) => Text("application/json", JsonSerializer.Serialize(body));

    private static Func<HttpResponse, Task> Text(string type, string body) =>
        response =>
        {
            response.ContentType = type;
            return response.WriteAsync(body);
        };

    private static Func<HttpResponse, Task> Status(int status) =>
        response =>
        {
            response.StatusCode = status;
            return Task.CompletedTask;
        };

    private static Task Redirect(HttpResponse response)
    {
        response.Redirect("http://127.0.0.1:1/");
        return Task.CompletedTask;
    }

    private static Task Abort(HttpResponse response)
    {
        response.HttpContext.Abort();
        return Task.CompletedTask;
    }

    private sealed record Row(string State, string Verdict, DateTimeOffset? AnsweredAt, string? Reference, string? Reason, int Attempts);
}
