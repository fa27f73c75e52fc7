using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Portal.Processors;
using Portal.Simulator;

namespace Portal.SimulatorTests;

public sealed class LedgerTests
{
    private string folder = null!;

    private string File => Path.Combine(folder, "ledger.jsonl");

    [SetUp]
    public void Make() => folder = Directory.CreateTempSubdirectory("sandbox").FullName;

    [TearDown]
    public void Clear() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task A_restart_goes_on_where_it_was()
    {
        var key = Sandbox.NextKey();
        string before;
        SubscriptionRecord monthly;
        await using (var first = await Sandbox.StartAsync(File))
        {
            monthly = await first.MonthlyAsync();
            await first.WebhooksAsync(new { off = true });
            await CancelAsync(first, monthly.Id, key);
            await first.PostAsync("/v1/test/advance", new { to = TimeProvider.System.GetUtcNow().AddDays(1) });
            before = Rows(await first.LedgerAsync());
        }
        // A start with nobody to tell must not lose what is still to be told.
        await using (var deaf = await SandboxServer.StartAsync(Options(), CancellationToken.None))
            await deaf.StopAsync();
        await using var second = await Sandbox.StartAsync(File);
        var ledger = await second.LedgerAsync();
        Rows(ledger).Should().Be(before);
        ledger.GetProperty("now").GetDateTimeOffset().Should().BeAfter(TimeProvider.System.GetUtcNow().AddHours(23));
        await second.SettleAsync();

        // Whatever renews within that day is told as well.
        second.Receiver.Verified.Select(one => one.Type).Should().ContainSingle(type => type == "subscription.updated");
        (await CancelAsync(second, monthly.Id, key)).Should().BeOfType<Outcome.Succeeded>();
        var command = (await second.LedgerAsync()).GetProperty("commands").EnumerateArray().Single();
        command.GetProperty("repeated").GetInt32().Should().Be(1, "the key is remembered");
        var customer = await second.PostAsync("/v1/test/customers", new { email = "next@example.com" });
        customer.GetProperty("id").GetString().Should().Be("sb_cus_000042");
    }

    [Test]
    public async Task A_line_torn_by_a_crash_is_as_if_it_had_not_been()
    {
        await using (var first = await Sandbox.StartAsync(File))
            await CancelAsync(first, (await first.MonthlyAsync()).Id, Sandbox.NextKey());
        var whole = await System.IO.File.ReadAllTextAsync(File);
        await System.IO.File.WriteAllTextAsync(File, whole + """{"rows":[{"kind":"subscription","row":{"id":"sb_su""");
        await using (var second = await Sandbox.StartAsync(File))
            (await second.MonthlyAsync()).WillCancel.Should().BeTrue();
        await System.IO.File.WriteAllTextAsync(File, "{\"rows\":7}\n" + whole);
        var third = () => SandboxServer.StartAsync(Options(), CancellationToken.None);
        await third.Should().ThrowAsync<InvalidDataException>().WithMessage("Line 1 *");
    }

    [Test]
    public async Task Two_servers_do_not_share_a_ledger()
    {
        await using var first = await Sandbox.StartAsync(File);
        var second = () => SandboxServer.StartAsync(Options(), CancellationToken.None);
        await second.Should().ThrowAsync<IOException>();
    }

    [Test]
    public async Task A_refused_command_leaves_nothing_but_its_note()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var before = Rows(await sandbox.LedgerAsync());
        var refund = await sandbox
            .As<IRefundPayments>()
            .RefundAsync(
                new()
                {
                    IdempotencyKey = Sandbox.NextKey(),
                    PaymentId = (await sandbox.FailedPaymentAsync()).Id,
                    Amount = new Money(1, "EUR"),
                },
                CancellationToken.None
            );
        refund.Should().BeOfType<Outcome.Declined>();
        var ledger = await sandbox.LedgerAsync();
        Rows(ledger).Should().Be(before);
        ledger.GetProperty("commands").EnumerateArray().Single().GetProperty("status").GetInt32().Should().Be(402);
        await sandbox.SettleAsync();
        sandbox.Receiver.Arrivals.Should().BeEmpty();
    }

    [TestCase("/v1/orders")]
    [TestCase("/v1/ledger")]
    [TestCase("/v1/faults")]
    public async Task Strangers_see_nothing(string path)
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var http = new HttpClient { BaseAddress = sandbox.Address };
        foreach (var key in new[] { null, "Bearer", "Bearer wrong", "bearer " + Sandbox.ApiKey, Sandbox.ApiKey })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (key is not null)
                request.Headers.TryAddWithoutValidation("Authorization", key);
            using var reply = await http.SendAsync(request);
            reply.StatusCode.Should().Be(HttpStatusCode.Unauthorized, $"of '{key}'");
        }
    }

    [TestCase("/v1/orders?limit=0")]
    [TestCase("/v1/orders?limit=201")]
    [TestCase("/v1/orders?after=nonsense")]
    [TestCase("/v1/orders?changed_since=someday")]
    public async Task Nonsense_is_a_bad_request(string path)
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var reply = await sandbox.Http.GetAsync(new Uri(path, UriKind.Relative));
        reply.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task The_process_says_where_it_listens_and_ends_with_its_input()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var arguments = new[]
        {
            Path.Combine(AppContext.BaseDirectory, "portal-simulator.dll"),
            "--ledger",
            File,
            "--api-key",
            "k",
            "--seed",
            "3",
            "--clock-offset",
            "-01:00:00",
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        line.Should().StartWith("Listening on http://127.0.0.1:");
        using var http = new HttpClient { BaseAddress = new Uri(line!["Listening on ".Length..]) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", "k");
        var ledger = JsonElement.Parse(await http.GetStringAsync("/v1/ledger"));
        ledger.GetProperty("now").GetDateTimeOffset().Should().BeCloseTo(TimeProvider.System.GetUtcNow().AddHours(-1), TimeSpan.FromMinutes(1));
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.Should().Be(0);
        (await process.StandardError.ReadToEndAsync()).Should().BeEmpty();
    }

    private SandboxOptions Options() => new() { LedgerFile = File, ApiKey = Sandbox.ApiKey };

    private static Task<Outcome> CancelAsync(Sandbox sandbox, string id, string key) =>
        sandbox
            .As<ICancelSubscriptions>()
            .CancelAsync(
                new()
                {
                    IdempotencyKey = key,
                    SubscriptionId = id,
                    Timing = CancelTiming.AtPeriodEnd,
                },
                CancellationToken.None
            );

    private static string Rows(JsonElement ledger) =>
        string.Join(
            '\n',
            ledger
                .EnumerateObject()
                .Where(part => part.Value.ValueKind == JsonValueKind.Array && part.Name is not ("commands" or "events"))
                .SelectMany(part => part.Value.EnumerateArray().Select(row => row.GetRawText()).Order(StringComparer.Ordinal))
        );
}
