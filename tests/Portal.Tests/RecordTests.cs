using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Connections.Contract;
using Portal.Processors;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>What processors tell, told at the same moment or not at all plausibly.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class RecordTests(Db db)
{
    private PortalUnderTest portal = null!;
    private long connection;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db);
        connection = (await portal.ConnectSilentAsync()).Id;
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [SecurityCase("W6", "an order and its payment told at one moment")]
    [Test]
    public async Task An_order_and_its_payment_told_at_the_same_moment_find_each_other()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .SelectMany(i =>
                    (Task[])
                        [
                            portal.TellAsync(connection, Deeds.Payment($"m{i}", "moment@example.com", 1000, portal.Now)),
                            portal.TellAsync(connection, Deeds.Order($"m{i}", "moment@example.com", 1000, portal.Now)),
                        ]
                )
        );

        (await portal.CountAsync("orders_payment", "\"ProcessorId\" like 'pay-m%' and \"OrderId\" is not null")).Should().Be(20);
        (await portal.CountAsync("customers_customer", "\"Email\" = 'moment@example.com'")).Should().Be(1);
    }

    [SecurityCase("W4", "a second account with her address cannot carry it off")]
    [Test]
    public async Task An_account_that_joined_by_its_address_cannot_carry_the_address_off()
    {
        await portal.TellAsync(connection, Account("cus_victim", "victim@example.com", portal.Now));
        await portal.TellAsync(connection, Account("cus_thief", "victim@example.com", portal.Now));

        await portal.TellAsync(connection, Account("cus_thief", "thief@example.com", portal.Now.AddMinutes(1)));

        (await portal.CountAsync("customers_customer", "\"Email\" = 'victim@example.com'")).Should().Be(1);
        (await portal.CountAsync("customers_customer", "\"Email\" = 'thief@example.com'")).Should().Be(0);
    }

    [SecurityCase("W6", "two states of one second")]
    [Test]
    public async Task Of_two_states_of_one_second_the_later_one_stays_whichever_comes_last()
    {
        var paid = Deeds.Order("tie", "tie@example.com", 1000, portal.Now);
        await portal.TellAsync(connection, paid);

        await portal.TellAsync(connection, paid with { State = OrderState.Pending });

        (await portal.CountAsync("orders_order", $"\"ProcessorId\" = '{paid.Id}' and \"State\" = 'Paid'")).Should().Be(1);
    }

    private static CustomerRecord Account(string id, string email, DateTimeOffset asOf) =>
        new()
        {
            Id = id,
            AsOf = asOf,
            Email = email,
        };

    [TestCase("EURO", 100, "currency")]
    [TestCase("EUR", -1, "negative")]
    public async Task What_no_processor_can_mean_is_never_stored(string currency, long minorUnits, string because)
    {
        var record = Deeds.Payment("odd" + because, "odd@example.com", minorUnits, portal.Now, currency);

        var told = () => portal.TellAsync(connection, record);

        (await told.Should().ThrowAsync<FormatException>()).WithMessage($"*{because}*");
        (await portal.CountAsync("orders_payment", $"\"ProcessorId\" = '{record.Id}'")).Should().Be(0);
    }

    [Test]
    public async Task Of_several_records_all_are_stored_or_none()
    {
        var waiting = await portal.InScopeAsync(s =>
            s.GetRequiredService<IRecordIntake>()
                .ApplyAsync(
                    connection,
                    [
                        .. Deeds.Purchase("all", "all@example.com", 1000, portal.Now),
                        new RefundRecord
                        {
                            Id = "ref-none",
                            AsOf = portal.Now,
                            PaymentId = "pay-none",
                            Amount = new Money(1, "EUR"),
                            State = RefundState.Succeeded,
                        },
                    ],
                    historic: false,
                    null,
                    CancellationToken.None
                )
        );

        waiting.Should().Be(new Application.Waiting(RecordKind.Payment, "pay-none"));
        (await portal.CountAsync("orders_order", "\"ProcessorId\" = 'ord-all'")).Should().Be(0);
        (await portal.CustomerAsync("all@example.com")).Should().BeNull();
    }
}
