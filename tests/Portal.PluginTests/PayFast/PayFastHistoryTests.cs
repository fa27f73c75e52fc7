using System.Globalization;
using Portal.Plugin.PayFast;
using Portal.Processors;

namespace Portal.PluginTests.PayFast;

/// <summary>The transaction history: CSV by column name, page after page.</summary>
public sealed class PayFastHistoryTests
{
    private const string History = "GET /transactions/history";
    private const string Heading =
        "\"Date\",\"Type\",\"Sign\",\"Party\",\"Name\",\"Description\",\"Currency\",\"Funding Type\",\"custom str1\",\"Gross\",\"Fee\",\"Net\",\"Balance\",\"custom int1\",\"M Payment ID\",\"PF Payment ID\",\"custom str2\"";

    private static readonly DateTimeOffset At = new(2026, 1, 31, 23, 30, 0, TimeSpan.FromHours(2));

    private static string Row(string id, string type = "FUNDS_RECEIVED", string sign = "CREDIT", string gross = "1500.00", string funding = "CC") =>
        $"\"2026-01-31 23:30:00\",{type},{sign},\"Nkosi, \"\"Zoë\"\"\",\"Gold, monthly\",\"two\nlines\",ZAR,{funding},\"a,b\",\"{gross}\",-24.73,475.27,\"22,574.02\",7,007,{id},";

    private static async Task<List<ProcessorRecord>> ListAsync(PayFastWire wire, DateTimeOffset? since = null)
    {
        var records = new List<ProcessorRecord>();
        await foreach (var record in wire.Connect().ListAsync(since ?? At, CancellationToken.None))
        {
            records.Add(record);
        }

        wire.IsSpent();
        return records;
    }

    [Test]
    public void Cells_keep_their_commas_quotes_and_lines()
    {
        var rows = PayFastCsv.Read("\uFEFFA, B ,c\r\n\"1,5\",\"say \"\"hi\"\"\",\"x\ny\"\r\n\r\n,2\n\"\",,3").ToList();

        rows.Should().HaveCount(3);
        rows[0]
            .Should()
            .Equal(
                new Dictionary<string, string>
                {
                    ["A"] = "1,5",
                    ["B"] = "say \"hi\"",
                    ["c"] = "x\ny",
                }
            );
        rows[1].Should().Equal(new Dictionary<string, string> { ["A"] = "", ["B"] = "2" });
        rows[2]["C"].Should().Be("3");
    }

    [TestCase("")]
    [TestCase("\n\n")]
    [TestCase("A,B\n")]
    [TestCase("A,\"B")]
    public void Nothing_is_read_from_nothing(string text) => PayFastCsv.Read(text).Should().BeEmpty();

    [Test]
    public async Task A_row_becomes_an_order_and_its_payment()
    {
        var records = await ListAsync(new PayFastWire().Answers(History, $"{Heading}\n{Row("42", gross: "1,500.00")}\n"));

        records
            .Should()
            .BeEquivalentTo<ProcessorRecord>(
                [
                    new OrderRecord
                    {
                        Id = "42",
                        AsOf = At,
                        Reference = "007",
                        Total = new Money(150000, "ZAR"),
                        State = OrderState.Paid,
                        PlacedAt = At,
                        PaidAt = At,
                        Lines = [new OrderLine { Name = "Gold, monthly", Total = new Money(150000, "ZAR") }],
                        Billing = new BillingDetail { Name = "Nkosi, \"Zoë\"" },
                    },
                    new PaymentRecord
                    {
                        Id = "42",
                        AsOf = At,
                        Amount = new Money(150000, "ZAR"),
                        State = PaymentState.Succeeded,
                        OrderId = "42",
                        CreatedAt = At,
                        Method = new PaymentMethod { Kind = "card" },
                    },
                ],
                options => options.RespectingRuntimeTypes()
            );
    }

    [Test]
    public async Task The_shared_sample_is_read_whole()
    {
        var records = await ListAsync(new PayFastWire().Answers(History, PayFastSamples.Read("14-api-transaction-history.csv")));

        records
            .OfType<PaymentRecord>()
            .Select(payment => (payment.Id, payment.Amount.MinorUnits))
            .Should()
            .Equal(("994209", 50000), ("994210", 10000), ("995893", 12100));
    }

