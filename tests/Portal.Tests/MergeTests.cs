using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access.Data;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.MergeCustomers;
using Portal.Kernel;
using Portal.Processors;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Two customers become one, one becomes two, and either is taken back to the row.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed partial class MergeTests(Db db)
{
    /// <summary>Logs, mails, links and sessions tell what happened; all else must be as it was.</summary>
    private static readonly string[] Traces =
    [
        "access_session",
        "access_activity",
        "access_audit",
        "access_audit_end",
        "customers_move",
        "customers_mailed_link",
        "customers_sign_in_link",
        "customers_sign_in_request",
        "notifications_outbox",
        "invoices_pdf_job",
    ];

    private static int people;
    private PortalUnderTest portal = null!;
    private long connection;
    private Browser owner = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        connection = (await portal.ConnectSilentAsync()).Id;
        owner = await portal.MerchantAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        owner.Dispose();
        await portal.DisposeAsync();
    }

    [Test]
    public async Task A_merge_moves_everything_and_its_undo_leaves_every_table_as_it_was()
    {
        var (stays, goes) = (await BuyerAsync(), await BuyerAsync());
        using var hers = await portal.SignedInAsync(stays.Email);
        using var others = await portal.SignedInAsync(goes.Email);
        var before = await StateAsync();
        var (all, mine) = (await OwnersAsync(), await portal.CustomerAsync(goes.Email));

        var preview = await owner.GetAsync($"/admin/customers/{stays.Id}/merge?with={goes.Id}");
        preview.Words.Should().Contain(goes.Email).And.Contain(stays.Email);
        (await StateAsync()).Should().BeEquivalentTo(before, "a preview does nothing");
        (await owner.SubmitAsync(preview)).Location.Should().EndWith("news=Merged");

        var merged = await OwnersAsync();
        merged.Values.Should().NotContain(mine!.Id.Value, "nothing of hers was left behind");
        merged.Keys.Should().Contain(all.Keys);
        (await others.GetAsync("/")).Code.Should().Be(302, "her sessions are over");
        (await hers.GetAsync("/orders")).Page.QuerySelectorAll("main a.row-title").Should().HaveCount(2);
        (await hers.GetAsync("/subscriptions")).Page.QuerySelectorAll("main a.row-title").Should().HaveCount(2);
        using (var again = await portal.SignedInAsync(goes.Email))
        {
            (await again.GetAsync("/profile/emails")).Words.Should().Contain(stays.Email, "her address leads to the one she is now");
            await UndoAsync(stays.Id);
            (await again.GetAsync("/")).Code.Should().Be(302, "whoever came in by her address is out");
        }

        var after = await StateAsync();
        after.Keys.Should().BeEquivalentTo(before.Keys);
        foreach (var table in before.Keys)
        {
            Lines(after[table]).Should().BeEquivalentTo(Lines(before[table]), table);
        }
    }

    [Test]
    public async Task What_comes_while_they_are_one_goes_back_to_whose_account_it_is()
    {
        var (stays, goes) = (await BuyerAsync(), await BuyerAsync());
        await MergeAsync(stays.Id, goes.Id);
        await portal.TellAsync(connection, Of(goes, Deeds.Purchase(Number("since"), goes.Email, 700, portal.Now)));
        (await OrdersOfAsync(stays.Email)).Should().Be(3);

        await UndoAsync(stays.Id);

        (await OrdersOfAsync(goes.Email)).Should().Be(2);
        (await OrdersOfAsync(stays.Email)).Should().Be(1);
    }

    [Test]
    public async Task Records_for_a_merged_customer_are_the_others()
    {
        var (stays, goes) = (await BuyerAsync(), await BuyerAsync());
        await MergeAsync(stays.Id, goes.Id);

        await portal.TellAsync(
            connection,
            new CustomerRecord
            {
                Id = goes.Account,
                AsOf = portal.Now,
                Email = goes.Email,
                Name = "Renamed",
            }
        );
        await portal.TellAsync(connection, Of(goes, Deeds.Purchase(Number("by-account"), goes.Email, 700, portal.Now)));
        await portal.TellAsync(connection, Deeds.Purchase(Number("by-address"), goes.Email, 700, portal.Now));

        (await portal.CustomerAsync(goes.Email))!.Email.Should().Be(stays.Email);
        (await OrdersOfAsync(stays.Email)).Should().Be(4);
    }

    [Test]
    public async Task A_merge_can_be_undone_for_30_days_and_in_reverse_order_only()
    {
        var (first, second, third) = (await BuyerAsync(), await BuyerAsync(), await BuyerAsync());
        await MergeAsync(second.Id, first.Id);
        await MergeAsync(third.Id, second.Id);

        (await OrdersOfAsync(first.Email)).Should().Be(3, "addresses lead through both");
        (await PressUndoAsync(second.Id, await MoveAsync(first.Email, second.Email))).Location.Should().EndWith("news=NotNow");
        portal.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        using var later = await portal.MerchantAsync();
        (await PressUndoAsync(third.Id, await MoveAsync(second.Email, third.Email), later)).Location.Should().EndWith("news=Undone");
        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        (await PressUndoAsync(second.Id, await MoveAsync(first.Email, second.Email), later)).Location.Should().EndWith("news=NotNow");
        owner.Dispose();
        owner = await portal.MerchantAsync();
    }

    [Test]
    public async Task Of_parallel_merges_each_customer_ends_in_one_place()
    {
        var round = Enumerable.Range(0, 6).Select(_ => BuyerAsync()).ToList();
        var ring = await Task.WhenAll(round);

        // Everybody into the next one, all at once: without an order of locks this is a deadlock, without a second look a loop.
        var results = await Task.WhenAll(ring.Select((person, i) => TryMergeAsync(person.Email, ring[(i + 1) % ring.Length].Email)));

        results.Should().Contain(true);
        var ids = string.Join(',', await Task.WhenAll(ring.Select(async p => await RowAsync(p.Id))));
        (await portal.CountAsync("customers_customer", $"\"Id\" in ({ids}) and \"MergedIntoId\" is null"))
            .Should()
            .Be(ring.Length - results.Count(r => r));
        (await LeftBehindAsync()).Should().Be(0);
        foreach (var person in ring)
        {
            (await portal.CustomerAsync(person.Email)).Should().NotBeNull("no chain leads in a circle");
        }
    }

    [Test]
    public async Task A_row_stored_at_the_moment_of_a_merge_does_not_stay_behind()
    {
        for (var round = 0; round < 5; round++)
        {
            var (stays, goes) = (await BuyerAsync(), await BuyerAsync());
            var (from, into) = ((await portal.CustomerAsync(goes.Email))!.Id, (await portal.CustomerAsync(stays.Email))!.Id);

            // The writer has read whose it is before the merge, and stores it afterwards.
            var writers = Enumerable
                .Range(0, 10)
                .Select(i =>
                    portal.AskAsync(async data =>
                    {
                        data.Add(new ActivityLine(from, $"race-{round}-{i}", [], new Actor(), null, portal.Now));
                        return await data.SaveChangesAsync();
                    })
                );
            var merge = portal.InScopeAsync(async s =>
            {
                var data = s.GetRequiredService<PortalDb>();
                return await data.InTransactionAsync(
                    () => s.GetRequiredService<CustomerMerges>().MergeAsync(from, into, CancellationToken.None),
                    CancellationToken.None
                );
            });
            await Task.WhenAll([.. writers, merge]);

            (await portal.CountAsync("access_activity", $"\"Kind\" like 'race-{round}-%' and \"CustomerId\" = {into}")).Should().Be(10);
        }
    }

    [Test]
    public async Task A_writer_waits_for_a_merge_that_has_begun()
    {
        var (stays, goes) = (await BuyerAsync(), await BuyerAsync());
        var (from, into) = ((await portal.CustomerAsync(goes.Email))!.Id, (await portal.CustomerAsync(stays.Email))!.Id);
        Task<int> writer = null!;

        await portal.InScopeAsync(async s =>
        {
            var data = s.GetRequiredService<PortalDb>();
            await data.InTransactionAsync(
                async () =>
                {
                    (await s.GetRequiredService<CustomerMerges>().MergeAsync(from, into, CancellationToken.None)).Should().BeTrue();
                    writer = Task.Run(() =>
                        portal.AskAsync(async other =>
                        {
                            other.Add(new ActivityLine(from, "waited", [], new Actor(), null, portal.Now));
                            return await other.SaveChangesAsync();
                        })
                    );
                    if (db == Db.PostgreSql)
                    {
                        await Poller.UntilAsync(async () => await portal.CountAsync("pg_locks", "not granted") > 0, "the writer to wait");
                    }
                },
                CancellationToken.None
            );
        });
        await writer;

        (await portal.CountAsync("access_activity", $"\"Kind\" = 'waited' and \"CustomerId\" = {into}")).Should().Be(1);
    }

    [Test]
    public async Task A_split_moves_what_came_with_the_account_and_what_hangs_on_it()
    {
        var (stays, goes) = (await BuyerAsync(), await BuyerAsync());
        await MergeAsync(stays.Id, goes.Id);
        var guest = Deeds.Purchase(Number("guest"), stays.Email, 400, portal.Now);
        await portal.TellAsync(connection, guest);
        var form = await owner.GetAsync($"/admin/customers/{stays.Id}/split");
        var account = form
            .Page.QuerySelectorAll("input[name=Accounts]")
            .Single(i => i.ParentElement!.TextContent.Contains(goes.Account, StringComparison.Ordinal))
            .GetAttribute("value")!;

        var nothing = await owner.SubmitAsync(form);
        (nothing.Code, nothing.Words.Contains("Choose at least one", StringComparison.Ordinal)).Should().Be((422, true));
        (await owner.SubmitAsync(form, null, ("Accounts", account), ("Email", stays.Email))).Code.Should().Be(422, "her main address stays hers");
        var done = await owner.SubmitAsync(form, null, ("Accounts", account), ("Email", goes.Email));

        done.Location.Should().EndWith("news=Split");
        (await owner.GetAsync(done.Location!)).Words.Should().Contain(goes.Account).And.Contain(goes.Email);
        (await OrdersOfAsync(stays.Email)).Should().Be(2, "her own and the one bought as a guest");
        (await OrdersOfAsync(goes.Email)).Should().Be(1);
        using var other = await portal.SignedInAsync(goes.Email);
        (await other.GetAsync("/subscriptions")).Page.QuerySelectorAll("main a.row-title").Should().ContainSingle();
        (await other.GetAsync("/payments")).Words.Should().Contain("10.00");
        (await portal.CountAsync("orders_payment p join orders_order o on o.\"Id\" = p.\"OrderId\"", "p.\"CustomerId\" <> o.\"CustomerId\""))
            .Should()
            .Be(0);
        (await portal.CountAsync("invoices_document d join orders_order o on o.\"Id\" = d.\"OrderId\"", "d.\"CustomerId\" <> o.\"CustomerId\""))
            .Should()
            .Be(0, "a document is where its order is");
    }

    [Test]
    public async Task A_split_is_taken_back_too()
    {
        var person = await BuyerAsync();
        var before = await OwnersAsync();
        var form = await owner.GetAsync($"/admin/customers/{person.Id}/split");
        var account = form.Page.QuerySelector("input[name=Accounts]")!.GetAttribute("value")!;
        await owner.SubmitAsync(form, null, ("Accounts", account));
        (await OrdersOfAsync(person.Email)).Should().Be(0);

        await UndoAsync(person.Id);

        var after = await OwnersAsync();
        foreach (var row in before.Keys.Where(k => !k.StartsWith("access_", StringComparison.Ordinal)))
        {
            after[row].Should().Be(before[row], row);
        }
    }

    [Test]
    public async Task Support_may_look_but_not_merge_or_split()
    {
        var (stays, goes) = (await BuyerAsync(), await BuyerAsync());
        using var support = await portal.MerchantAsync(MerchantRole.Support);
        var before = await StateAsync();
        var preview = await support.GetAsync($"/admin/customers/{stays.Id}/merge?with={goes.Id}");
        preview.Code.Should().Be(200);

        (await support.SubmitAsync(preview)).Code.Should().Be(403);
        (await support.SubmitAsync(await support.GetAsync($"/admin/customers/{stays.Id}/split"))).Code.Should().Be(403);

        (await StateAsync()).Should().BeEquivalentTo(before);
        (await support.GetAsync($"/admin/customers/{stays.Id}")).Page.QuerySelectorAll("a[href$='/merge']").Should().BeEmpty();
    }

    [Test]
    public async Task A_merge_is_in_her_log_and_in_the_audit_log()
    {
        var (stays, goes) = (await BuyerAsync(), await BuyerAsync());

        await MergeAsync(stays.Id, goes.Id);

        using var her = await portal.SignedInAsync(stays.Email);
        (await her.GetAsync("/profile/security")).Words.Should().Contain("joined this account");
        (await portal.CountAsync("access_audit", $"\"Kind\" = 'customers-merged' and \"About\" = '{await RowAsync(stays.Id)}'")).Should().Be(1);
    }

    private sealed record Person(string Id, string Email, string Account);

    /// <summary>With an account, an order with payment and document, a subscription, a payment method and lines in the log.</summary>
    private async Task<Person> BuyerAsync()
    {
        var name = Number("merged");
        var person = new Person("", $"{name}@example.com", "cus-" + name);
        await portal.TellAsync(
            connection,
            new CustomerRecord
            {
                Id = person.Account,
                AsOf = portal.Now,
                Email = person.Email,
                Name = "Buyer " + name,
            }
        );
        await portal.TellAsync(
            connection,
            Of(
                person,
                [
                    .. Deeds.Purchase(name, person.Email, 1000, portal.Now),
                    Deeds.Subscription(name, person.Email, portal.Now),
                    new PaymentMethodRecord
                    {
                        Id = "pm-" + name,
                        AsOf = portal.Now,
                        Method = new PaymentMethod { Kind = "card" },
                        Default = true,
                    },
                ]
            )
        );
        return person with { Id = (await portal.CustomerAsync(person.Email))!.PublicId };
    }

    /// <summary>As a processor that names the account tells them.</summary>
    private static ProcessorRecord[] Of(Person person, ProcessorRecord[] records)
    {
        var account = new CustomerReference { Id = person.Account, Email = person.Email };
        return
        [
            .. records.Select(r =>
                r switch
                {
                    OrderRecord order => order with { Customer = account },
                    PaymentRecord payment => payment with { Customer = account },
                    SubscriptionRecord subscription => subscription with { Customer = account },
                    PaymentMethodRecord method => method with { Customer = account },
                    _ => r,
                }
            ),
        ];
    }

    private async Task MergeAsync(string stays, string goes) =>
        (await owner.SubmitAsync(await owner.GetAsync($"/admin/customers/{stays}/merge?with={goes}"))).Location.Should().EndWith("news=Merged");

    private async Task UndoAsync(string customer) =>
        (await owner.SubmitAsync(await owner.GetAsync($"/admin/customers/{customer}"), "form[action$='/undo']"))
            .Location.Should()
            .EndWith("news=Undone");

    private async Task<Answer> PressUndoAsync(string customer, string move, Browser? by = null)
    {
        var token = Browser.Read(await (by ?? owner).GetAsync("/admin/customers"), "form[action$='/admin/sign-out']").Fields[Browser.TokenField];
        return await (by ?? owner).PostAsync($"/admin/customers/{customer}/merge/{move}/undo", [new(Browser.TokenField, token)]);
    }

    private async Task<string> MoveAsync(string from, string into) =>
        (string)
            (
                await portal.ScalarAsync(
                    $"""
                    select m."PublicId" from customers_move m
                    join customers_customer f on f."Id" = m."FromId" join customers_customer i on i."Id" = m."IntoId"
                    where f."Email" = '{from}' and i."Email" = '{into}'
                    """
                )
            )!;

    private Task<bool> TryMergeAsync(string from, string into) =>
        portal.InScopeAsync(async s =>
        {
            var customers = s.GetRequiredService<ICustomers>();
            var (gone, stays) = (
                (await customers.FindByEmailAsync(from, CancellationToken.None))!.Id,
                (await customers.FindByEmailAsync(into, CancellationToken.None))!.Id
            );
            return await s.GetRequiredService<PortalDb>()
                .InTransactionAsync(
                    () => s.GetRequiredService<CustomerMerges>().MergeAsync(gone, stays, CancellationToken.None),
                    CancellationToken.None
                );
        });

    private async Task<long> RowAsync(string publicId) =>
        Convert.ToInt64(await portal.ScalarAsync($"""select "Id" from customers_customer where "PublicId" = '{publicId}'"""), null);

    private async Task<int> OrdersOfAsync(string email) =>
        (int)await portal.CountAsync("orders_order", $"\"CustomerId\" = {(await portal.CustomerAsync(email))!.Id}");

    /// <summary>Rows that belong to somebody who was merged away.</summary>
    private async Task<int> LeftBehindAsync()
    {
        var gone = await portal.AskAsync(data => data.Set<Customer>().Where(c => c.MergedIntoId != null).Select(c => c.RowId).ToListAsync());
        return (await OwnersAsync()).Values.Count(o => o is { } owner && gone.Contains(owner));
    }

    /// <summary>Every owned row, by table and number, with its owner.</summary>
    private Task<Dictionary<string, long?>> OwnersAsync() =>
        portal.AskAsync(async data =>
        {
            var owners = new Dictionary<string, long?>();
            await data.Database.OpenConnectionAsync();
            foreach (var entity in data.Model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(IOwned))))
            {
                await using var command = data.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // A name of the model's.
                command.CommandText = $"select \"Id\", \"CustomerId\" from {entity.GetTableName()}";
#pragma warning restore CA2100
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                {
                    owners[$"{entity.GetTableName()}/{reader.GetInt64(0)}"] = await reader.IsDBNullAsync(1) ? null : reader.GetInt64(1);
                }
            }

            return owners;
        });

    private async Task<SortedDictionary<string, string>> StateAsync()
    {
        var dump = await portal.DumpAsync();
        foreach (var table in Traces)
        {
            dump.Remove(table);
        }

        // A row that changed and changed back is another version of the same.
        foreach (var table in dump.Keys.ToList())
        {
            dump[table] = Version().Replace(dump[table], "");
        }

        // Signing in is no part of what is compared.
        dump["customers_customer"] = await CustomersAsync();
        dump["customers_email"] = await EmailsAsync();
        return dump;
    }

    private Task<string> CustomersAsync() =>
        portal.AskAsync(async data =>
            string.Join(
                '\n',
                (await data.Set<Customer>().AsNoTracking().OrderBy(c => c.RowId).ToListAsync()).Select(c =>
                    $"{c.RowId}|{c.PublicId}|{c.Email}|{c.Name}|{c.FoundByEmail}|{c.DisabledAt}|{c.MergedIntoId}"
                )
            )
        );

    private Task<string> EmailsAsync() =>
        portal.AskAsync(async data =>
            string.Join(
                '\n',
                (await data.AllOwners<CustomerEmail>().AsNoTracking().OrderBy(e => e.Id).ToListAsync()).Select(e =>
                    $"{e.Id}|{e.PublicId}|{e.CustomerId}|{e.Address}|{e.Origin}|{e.LeftAt}"
                )
            )
        );

    private static string[] Lines(string table) => table.Split('\n');

    private static string Number(string name) => $"{name}{Interlocked.Increment(ref people)}";

    [GeneratedRegex("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")]
    private static partial Regex Version();
}
