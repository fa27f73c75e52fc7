using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Connections.Contract;
using Portal.Kernel.Work;
using Portal.Processors;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Signed, and nobody can read it, or reading it always fails.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class WebhookPoisonTests(Db db)
{
    private const int Good = 100;
    private readonly Poison poison = new();
    private PortalUnderTest portal = null!;
    private SandboxAccount account = null!;

    private static readonly (string Name, byte[] Body)[] Nonsense =
    [
        ("empty", []),
        ("null", "null"u8.ToArray()),
        ("a list", "[]"u8.ToArray()),
        ("no JSON", "hello"u8.ToArray()),
        ("ten thousand deep", Encoding.UTF8.GetBytes(new string('[', 10_000) + new string(']', 10_000))),
        ("told twice", """{"type":"a","type":"b","data":{"object":{"object":"nothing"}}}"""u8.ToArray()),
        ("no UTF-8", [.. """{"type":"a","data":{"object":{"object":"customer","id":" """u8, 0xC3, 0x28, .. "\"}}}"u8]),
        (
            "half a surrogate pair",
            """{"type":"a","data":{"object":{"object":"customer","id":"\ud800","updated_at":"2027-01-01T00:00:00Z"}}}"""u8.ToArray()
        ),
        (
            "1e400",
            """{"type":"a","data":{"object":{"object":"order","id":"x","updated_at":"2027-01-01T00:00:00Z","state":"paid","reason":"purchase","total":{"amount":1e400,"currency":"EUR"}}}}"""u8.ToArray()
        ),
        (
            "a NUL in a name",
            """{"type":"a","data":{"object":{"object":"customer","id":"x","updated_at":"2027-01-01T00:00:00Z","name":"a\u0000b"}}}"""u8.ToArray()
        ),
    ];

    private static IEnumerable<TestCaseData> Unreadable => Nonsense.Select(c => new TestCaseData(c.Body).SetArgDisplayNames(c.Name));

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(
            db,
            new PortalSetup { Clock = new FakeClock(), Adjust = services => services.AddSingleton<IApplyRecords<CustomerRecord>>(poison) }
        );
        account = await SandboxAccount.StartAsync(portal);
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [TestCaseSource(nameof(Unreadable))]
    [SecurityCase("W8", "ten kinds of signed nonsense: 200, stored byte for byte, parked with a reason")]
    public async Task What_is_signed_and_cannot_be_read_is_stored_and_parked(byte[] body)
    {
        var id = SandboxAccount.NextId();

        (await account.SendAsync(id, body)).Code.Should().Be(200);

        var stored = await account.WorkedAsync(id);
        stored.Body.Should().Equal(body);
        (stored.State, stored.Reason is null).Should().Be((WorkState.Parked, false));
    }

    [TestCase(null)]
    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("multipart/form-data; boundary=x")]
    [SecurityCase("W8", "the content type of a signed body decides nothing; unknown types and newer fields have no effect")]
    public async Task The_content_type_decides_nothing(string? mediaType)
    {
        var id = SandboxAccount.NextId();
        var body = """{"type":"never.heard.of","api_version":"2099-01-01","data":{"object":{"object":"hologram","id":"1"},"more":[1]}}"""u8.ToArray();

        (await account.SendAsync(id, body, mediaType)).Code.Should().Be(200);

        (await account.WorkedAsync(id)).State.Should().Be(WorkState.Done);
    }

    [Test]
    [SecurityCase("W8", "poison with 100 good ones behind it: none waits for its pauses; parked after its tries, and run again once mended")]
    public async Task Poison_delays_nobody_is_parked_and_can_be_run_again()
    {
        var bad = await account.SendAsync(SandboxAccount.Customer("cus_poison", "poison@example.com", portal.Now));
        for (var i = 0; i < Good; i++)
        {
            await account.SendAsync(SandboxAccount.Customer($"cus_{i}", $"good{i}@example.com", portal.Now));
        }

        // The clock stands: whoever had to sit out a pause of the poison would wait for ever.
        await Poller.UntilAsync(
            async () => await portal.CountAsync("customers_customer", "\"Email\" like 'good%@example.com'") == Good,
            "the good ones to be worked"
        );

        for (var tries = 0; (await account.WorkedAsync(bad)).State != WorkState.Parked; tries++)
        {
            tries.Should().BeLessThan(20, "it is given up on");
            var before = (await account.WorkedAsync(bad)).Attempts;
            portal.Clock.Advance(TimeSpan.FromHours(25));
            await Poller.UntilAsync(async () => (await account.WorkedAsync(bad)).Attempts > before, "another try");
        }

        var parked = await account.WorkedAsync(bad);
        parked.Reason.Should().Contain("It tastes bitter.");
        poison.Mended = true;
        using var merchant = await portal.SignedInMerchantAsync();
        var page = await merchant.GetAsync("/admin/deliveries/" + parked.PublicId);
        await merchant.SubmitAsync(page, "form[action$='/try-again']");
        await Poller.UntilAsync(async () => await portal.CustomerAsync("poison@example.com") is not null, "the mended one");
    }

    /// <summary>A part of the portal that always fails over one customer.</summary>
    private sealed class Poison : IApplyRecords<CustomerRecord>
    {
        public volatile bool Mended;

        public Task<Application> ApplyAsync(CustomerRecord record, RecordSource source, CancellationToken ct) =>
            record.Id == "cus_poison" && !Mended ? throw new InvalidOperationException("It tastes bitter.") : Task.FromResult(Application.Done);
    }
}
