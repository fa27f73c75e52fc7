using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Invoices.Contract;
using Portal.Invoices.Data;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Orders.Data;
using Portal.Processors;
using Portal.Store.Data;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Numbered documents: no gap, no second one, no change afterwards.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class InvoiceTests(Db db)
{
    private PortalUnderTest portal = null!;
    private long connection;
    private int orders;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db);
        connection = (await portal.ConnectSilentAsync()).Id;
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [Test]
    public async Task Thirty_issued_at_once_have_numbers_without_a_gap()
    {
        // A portal that has issued nothing yet: the year's first numbers are the hard ones.
        await using var fresh = await PortalUnderTest.StartAsync(db);
        var silent = (await fresh.ConnectSilentAsync()).Id;
        for (var i = 0; i < 30; i++)
        {
            await fresh.TellAsync(silent, historic: true, Deeds.Purchase($"t{i}", "parallel@example.com", 2500, fresh.Now));
        }

        (await fresh.CountAsync("invoices_document")).Should().Be(0, "what is back-filled gets its document when asked for");
        var ids = await fresh.AskAsync(data => data.AllOwners<Order>().Select(o => o.Id).ToListAsync());
        var issued = await Task.WhenAll(
            ids.Select(id => fresh.InScopeAsync(s => s.GetRequiredService<IInvoices>().IssueAsync(id, CancellationToken.None)))
        );

        issued.Should().OnlyHaveUniqueItems().And.NotContainNulls();
        var numbers = await fresh.AskAsync(data => data.AllOwners<Document>().OrderBy(d => d.Id).Select(d => d.Number).ToListAsync());
        numbers.Should().Equal(Enumerable.Range(1, 30).Select(n => $"INV-{fresh.Now.Year}-{n:000000}"));
        (await fresh.InScopeAsync(s => s.GetRequiredService<IInvoices>().CheckChainAsync(CancellationToken.None)))
            .Should()
            .Be(new ChainCheck(30, null));
    }

    [SecurityCase("Z5", "twenty presses make one invoice")]
    [Test]
    public async Task Twenty_presses_for_one_order_make_one_document()
    {
        const string Email = "impatient@example.com";
        var order = await BoughtAsync(Email, historic: true);
        using var browser = await portal.SignedInAsync(Email);
        var page = await browser.GetAsync("/orders/" + await PublicIdAsync(order));
        var (action, fields) = Browser.Read(page);
        action.Should().StartWith("/invoices/for/");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.PostAsync(action, fields)));

        answers.Select(a => a.Code).Should().AllBeEquivalentTo(302);
        answers.Select(a => a.Location).Distinct().Should().ContainSingle().Which.Should().StartWith("/invoices/inv_");
        (await portal.CountAsync("invoices_document", $"\"OrderId\" = {order}")).Should().Be(1);
    }

    [Test]
    public async Task An_order_that_becomes_paid_is_invoiced_once_however_often_it_is_told()
    {
        const string Email = "told-often@example.com";
        var paid = Deeds.Order($"i{++orders}", Email, 4200, portal.Now);
        await portal.TellAsync(connection, paid with { State = OrderState.Pending, PaidAt = null, AsOf = paid.AsOf.AddHours(-1) });
        (await portal.MailsAsync(Email)).Should().BeEmpty();

        for (var i = 0; i < 3; i++)
        {
            await portal.TellAsync(connection, paid with { AsOf = paid.AsOf.AddSeconds(i) });
        }

        var order = await OrderIdAsync(paid.Id);
        (await portal.CountAsync("invoices_document", $"\"OrderId\" = {order}")).Should().Be(1);
        (await portal.MailsAsync(Email)).Should().ContainSingle().Which.Text.Should().Contain("42.00").And.Contain($"INV-{portal.Now.Year}-");
    }

    [Test]
    public async Task An_issued_invoice_keeps_the_sellers_address_of_its_day()
    {
        const string Email = "frozen@example.com";
        await ChangeStoreAsync(store => (store.LegalName, store.Address) = ("Old House Ltd", "1 Old Street\nOldtown"));
        var order = await BoughtAsync(Email);
        await ChangeStoreAsync(store => (store.LegalName, store.Address) = ("New House Ltd", "2 New Street\nNewtown"));
        using var browser = await portal.SignedInAsync(Email);

        var page = await browser.GetAsync("/invoices/" + await IssueAsync(order));

        page.Page.QuerySelector("article.document")!
            .TextContent.Should()
            .Contain("Old House Ltd")
            .And.Contain("Oldtown")
            .And.NotContain("New House")
            .And.NotContain("Newtown");
    }

    [Test]
    public async Task A_document_speaks_the_buyers_language_and_the_page_around_it_the_viewers()
    {
        const string Email = "deutsch@example.com";
        await BoughtAsync(Email);
        using var browser = portal.Open();
        var link = await portal.LinkAsync(browser, Email);
        var german = await browser.GetAsync(link + "?locale=de");
        await browser.SubmitAsync(german);
        var order = await BoughtAsync(Email, minorUnits: 123456);
        var id = await IssueAsync(order);

        var page = await browser.GetAsync($"/invoices/{id}?locale=en");

        var document = page.Page.QuerySelector("article.document")!;
        document.GetAttribute("lang").Should().Be("de");
        document.TextContent.Should().Contain("Rechnung").And.Contain("1.234,56").And.Contain("19");
        page.Page.DocumentElement.GetAttribute("lang").Should().Be("en");
        page.Page.QuerySelector("header.top")!.TextContent.Should().Contain("Sign out");
    }

    [TestCase("""update invoices_document set "Content" = replace("Content", '"total":', '"total":1') where "Number" = '{0}'""")]
    [TestCase("""update invoices_document set "Hash" = "PreviousHash" where "Number" = '{0}'""")]
    [TestCase("""delete from invoices_document where "Number" = '{0}'""")]
    public async Task A_change_behind_the_portals_back_is_found(string tampering)
    {
        for (var i = 0; i < 3; i++)
        {
            await BoughtAsync("tampered@example.com");
        }

        var numbers = await NumbersAsync();
        (await CheckAsync()).BrokenAt.Should().BeNull();
        var found = await portal.AskAsync(async data =>
        {
            // Taken back at the end, so that the other tests find an honest book.
            await using var transaction = await data.Database.BeginTransactionAsync();
            await data.Database.ExecuteSqlRawAsync("delete from invoices_pdf_job");
            await data.Database.ExecuteSqlRawAsync(string.Format(null, tampering.Replace("{0}", numbers[^2], StringComparison.Ordinal)));
            return await CheckAsync(data);
        });

        found.BrokenAt.Should().BeOneOf(numbers[^2], numbers[^1]);
        (await CheckAsync()).BrokenAt.Should().BeNull();
    }

    [Test]
    public async Task A_missing_last_document_is_found()
    {
        await BoughtAsync("last@example.com");
        var last = (await NumbersAsync())[^1];

        var found = await portal.AskAsync(async data =>
        {
            await using var transaction = await data.Database.BeginTransactionAsync();
            await data.Database.ExecuteSqlRawAsync("delete from invoices_pdf_job");
            await data.AllOwners<Document>().Where(d => d.Number == last).ExecuteDeleteAsync();
            return await CheckAsync(data);
        });

        found.BrokenAt.Should().Be($"INV-{portal.Now.Year}");
    }

    [Test]
    public async Task Without_Chromium_the_page_stays_and_the_file_says_what_is_missing()
    {
        const string Email = "no-pdf@example.com";
        var id = await IssueAsync(await BoughtAsync(Email));
        using var browser = await portal.SignedInAsync(Email);

        var page = await browser.GetAsync("/invoices/" + id);
        var file = await browser.GetAsync($"/invoices/{id}.pdf");

        page.Code.Should().Be(200);
        page.Words.Should().Contain($"INV-{portal.Now.Year}-");
        file.Code.Should().Be(503);
        file.Header("Content-Type").Should().StartWith("text/html");
    }

    private async Task<ChainCheck> CheckAsync(PortalDb? within = null) =>
        within is null
            ? await portal.InScopeAsync(s => s.GetRequiredService<IInvoices>().CheckChainAsync(CancellationToken.None))
            // The same check over the tampering transaction's own view.
            : await new Invoices.IssueInvoice.InvoiceBook(within, null!, null!, null!, null!).CheckChainAsync(CancellationToken.None);

    private Task<List<string>> NumbersAsync() =>
        portal.AskAsync(data => data.AllOwners<Document>().OrderBy(d => d.Id).Select(d => d.Number).ToListAsync());

    private Task<string?> IssueAsync(long order) =>
        portal.InScopeAsync(s => s.GetRequiredService<IInvoices>().IssueAsync(order, CancellationToken.None));

    private Task ChangeStoreAsync(Action<StoreProfile> change) =>
        portal.InScopeAsync(s => s.GetRequiredService<StoreBook>().ChangeAsync(change, CancellationToken.None));

    private async Task<long> BoughtAsync(string email, bool historic = false, long minorUnits = 2500)
    {
        var id = $"i{Interlocked.Increment(ref orders)}";
        await portal.TellAsync(connection, historic, Deeds.Purchase(id, email, minorUnits, portal.Now));
        return await OrderIdAsync("ord-" + id);
    }

    private Task<long> OrderIdAsync(string processorId) =>
        portal.AskAsync(data => data.AllOwners<Order>().Where(o => o.ProcessorId == processorId).Select(o => o.Id).SingleAsync());

    private async Task<string> PublicIdAsync(long order) =>
        (await portal.InScopeAsync(s => s.GetRequiredService<IOrders>().FindAsync(order, CancellationToken.None)))!.PublicId;
}
