using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Invoices.Contract;
using Portal.Kernel;
using Portal.Processors;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Somebody asks to be erased, and is: but for what was said to be kept, nothing of her is left, and nothing brings her back.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class ErasureTests(Db db)
{
    /// <summary>Where her name may stand afterwards: exactly what the preview says is kept.</summary>
    private static readonly string[] Kept = ["invoices_document", "orders_order"];

    private PortalUnderTest portal = null!;
    private Browser owner = null!;
    private long connection;
    private int people;

    [SetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        connection = (await portal.ConnectSilentAsync()).Id;
        owner = await portal.MerchantAsync();
        people = 0;
    }

    [TearDown]
    public async Task Stop()
    {
        owner.Dispose();
        await portal.DisposeAsync();
    }

    [Test]
    public async Task Nothing_is_left_but_what_the_preview_said_is_kept()
    {
        var (name, other) = (Name(), Name());
        using var browser = await portal.LiveAsync(connection, name);
        using var others = await portal.LiveAsync(connection, other);
        var her = (await portal.CustomerAsync(KnownPeople.Email(name)))!.Id;
        await portal.ExportedAsync(browser, KnownPeople.Email(name));
        await WebhookAsync(name);
        (await WhereIsAsync(name))
            .Should()
            .Contain([
                .. Kept,
                "customers_customer",
                "notifications_outbox",
                "subscriptions_payment_method",
                "subscriptions_action",
                "connections_inbox",
            ]);

        var preview = await browser.GetAsync("/profile/data/erase");
        preview.Words.Should().Contain("What goes").And.Contain("What stays, and why").And.Contain("10 years").And.Contain("Until January 1, 2038");
        var id = await AskedAsync(browser, name);
        (await owner.GetAsync("/admin")).Words.Should().Contain("1 customer asks to be erased");
        (await owner.GetAsync("/admin/erasures")).Words.Should().Contain(KnownPeople.Email(name)).And.Contain("To be decided");
        await ExecuteAsync(id);

        (await WhereIsAsync(name)).Should().BeEquivalentTo([.. Kept, "connections_inbox", "notifications_outbox"]);
        (await portal.CountAsync("notifications_outbox", $"\"CustomerId\" = {her}")).Should().Be(1, "only the farewell is left");
        var mail = (await portal.MailsAsync(KnownPeople.Email(name))).Single();
        mail.Entry.Kind.Should().Be("erasure-done");
        foreach (var table in (string[])["customers_sign_in_link", "customers_data_export", "subscriptions_payment_method", "access_activity"])
        {
            (await portal.CountAsync(table, $"\"CustomerId\" = {her}")).Should().Be(0, table);
        }

        (await portal.CountAsync("access_session", $"\"Audience\" = 'Buyer' and \"Subject\" = {her}")).Should().Be(0);
        Directory.GetFiles(portal.Data.Combine("exports")).Should().BeEmpty();

        // Of an order only what the books need; of an unpaid one nothing.
        (await portal.ScalarAsync("""select "BillingName" from orders_order where "ProcessorId" = 'ord-""" + name + "'"))
            .Should()
            .Be(KnownPeople.Canary(name));
        (await portal.ScalarAsync("""select "BillingName" from orders_order where "ProcessorId" = 'open-""" + name + "'")).Should().Be(DBNull.Value);
        (await WhereIsAsync(other)).Should().Contain("customers_customer", "the other one is not touched");
        (await others.GetAsync("/orders")).Code.Should().Be(200);
        await ChainsHoldAsync();
    }

    [Test]
    public async Task Of_the_customers_row_only_numbers_and_dates_are_left()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        var her = (await portal.CustomerAsync(KnownPeople.Email(name)))!.Id;
        await ExecuteAsync(await AskedAsync(browser, name));

        var left = await portal.AskAsync(async data =>
        {
            var row = await data.Set<Customer>().AsNoTracking().SingleAsync(c => c.RowId == her.Value);
            return data
                .Model.FindEntityType(typeof(Customer))!
                .GetProperties()
                .Where(p => p.ClrType == typeof(string) && p.PropertyInfo!.GetValue(row) is not null)
                .Select(p => p.Name)
                .ToList();
        });

        left.Should().Equal("PublicId");
    }

    [Test]
    public async Task She_cannot_come_in_again()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        using var elsewhere = portal.Open();
        var link = await portal.LinkAsync(elsewhere, KnownPeople.Email(name));
        await ExecuteAsync(await AskedAsync(browser, name));

        (await browser.GetAsync("/orders")).Location.Should().StartWith("/sign-in");
        (await elsewhere.GetAsync(link)).Code.Should().Be(410);
        (await elsewhere.SubmitAsync(await elsewhere.GetAsync("/sign-in"), null, ("Email", KnownPeople.Email(name))))
            .Location.Should()
            .Be("/sign-in/sent");
        await Poller.UntilAsync(
            async () => await portal.CountAsync("customers_sign_in_request", "\"State\" <> 'Done'") == 0,
            "the request to be worked"
        );
        (await portal.MailsAsync(KnownPeople.Email(name), "sign-in")).Should().BeEmpty();
    }

    [Test]
    public async Task What_processors_tell_later_does_not_bring_her_back()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        await ExecuteAsync(await AskedAsync(browser, name));
        var (where, customers) = (await WhereIsAsync(name), await portal.CountAsync("customers_customer"));
        var paidBilling = await BillingAsync("ord-" + name);
        var later = portal.Now.AddHours(1);

        foreach (
            var reference in (CustomerReference[])
                [KnownPeople.Reference(name), new() { Email = KnownPeople.Email(name), Name = KnownPeople.Canary(name) }]
        )
        {
            later = later.AddHours(1);
            await portal.TellAsync(
                connection,
                [
                    KnownPeople.Account(name, later),
                    KnownPeople.Order(name, later) with
                    {
                        Customer = reference,
                    },
                    KnownPeople.Order(name, later) with
                    {
                        Id = "open-" + name,
                        Customer = reference,
                    },
                    KnownPeople.Payment(name, later) with
                    {
                        Customer = reference,
                    },
                    KnownPeople.Payment(name, later) with
                    {
                        Id = "pay-late-" + name + reference.Id,
                        Customer = reference,
                    },
                    KnownPeople.Method(name, later) with
                    {
                        Customer = KnownPeople.Reference(name),
                    },
                    KnownPeople.Subscription(name, later, SubscriptionState.Canceled) with
                    {
                        Customer = reference,
                    },
                ]
            );
        }

        await portal.TellAsync(connection, KnownPeople.Order(name, later) with { Id = "new-" + name });

        (await WhereIsAsync(name)).Should().BeEquivalentTo(where);
        (await portal.CountAsync("customers_customer")).Should().Be(customers);
        (await BillingAsync("open-" + name)).Should().Be(DBNull.Value);
        (await BillingAsync("new-" + name)).Should().Be(DBNull.Value);
        (await BillingAsync("ord-" + name)).Should().Be(paidBilling);
        (await portal.CountAsync("subscriptions_payment_method", $"\"ProcessorId\" = 'pm-{name}'")).Should().Be(0);
        (await portal.CountAsync("orders_payment", $"\"ProcessorId\" like 'pay-late-{name}%'")).Should().Be(2, "the books go on");
        (await portal.CountAsync("orders_payment", $"\"ProcessorId\" like 'pay-late-{name}%' and \"MethodLastFour\" is not null")).Should().Be(0);

        // Somebody new, though the address is the same: what is bought from now on is hers again.
        await portal.TellAsync(connection, Deeds.Purchase("again" + name, KnownPeople.Email(name), 900, later));
        using var again = await portal.SignedInAsync(KnownPeople.Email(name));
        (await again.GetAsync("/orders")).Page.QuerySelectorAll("main li.row").Should().ContainSingle();
    }

    [Test]
    public async Task Messages_that_come_in_at_the_same_moment_do_not_bring_her_back_either()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        var id = await AskedAsync(browser, name);
        var later = portal.Now.AddHours(1);

        await Task.WhenAll([
            ExecuteAsync(id),
            .. Enumerable
                .Range(0, 20)
                .Select(i =>
                    portal.TellAsync(
                        connection,
                        [
                            KnownPeople.Account(name, later.AddSeconds(i)),
                            KnownPeople.Order(name, later.AddSeconds(i)) with
                            {
                                Id = "open-" + name,
                                State = OrderState.Pending,
                                PaidAt = null,
                            },
                            KnownPeople.Method(name, later.AddSeconds(i)),
                        ]
                    )
                ),
        ]);

        (await WhereIsAsync(name)).Should().BeSubsetOf([.. Kept, "notifications_outbox"]);
        (await BillingAsync("open-" + name)).Should().Be(DBNull.Value);
        (await portal.CountAsync("subscriptions_payment_method", $"\"ProcessorId\" = 'pm-{name}'")).Should().Be(0);
    }

    [Test]
    public async Task A_crash_at_the_very_end_leaves_everything_and_the_next_attempt_does_it()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        var her = (await portal.CustomerAsync(KnownPeople.Email(name)))!.Id;
        await portal.ExecuteAsync(
            db == Db.Sqlite
                ? """create trigger crash before update of "State" on customers_erasure_run when new."State" = 'Done' begin select raise(abort, 'crash'); end"""
                : """
                create function crash() returns trigger language plpgsql as 'begin raise exception ''crash''; end';
                create trigger crash before update of "State" on customers_erasure_run for each row when (new."State" = 'Done') execute function crash()
                """
        );
        var id = await AskedAsync(browser, name);
        var before = await WhereIsAsync(name);

        await PressAsync(id);
        await Poller.UntilAsync(
            async () => await portal.CountAsync("customers_erasure_run", "\"State\" = 'Received' and \"Attempts\" = 1") == 1,
            "the attempt to fail"
        );

        (await WhereIsAsync(name)).Should().BeEquivalentTo(before, "none of it happened");
        (await portal.CountAsync("access_session", $"\"Audience\" = 'Buyer' and \"Subject\" = {her}")).Should().BeGreaterThan(0);
        (await browser.GetAsync("/profile/data")).Words.Should().Contain("being erased now");
        await portal.ExecuteAsync(db == Db.Sqlite ? "drop trigger crash" : "drop trigger crash on customers_erasure_run");
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await DoneAsync(id);
        (await WhereIsAsync(name)).Should().BeEquivalentTo([.. Kept, "notifications_outbox"]);
        (await portal.MailsAsync(KnownPeople.Email(name))).Should().ContainSingle();
    }

    [Test]
    public async Task Done_twice_it_changes_nothing()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        var id = await AskedAsync(browser, name);
        var (action, fields) = Browser.Read(await owner.GetAsync("/admin/erasures/" + id), "form[action$='/execute']");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => owner.PostAsync(action, fields)));
        await DoneAsync(id);
        answers.Should().OnlyContain(a => a.Code == 302);
        (await portal.CountAsync("customers_erasure_run")).Should().Be(1);
        await SentAsync(name);
        await portal.RunTaskAsync("finish-erasures");
        var before = await StateAsync();

        await portal.AskAsync(async data =>
        {
            data.Add(new ErasureRun(await data.AllOwners<ErasureRequest>().Select(r => r.Id).SingleAsync(), portal.Now));
            return await data.SaveChangesAsync();
        });
        await Poller.UntilAsync(async () => await portal.CountAsync("customers_erasure_run", "\"State\" = 'Done'") == 2, "the second run");
        await portal.RunTaskAsync("finish-erasures");

        (await StateAsync()).Should().BeEquivalentTo(before);
    }

    [Test]
    public async Task What_was_kept_goes_when_its_time_is_over()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        await WebhookAsync(name);
        await ExecuteAsync(await AskedAsync(browser, name));
        await SentAsync(name);

        portal.Clock.Advance(TimeSpan.FromDays(1));
        await portal.RunTaskAsync("finish-erasures");
        (await WhereIsAsync(name)).Should().BeEquivalentTo([.. Kept, "connections_inbox"], "the last mail was sent");
        portal.Clock.Advance(TimeSpan.FromDays(90));
        await portal.RunTaskAsync("forget-old-bodies");
        (await WhereIsAsync(name)).Should().BeEquivalentTo(Kept);
        (await portal.CountAsync("connections_inbox")).Should().Be(1, "the delivery itself stays known");

        portal.Clock.MoveTo(new DateTimeOffset(2037, 12, 31, 23, 0, 0, TimeSpan.Zero));
        await portal.RunTaskAsync("finish-erasures");
        (await WhereIsAsync(name)).Should().Contain("invoices_document");
        portal.Clock.Advance(TimeSpan.FromHours(1));
        await portal.RunTaskAsync("finish-erasures");

        (await WhereIsAsync(name)).Should().BeEmpty();
        (await portal.CountAsync("invoices_document")).Should().Be(1, "its number stays in the series");
        (await portal.CountAsync("customers_erasure_request")).Should().Be(0);
        await ChainsHoldAsync();

        await portal.ExecuteAsync("""update invoices_document set "Content" = 'anything'""");
        (await portal.InScopeAsync(s => s.GetRequiredService<IInvoices>().CheckChainAsync(CancellationToken.None))).BrokenAt.Should().NotBeNull();
    }

    [Test]
    public async Task The_merchant_says_how_long_the_law_keeps_things()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);

        (await owner.SubmitAsync(await owner.GetAsync("/admin/store"), null, ("Name", "Shop"), ("KeepInvoicesYears", "31"))).Code.Should().Be(422);
        (await owner.SubmitAsync(await owner.GetAsync("/admin/store"), null, ("Name", "Shop"), ("KeepInvoicesYears", "0"))).Code.Should().Be(422);
        (await owner.SubmitAsync(await owner.GetAsync("/admin/store"), null, ("Name", "Shop"), ("KeepInvoicesYears", "8"))).Code.Should().Be(302);

        (await browser.GetAsync("/profile/data/erase"))
            .Words.Should()
            .Contain("8 years")
            .And.Contain("Until January 1, 2036")
            .And.NotContain("10 years");
    }

    [Test]
    public async Task A_running_subscription_must_end_first()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        await portal.TellAsync(
            connection,
            KnownPeople.Subscription(name, portal.Now, SubscriptionState.Active) with
            {
                Id = "second-" + name,
                Name = "Cloud archive",
                AsOf = portal.Now,
            }
        );
        (await browser.GetAsync("/profile/data/erase")).Words.Should().Contain("must end first: Cloud archive");
        var id = await AskedAsync(browser, name);
        var before = await StateAsync();

        var refused = await owner.SubmitAsync(await owner.GetAsync("/admin/erasures/" + id), "form[action$='/execute']");

        refused.Code.Should().Be(422);
        refused.Page.QuerySelector("[role=alert]")!.TextContent.Should().Contain("Cloud archive");
        (await StateAsync()).Should().BeEquivalentTo(before);
        await portal.TellAsync(
            connection,
            KnownPeople.Subscription(name, portal.Now.AddMinutes(1), SubscriptionState.Canceled) with
            {
                Id = "second-" + name,
                EndedAt = portal.Now,
            }
        );
        await ExecuteAsync(id);
    }

    [Test]
    public async Task One_that_begins_between_the_press_and_the_work_puts_the_request_back()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        var id = await AskedAsync(browser, name);
        await portal.TellAsync(
            connection,
            KnownPeople.Subscription(name, portal.Now, SubscriptionState.Active) with
            {
                Id = "late-" + name,
                Name = "Cloud archive",
            }
        );
        await portal.AskAsync(async data =>
        {
            var request = await data.AllOwners<ErasureRequest>().SingleAsync();
            request.Order();
            data.Add(new ErasureRun(request.Id, portal.Now));
            return await data.SaveChangesAsync();
        });

        await Poller.UntilAsync(async () => await portal.CountAsync("customers_erasure_run", "\"State\" = 'Done'") == 1, "the run");

        (await owner.GetAsync("/admin/erasures/" + id)).Words.Should().Contain("To be decided").And.Contain("Cloud archive");
        (await browser.GetAsync("/orders")).Code.Should().Be(200);
    }

    [Test]
    public async Task She_says_that_she_means_it_and_can_take_it_back()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);

        var careless = await browser.SubmitAsync(await browser.GetAsync("/profile/data/erase"));
        careless.Code.Should().Be(422);
        var box = careless.Page.QuerySelector("input[name=understood]")!;
        careless.Page.QuerySelector("#" + box.GetAttribute("aria-describedby"))!.TextContent.Should().Contain("tick this box");
        (await portal.CountAsync("customers_erasure_request")).Should().Be(0);

        var id = await AskedAsync(browser, name);
        (await browser.GetAsync("/profile/data/erase")).Location.Should().Be("/profile/data", "one is enough");
        (await portal.MailsAsync(KnownPeople.Email(name), "erasure"))
            .Should()
            .ContainSingle()
            .Which.Entry.Subject.Should()
            .Be("You asked to be erased");
        var page = await browser.GetAsync("/profile/data");
        page.Words.Should().Contain("January 15, 2027").And.Contain("February 15, 2027");
        (await browser.SubmitAsync(page, "form[action$='/withdraw']")).Location.Should().Be("/profile/data");

        (await portal.MailsAsync(KnownPeople.Email(name), "erasure")).Should().HaveCount(2);
        (await browser.GetAsync("/profile/data")).Words.Should().Contain("See what would go");
        (await owner.GetAsync("/admin/erasures/" + id)).Words.Should().Contain("Taken back").And.NotContain("Erase for good");
        (await owner.GetAsync("/admin")).Words.Should().NotContain("to be erased");
    }

    [Test]
    public async Task A_refusal_has_a_reason_which_she_is_told()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        var id = await AskedAsync(browser, name);
        var page = await owner.GetAsync("/admin/erasures/" + id);

        var wordless = await owner.SubmitAsync(page, "form[action$='/refuse']", ("Reason", " "));
        wordless.Code.Should().Be(422);
        wordless.Page.QuerySelector("#reason")!.GetAttribute("aria-describedby").Should().Be("reason-error");
        (await owner.SubmitAsync(page, "form[action$='/refuse']", ("Reason", new string('x', 1001)))).Code.Should().Be(422);
        (await owner.SubmitAsync(page, "form[action$='/refuse']", ("Reason", "A <b>court</b> asks us to wait."))).Code.Should().Be(302);

        (await browser.GetAsync("/profile/data")).Words.Should().Contain("A <b>court</b> asks us to wait.").And.Contain("See what would go");
        (await portal.MailsAsync(KnownPeople.Email(name), "erasure"))[0].Text.Should().Contain("A <b>court</b> asks us to wait.");
        (await owner.SubmitAsync(page, "form[action$='/execute']")).Code.Should().Be(302);
        (await portal.CountAsync("customers_erasure_run")).Should().Be(0, "it is decided");
    }

    [Test]
    public async Task Only_an_owner_decides_and_what_she_decides_is_in_the_log()
    {
        var name = Name();
        using var browser = await portal.LiveAsync(connection, name);
        var id = await AskedAsync(browser, name);
        using var support = await portal.MerchantAsync(MerchantRole.Support);
        var page = await support.GetAsync("/admin/erasures/" + id);
        page.Code.Should().Be(200);

        (await support.SubmitAsync(page, "form[action$='/execute']")).Code.Should().Be(403);
        (await support.SubmitAsync(page, "form[action$='/refuse']", ("Reason", "No."))).Code.Should().Be(403);
        (await portal.ScalarAsync("""select "State" from customers_erasure_request""")).Should().Be("Asked");
        await ExecuteAsync(id);

        (await portal.CountAsync("access_audit", $"\"Kind\" = 'erasure-ordered' and \"Details\" like '%{id}%'")).Should().Be(1);
        await ChainsHoldAsync();
    }

    private string Name() => "erased" + (++people) + "x";

    private async Task<string> AskedAsync(Browser browser, string name)
    {
        var asked = await browser.SubmitAsync(await browser.GetAsync("/profile/data/erase"), null, ("understood", "true"));
        asked.Location.Should().Be("/profile/data", "{0}", asked);
        var her = (await portal.CustomerAsync(KnownPeople.Email(name)))!.Id;
        return (string)
            (await portal.ScalarAsync($"""select "PublicId" from customers_erasure_request where "CustomerId" = {her} order by "Id" desc"""))!;
    }

    private async Task PressAsync(string id)
    {
        var pressed = await owner.SubmitAsync(await owner.GetAsync("/admin/erasures/" + id), "form[action$='/execute']");
        pressed.Location.Should().Be("/admin/erasures/" + id, "{0}", pressed);
    }

    private async Task ExecuteAsync(string id)
    {
        await PressAsync(id);
        await DoneAsync(id);
    }

    private Task DoneAsync(string id) =>
        Poller.UntilAsync(
            async () => (string)(await portal.ScalarAsync($"""select "State" from customers_erasure_request where "PublicId" = '{id}'"""))! == "Done",
            "the erasure"
        );

    private Task SentAsync(string name) =>
        Poller.UntilAsync(
            async () => await portal.CountAsync("notifications_outbox", $"\"To\" = '{KnownPeople.Email(name)}' and \"State\" = 'Done'") == 1,
            "the last mail to be sent"
        );

    private Task<object?> BillingAsync(string order) =>
        portal.ScalarAsync($"""select "BillingName" from orders_order where "ProcessorId" = '{order}'""");

    /// <summary>Which tables hold her name or address, in any column, as text or as bytes.</summary>
    private async Task<List<string>> WhereIsAsync(string name) =>
        [
            .. (await portal.DumpAsync())
                .Where(t =>
                    t.Value.Contains(KnownPeople.Canary(name), StringComparison.OrdinalIgnoreCase)
                    || t.Value.Contains(KnownPeople.Email(name), StringComparison.OrdinalIgnoreCase)
                )
                .Select(t => t.Key),
        ];

    /// <summary>All rows but those that time alone changes.</summary>
    private async Task<SortedDictionary<string, string>> StateAsync()
    {
        var dump = await portal.DumpAsync();
        foreach (
            var table in (string[])["access_session", "invoices_pdf_job", "customers_erasure_run", "notifications_outbox", "connections_account"]
        )
        {
            dump.Remove(table);
        }

        return dump;
    }

    private async Task ChainsHoldAsync()
    {
        (await portal.InScopeAsync(s => s.GetRequiredService<IInvoices>().CheckChainAsync(CancellationToken.None))).BrokenAt.Should().BeNull();
        (await portal.InScopeAsync(s => s.GetRequiredService<IActivityLog>().CheckAuditAsync(CancellationToken.None))).BrokenAt.Should().BeNull();
    }

    /// <summary>A webhook whose bytes name her, read and done with.</summary>
    private async Task WebhookAsync(string name)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"id":"evt_1","type":"nothing.known","data":{"name":"{{{KnownPeople.Canary(name)}}}"}}""");
        var row = (string)(await portal.ScalarAsync("""select "PublicId" from connections_account"""))!;
        using var processor = portal.Open();
        using var content = new ByteArrayContent(body);
        var answer = await processor.SendAsync(
            HttpMethod.Post,
            "/webhooks/sandbox/" + row,
            content,
            Signatures.Sandbox("msg_" + name, body, portal.Now)
        );
        answer.Code.Should().Be(200);
        await Poller.UntilAsync(
            async () => await portal.CountAsync("connections_inbox", "\"State\" <> 'Received' and \"State\" <> 'Processing'") == 1,
            "the delivery"
        );
        await portal.ExecuteAsync("""update connections_inbox set "State" = 'Done'""");
    }
}
