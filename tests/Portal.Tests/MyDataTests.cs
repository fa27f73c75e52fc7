using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Kernel;
using Portal.Kernel.Personal;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>The copy of everything the portal knows about somebody.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class MyDataTests(Db db)
{
    /// <summary>What nobody here has; that these tables are handed out is seen by their files.</summary>
    private static readonly string[] HasNone =
    [
        "passkeys",
        "passkey-holder",
        "passkey-challenges",
        "kept-forms",
        "marketing-consents",
        "tax-id-checks",
        "mailed-links",
        "address-changes",
    ];

    private PortalUnderTest portal = null!;
    private long connection;
    private int people;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        connection = (await portal.ConnectSilentAsync()).Id;
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [Test]
    public async Task It_holds_every_table_row_by_row_as_the_database_has_it_and_nothing_of_anybody_else()
    {
        var (name, other) = (Name(), Name());
        using var browser = await portal.LiveAsync(connection, name);
        using var others = await portal.LiveAsync(connection, other);
        var her = (await portal.CustomerAsync(KnownPeople.Email(name)))!.Id;
        await AskToBeErasedAsync(browser);

        // What the copy itself adds (the wish for it, its mail) comes after it was read or while it is, so those tables are compared below.
        var files = KnownPeople.Unzip((await browser.GetAsync(await portal.ExportedAsync(browser, KnownPeople.Email(name)))).Bytes);

        var tables = await TablesAsync(her);
        files.Keys.Should().Contain("README.txt").And.Contain(tables.SelectMany(t => (string[])[t.Name + ".json", t.Name + ".csv"]));
        foreach (var table in tables.Where(t => t.Name != "sign-in-requests"))
        {
            var rows = files.Rows(table.Name);
            if (!HasNone.Contains(table.Name))
            {
                rows.Should().NotBeEmpty("she has {0}", table.Name);
                rows.Should().OnlyContain(r => r.EnumerateObject().Count() == table.Columns.Names.Count + table.Columns.Lists.Count);
            }

            Csv.Parse(files[table.Name + ".csv"], ',').Should().HaveCount(rows.Count + 1, table.Name);
        }

        foreach (
            var table in (string[])["orders", "payments", "subscriptions", "payment-methods", "subscription-wishes", "invoices", "processor-accounts"]
        )
        {
            var stored = await tables.Single(t => t.Name == table).RowsAsync(CancellationToken.None).CountAsync();
            files.Rows(table).Should().HaveCount(stored, table);
        }

        files
            .Rows("orders")
            .Select(o => o.GetProperty("id").GetString())
            .Should()
            .BeEquivalentTo(await ColumnAsync($"""select "PublicId" from orders_order where "CustomerId" = {her}"""));
        var paid = files.Rows("orders").Single(o => o.GetProperty("state").GetString() == "PartiallyRefunded");
        paid.GetProperty("total_minor_units").GetInt64().Should().Be(2500);
        paid.GetProperty("billing_name").GetString().Should().Be(KnownPeople.Canary(name));
        paid.GetProperty("lines")[0].GetProperty("name").GetString().Should().Be("=Field notes", "JSON says it as it is");
        files.Rows("payments").Single().GetProperty("refunds")[0].GetProperty("minor_units").GetInt64().Should().Be(300);
        files.Rows("customer").Single().GetProperty("email").GetString().Should().Be(KnownPeople.Email(name));
        files.Rows("mails").Should().Contain(m => m.GetProperty("subject").GetString()!.Length > 0);
        files.Rows("activity").Should().Contain(a => a.GetProperty("in_words").GetString() == "Signed in by the link in a mail");
        var invoice = files.Rows("invoices").Single();
        invoice.GetProperty("document").GetProperty("buyer").GetProperty("name").GetString().Should().StartWith(KnownPeople.Canary(name));
        files.Should().ContainKey($"invoices/{invoice.GetProperty("number").GetString()}.html", "without Chromium the page stands in for the PDF");

        string.Join('\n', files.Values).Should().NotContain(KnownPeople.Canary(other)).And.NotContain(KnownPeople.Email(other));
    }

    [SecurityCase("I4", "the copy of somebody's data holds no formula")]
    [Test]
    public async Task Spreadsheets_get_lines_of_their_own_and_no_formula()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);

        var files = KnownPeople.Unzip((await browser.GetAsync(await portal.ExportedAsync(browser, KnownPeople.Email(name)))).Bytes);

        files["orders.csv"].Should().StartWith("\uFEFF");
        var orders = Csv.Parse(files["orders.csv"], ',');
        var lines = Csv.Parse(files["orders-lines.csv"], ',');
        orders[0][0].Should().Be("id");
        lines[0][0].Should().Be("belongs_to");
        lines[1][0].Should().Be(orders[1][0]);
        lines[1].Should().Contain("'=Field notes");
        lines[1].Should().Contain("2500", "numbers stay numbers");
    }

    [SecurityCase("K1", "no secret leaves with a copy of somebody's data")]
    [Test]
    public async Task No_secret_leaves_with_it()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        using var elsewhere = portal.Open();
        var living = (await portal.LinkAsync(elsewhere, KnownPeople.Email(name)))["/sign-in/".Length..];

        var link = await portal.ExportedAsync(browser, KnownPeople.Email(name));
        var all = string.Join('\n', KnownPeople.Unzip((await browser.GetAsync(link)).Bytes).Values);

        foreach (var secret in (string[])[living, browser.Cookies[Browser.SessionCookie], link["/profile/data/link/".Length..]])
        {
            all.Should().NotContain(secret);
            all.Should().NotContainEquivalentOf(Convert.ToHexString(SecretToken.Hash(secret)));
            all.Should().NotContain(Convert.ToBase64String(SecretToken.Hash(secret)));
        }

        string.Join('\n', (await portal.DumpAsync()).Values).Should().NotContain(link["/profile/data/link/".Length..]);
    }

    [Test]
    public async Task The_readme_and_the_separators_are_in_her_language()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        await browser.GetAsync("/profile/data?locale=de");

        var files = KnownPeople.Unzip((await browser.GetAsync(await portal.ExportedAsync(browser, KnownPeople.Email(name)))).Bytes);

        files["README.txt"].Should().Contain("Was Portal über Sie gespeichert hat").And.Contain("orders.csv: Bestellungen");
        Csv.Parse(files["orders.csv"], ';')[0].Should().Contain("billing_name");
        (await portal.MailsAsync(KnownPeople.Email(name), "data-export"))[0].Entry.Subject.Should().Contain("Kopie");
    }

    [Test]
    public async Task The_file_comes_as_an_attachment_that_nobody_keeps()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        var link = await portal.ExportedAsync(browser, KnownPeople.Email(name));

        var file = await browser.GetAsync(link);
        var page = await browser.GetAsync("/profile/data");
        var again = await browser.GetAsync(page.Page.QuerySelector("a[download]")!.GetAttribute("href")!);

        var day = portal.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var answer in (Answer[])[file, again])
        {
            answer.Code.Should().Be(200);
            answer.Header("Content-Type").Should().Be("application/zip");
            answer.Header("Content-Disposition").Should().Be($"attachment; filename=my-data-{day}.zip; filename*=UTF-8''my-data-{day}.zip");
            answer.Header("Cache-Control").Should().Contain("no-store");
            answer.Header("X-Content-Type-Options").Should().Be("nosniff");
        }

        file.Header("Referrer-Policy").Should().Be("no-referrer");
        again.Bytes.Should().Equal(file.Bytes);
        (
            await portal.CountAsync(
                "access_activity",
                $"\"CustomerId\" = {(await portal.CustomerAsync(KnownPeople.Email(name)))!.Id} and \"Kind\" = 'data-export-fetched'"
            )
        )
            .Should()
            .Be(2);
    }

    [Test]
    public async Task The_link_is_hers_alone_and_works_for_a_day_the_file_for_seven()
    {
        var (name, other) = (Name(), Name());
        using var browser = await portal.LiveAsync(connection, name);
        using var others = await portal.LiveAsync(connection, other);
        var link = await portal.ExportedAsync(browser, KnownPeople.Email(name));
        var file = "/profile/data/exports/" + await ExportOfAsync(name);
        using var nobody = portal.Open();

        (await nobody.GetAsync(link)).Location.Should().Be("/sign-in?returnTo=" + Uri.EscapeDataString(link));
        (await others.GetAsync(link)).Code.Should().Be(404);
        (await others.GetAsync(file)).Code.Should().Be(404);

        // Close to the end of the day, by when she has to sign in again; the file itself asks for a sign-in of a moment ago.
        portal.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(16));
        using var later = await portal.SignedInAsync(KnownPeople.Email(name));
        portal.Clock.Advance(TimeSpan.FromMinutes(15.5));
        (await later.GetAsync(link)).Code.Should().Be(200);
        (await later.GetAsync(file)).Location.Should().Be("/sign-in?returnTo=" + Uri.EscapeDataString(file));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        (await later.GetAsync(link)).Code.Should().Be(410);

        portal.Clock.Advance(TimeSpan.FromDays(6) - TimeSpan.FromMinutes(5));
        using var nearEnd = await portal.SignedInAsync(KnownPeople.Email(name));
        (await nearEnd.GetAsync(file)).Code.Should().Be(200);
        await portal.RunTaskAsync("forget-old-exports");
        Files().Should().Contain(portal.Data.Combine("exports", Path.GetFileName(file) + ".zip"));
        portal.Clock.Advance(TimeSpan.FromMinutes(10));
        (await nearEnd.GetAsync(file)).Code.Should().Be(410);
        await portal.RunTaskAsync("forget-old-exports");
        Files().Should().NotContain(portal.Data.Combine("exports", Path.GetFileName(file) + ".zip"));
        (await nearEnd.GetAsync(file)).Code.Should().Be(404);
    }

    [Test]
    public async Task One_at_a_time_and_one_a_day_however_often_she_presses()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        var (action, fields) = Browser.Read(await browser.GetAsync("/profile/data/export"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.PostAsync(action, fields)));

        answers.Should().OnlyContain(a => a.Location == "/profile/data");
        await Poller.UntilAsync(() => portal.MailsAsync(KnownPeople.Email(name), "data-export"), m => m.Count == 1, "the one mail");
        (await browser.PostAsync(action, fields)).Location.Should().Be("/profile/data");
        (await browser.GetAsync("/profile/data/export")).Location.Should().Be("/profile/data");
        (await CountAsync(name)).Should().Be(1);

        portal.Clock.Advance(TimeSpan.FromHours(24));
        using var tomorrow = await portal.SignedInAsync(KnownPeople.Email(name));
        await portal.ExportedAsync(tomorrow, KnownPeople.Email(name));
        (await CountAsync(name)).Should().Be(2);
    }

    [Test]
    public async Task The_page_says_how_far_it_is_and_what_failed_may_be_asked_for_at_once()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        var her = (await portal.CustomerAsync(KnownPeople.Email(name)))!.Id;
        await portal.ExportedAsync(browser, KnownPeople.Email(name));
        var made = await ExportOfAsync(name);

        await portal.ExecuteAsync(
            $"""
            update customers_data_export set "MadeAt" = null, "KeptUntil" = null, "RunningFor" = {her}, "State" = 'Processing', "LeaseUntil" = null,
            "Pieces" = 12, "PiecesDone" = 5 where "CustomerId" = {her}
            """
        );
        var busy = await browser.GetAsync("/profile/data");
        busy.Words.Should().Contain("5 of 12 pieces").And.Contain("Look again").And.NotContain("Get a copy");
        busy.Page.QuerySelector("progress")!.GetAttribute("value").Should().Be("5");
        busy.Page.QuerySelector("[data-look-again]")!.Id.Should().NotBeNullOrEmpty();

        await portal.ExecuteAsync($"""update customers_data_export set "State" = 'Parked' where "CustomerId" = {her}""");
        (await browser.GetAsync("/profile/data")).Words.Should().Contain("could not be made");
        await portal.RunTaskAsync("forget-old-exports");
        Files().Should().NotContain(f => f.Contains(made), "half a copy does not lie around");
        await portal.ExportedAsync(browser, KnownPeople.Email(name));
        (await CountAsync(name)).Should().Be(1, "the failed one is gone");
    }

    [Test]
    public async Task It_is_asked_for_and_erased_only_shortly_after_signing_in()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        portal.Clock.Advance(TimeSpan.FromMinutes(16));

        foreach (var path in (string[])["/profile/data/export", "/profile/data/erase"])
        {
            (await browser.GetAsync(path)).Location.Should().Be("/sign-in?returnTo=" + Uri.EscapeDataString(path));
            (await browser.PostAsync(path, [new(Browser.TokenField, await browser.TokenAsync()), new("understood", "true")]))
                .Location.Should()
                .StartWith("/sign-in");
        }

        (await browser.GetAsync("/profile/data")).Code.Should().Be(200);
        (await CountAsync(name)).Should().Be(0);
        (await portal.CountAsync("customers_erasure_request", $"\"CustomerId\" = {(await portal.CustomerAsync(KnownPeople.Email(name)))!.Id}"))
            .Should()
            .Be(0);
    }

    [SecurityCase("I4", "ten thousand orders are read in batches")]
    [Test]
    public async Task Ten_thousand_orders_are_read_in_batches()
    {
        const int Orders = 1200;
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        var her = (await portal.CustomerAsync(KnownPeople.Email(name)))!.Id;
        for (var i = 0; i < Orders; i += 100)
        {
            await portal.TellAsync(
                connection,
                historic: true,
                [
                    .. Enumerable
                        .Range(i, 100)
                        .Select(n =>
                            KnownPeople.Order(name, portal.Now.AddDays(-100).AddMinutes(n)) with
                            {
                                Id = string.Create(CultureInfo.InvariantCulture, $"{name}-{n}"),
                            }
                        ),
                ]
            );
        }

        var files = KnownPeople.Unzip((await browser.GetAsync(await portal.ExportedAsync(browser, KnownPeople.Email(name)))).Bytes);

        var ids = files.Rows("orders").Select(o => o.GetProperty("id").GetString()).ToList();
        ids.Should().OnlyHaveUniqueItems().And.HaveCount(Orders + 2);
        ids.Should().BeEquivalentTo(await ColumnAsync($"""select "PublicId" from orders_order where "CustomerId" = {her}"""));
        Csv.Parse(files["orders-lines.csv"], ',').Should().HaveCount(Orders + 3);
    }

    private string Name() => "mydata" + Interlocked.Increment(ref people).ToString(CultureInfo.InvariantCulture) + "x";

    private string[] Files() => Directory.GetFiles(portal.Data.Combine("exports"));

    private static async Task AskToBeErasedAsync(Browser browser) =>
        (await browser.SubmitAsync(await browser.GetAsync("/profile/data/erase"), null, ("understood", "true")))
            .Location.Should()
            .Be("/profile/data");

    private async Task<string> ExportOfAsync(string name) =>
        (string)
            (
                await portal.ScalarAsync(
                    $"""select "PublicId" from customers_data_export where "CustomerId" = {(await portal.CustomerAsync(KnownPeople.Email(name)))!.Id}"""
                )
            )!;

    private async Task<long> CountAsync(string name) =>
        await portal.CountAsync("customers_data_export", $"\"CustomerId\" = {(await portal.CustomerAsync(KnownPeople.Email(name)))!.Id}");

    /// <summary>The tables of all modules, read as hers.</summary>
    private async Task<List<TableRows>> TablesAsync(CustomerId her) =>
        await portal.InScopeAsync(async s =>
        {
            s.GetRequiredService<Buyer>().Is(her);
            List<TableRows> tables = [];
            foreach (var module in s.GetRequiredService<IEnumerable<IKeepPersonalData>>())
            {
                foreach (var table in await module.TablesAsync(her, CancellationToken.None))
                {
                    tables.Add(new TableRows(table.Name, table.Columns, await table.RowsAsync(CancellationToken.None).ToListAsync()));
                }
            }

            return tables;
        });

    private Task<List<string>> ColumnAsync(string sql) => portal.AskAsync(data => data.Database.SqlQueryRaw<string>(sql).ToListAsync());

    private sealed record TableRows(string Name, PersonalColumns Columns, List<PersonalRow> Rows)
    {
        public IAsyncEnumerable<PersonalRow> RowsAsync(CancellationToken _) => Rows.ToAsyncEnumerable();
    }
}