    [Test]
    public async Task Days_are_south_african()
    {
        var wire = new PayFastWire().Answers(History, Heading);

        await ListAsync(wire, new DateTimeOffset(2026, 1, 30, 22, 0, 0, TimeSpan.Zero));

        wire.Sent.Single().Address.Query.Should().Be("?from=2026-01-31&to=2026-02-03&limit=1000");
    }

    [Test]
    public async Task The_beginning_of_time_can_be_asked_for()
    {
        var wire = new PayFastWire().Answers(History, "");

        (await ListAsync(wire, DateTimeOffset.MinValue)).Should().BeEmpty();
        wire.Sent.Single().Address.Query.Should().StartWith("?from=2000-01-01&");
    }

    [Test]
    public async Task Pages_are_turned_until_one_is_not_full()
    {
        var wire = new PayFastWire().Answers(History, Page(0, 1000)).Answers(History, Page(1000, 1));

        var records = await ListAsync(wire);

        records.Should().HaveCount(2002);
        wire.Sent[0].Address.Query.Should().NotContain("offset");
        wire.Sent[1].Address.Query.Should().EndWith("&limit=1000&offset=1000");

        static string Page(int from, int count) =>
            Heading + "\n" + string.Join('\n', Enumerable.Range(from, count).Select(id => Row(id.ToString(CultureInfo.InvariantCulture))));
    }

    [Test]
    public async Task A_history_that_never_ends_is_left()
    {
        var page = Heading + "\n" + string.Join('\n', Enumerable.Repeat(Row("1"), 1000));
        var list = () => ListAsync(new PayFastWire().Answers(History, page).Answers(History, page));

        (await list.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.NoReply);
    }

    [TestCase("<html>\n<body>")]
    [TestCase("<html><body>")]
    [TestCase("""{"code":200,"status":"success","data":{"response":{}}}""")]
    [TestCase("some,other\n1,2")]
    public async Task What_is_not_the_history_is_not_taken_for_an_empty_one(string reply)
    {
        var list = () => ListAsync(new PayFastWire().Answers(History, reply));

        await list.Should().ThrowAsync<ProcessorException>();
    }

    [Test]
    public async Task The_history_may_come_inside_json()
    {
        var reply = System.Text.Json.JsonSerializer.Serialize(new { response = $"{Heading}\n{Row("42")}" });

        (await ListAsync(new PayFastWire().Answers(History, reply))).Should().HaveCount(2);
    }

    [Test]
    public async Task Payouts_and_fees_are_nobodys_purchase()
    {
        var text = $"{Heading}\n{Row("1", "PAYOUT", "DEBIT")}\n{Row("", "FUNDS_RECEIVED")}\n{Row("2", "FUNDS_RECEIVED", "DEBIT")}";

        (await ListAsync(new PayFastWire().Answers(History, text))).Should().BeEmpty();
    }

    [Test]
    public async Task A_refunds_row_has_the_payment_asked_for_once()
    {
        var row = Row("42", "FUNDS_RECEIVED_REFUND", "DEBIT", "-10.00");
        var wire = new PayFastWire()
            .Answers(History, $"{Heading}\n{row}\n{row}")
            .Answers("GET /process/query/42", """{"status":"COMPLETE","amount":10000}""")
            .Answers("GET /refunds/query/42", """{"amount_original":10000,"amount_available_for_refund":8000}""");

        var records = await ListAsync(wire);

        records.Should().ContainSingle().Which.Should().BeOfType<PaymentRecord>().Which.Refunded.Should().Be(new Money(2000, "ZAR"));
    }

    [Test]
    public async Task A_chargeback_is_a_dispute()
    {
        var records = await ListAsync(new PayFastWire().Answers(History, $"{Heading}\n{Row("42", "CHARGEBACK", "DEBIT", "-1,500.00")}"));

        var dispute = (DisputeRecord)records.Single();
        dispute.PaymentId.Should().Be("42");
        dispute.Amount.Should().Be(new Money(150000, "ZAR"));
        dispute.State.Should().Be(DisputeState.Open);
    }

    [TestCase("")]
    [TestCase("a lot")]
    [TestCase("1.005")]
    public async Task A_payment_that_cannot_be_read_stops_the_reading(string gross)
    {
        var list = () => ListAsync(new PayFastWire().Answers(History, $"{Heading}\n{Row("42", gross: gross)}"));

        (await list.Should().ThrowAsync<ProcessorException>()).Which.Fault.Should().Be(ProcessorFault.BadRequest);
    }
}
