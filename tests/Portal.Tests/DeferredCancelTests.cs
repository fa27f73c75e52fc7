using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Kernel.Work;
using Portal.Subscriptions.Data;
using Portal.Tests.Support;
using Portal.TestSupport;
using ConnectionInfo = Portal.Connections.Contract.ConnectionInfo;

namespace Portal.Tests;

/// <summary>PayFast cannot end a subscription at its period's end: the portal does it, once, on time, and not when the buyer thinks again.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class DeferredCancelTests(Db db)
{
    private const string Merchant = "10000100";
    private const string Passphrase = "Demo Pass-phrase_1";
    private const string Email = "thandi@example.com";
    private const string Token = "0a1b2c3d-1111-4222-8333-444455556666";
    private readonly ConcurrentQueue<string> cancels = [];
    private PortalUnderTest portal = null!;
    private StubServer payFast = null!;
    private ConnectionInfo connection = null!;
    private DateTimeOffset nextRun;
    private volatile bool ended;
    private volatile bool loseReply;

    [SetUp]
    public async Task Start()
    {
        cancels.Clear();
        (ended, loseReply) = (false, false);
        payFast = await StubServer.StartAsync(AnswerAsync);
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        nextRun = portal.Now.AddDays(20).Date;
        connection = await portal.ConnectAsync(
            "payfast",
            "PayFast",
            new Dictionary<string, string>
            {
                ["merchantId"] = Merchant,
                ["passphrase"] = Passphrase,
                ["apiBase"] = payFast.Address.ToString(),
            }
        );
        await NotifyAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        await portal.DisposeAsync();
        await payFast.DisposeAsync();
    }

    [Test]
    public async Task It_is_scheduled_seen_and_done_once_at_its_time()
    {
        using var browser = await portal.SignedInAsync(Email);
        var page = await CancelAsync(browser);
        (await browser.GetAsync(page)).Words.Should().Contain("This subscription ends on").And.Contain("Keep my subscription");
        (await portal.MailsAsync(Email, "cancellation-scheduled")).Should().ContainSingle();
        cancels.Should().BeEmpty();

        // A day before the charge, not earlier.
        portal.Clock.MoveTo(nextRun.AddHours(-24).AddSeconds(-1));
        (await WorkAsync()).Should().BeFalse();
        cancels.Should().BeEmpty();
        portal.Clock.Advance(TimeSpan.FromSeconds(2));
        await UntilClosedAsync(ActionEnd.Done);

        cancels.Should().Equal(Token);
        portal.Clock.Advance(TimeSpan.FromDays(3));
        (await WorkAsync()).Should().BeFalse();
        cancels.Should().Equal(Token);
        using var later = await portal.SignedInAsync(Email);
        (await later.GetAsync(page)).Words.Should().Contain("Canceled").And.Contain("paid", "what was paid for stays hers");
        (await portal.MailsAsync(Email, "subscription-ended")).Should().ContainSingle();
    }

    [Test]
    public async Task Taken_back_before_its_time_nothing_is_ever_sent()
    {
        using var browser = await portal.SignedInAsync(Email);
        var page = await CancelAsync(browser);

        var kept = await browser.FollowAsync(await browser.SubmitAsync(await browser.GetAsync(page), $"form[action='{page}/undo-cancel']"));

        kept.Words.Should().NotContain("ends on");
        portal.Clock.MoveTo(nextRun.AddDays(1));
        (await WorkAsync()).Should().BeFalse();
        payFast.Requests.Where(r => r.Method != "GET" && r.PathAndQuery.Contains("/subscriptions/", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Test]
    public async Task It_survives_a_restart_and_is_still_done_once()
    {
        using (var browser = await portal.SignedInAsync(Email))
        {
            await CancelAsync(browser);
        }

        portal = await portal.RestartAsync();
        using (var browser = await portal.SignedInAsync(Email))
        {
            (await browser.VisitAsync("/subscriptions")).Words.Should().Contain("Ends on");
        }

        // Due while nobody is there to do it.
        await portal.StopAsync();
        portal.Clock.MoveTo(nextRun.AddHours(-23));
        cancels.Should().BeEmpty();
        portal = await portal.RestartAsync();
        await UntilClosedAsync(ActionEnd.Done);
        portal = await portal.RestartAsync();
        (await WorkAsync()).Should().BeFalse();

        cancels.Should().Equal(Token);
    }

    [SecurityCase("Z5", "two nodes that claim at once send one command")]
    [Test]
    public async Task Two_nodes_that_claim_at_once_send_it_once()
    {
        using (var browser = await portal.SignedInAsync(Email))
        {
            await CancelAsync(browser);
        }

        var second = await portal.SecondNodeAsync();
        try
        {
            portal.Clock.MoveTo(nextRun.AddHours(-24));
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => WorkAsync(i % 2 == 0 ? portal : second)));
            await UntilClosedAsync(ActionEnd.Done);

            cancels.Should().Equal(Token);
        }
        finally
        {
            await second.StopAsync();
        }
    }

    [Test]
    public async Task A_lost_reply_is_asked_for_and_not_sent_again()
    {
        using (var browser = await portal.SignedInAsync(Email))
        {
            await CancelAsync(browser);
        }

        loseReply = true;
        portal.Clock.MoveTo(nextRun.AddHours(-24));
        await Poller.UntilAsync(
            async () => await portal.AskAsync(data => data.AllOwners<SubscriptionAction>().AnyAsync(a => a.SentAt != null && a.LeaseHolder == null)),
            "the reply to be lost"
        );
        portal.Clock.Advance(TimeSpan.FromSeconds(16));
        await UntilClosedAsync(ActionEnd.Done);

        cancels.Should().Equal(Token);
    }

    [Test]
    public async Task A_notification_PayFast_does_not_confirm_is_parked()
    {
        var before = await portal.CountAsync("orders_payment");

        await NotifyAsync(payment: "INVALID-1");

        (await portal.CountAsync("connections_inbox", "\"State\" = 'Parked' and \"Reason\" like '%did not send%'")).Should().Be(1);
        (await portal.CountAsync("orders_payment")).Should().Be(before);
    }

    private static async Task<string> CancelAsync(Browser browser)
    {
        var page = (await browser.GetAsync("/subscriptions")).Page.QuerySelector("main a.row-title")!.GetAttribute("href")!;
        var answer = await browser.SubmitAsync(await browser.GetAsync(page + "/cancel"));
        answer.Location.Should().Be(page);
        return page;
    }

    /// <summary>PayFast tells that a subscription began.</summary>
    private async Task NotifyAsync(string payment = "1089250")
    {
        var body = Signatures.PayFast(
            [
                ("m_payment_id", "order-" + payment),
                ("pf_payment_id", payment),
                ("payment_status", "COMPLETE"),
                ("item_name", "Studio Membership"),
                ("amount_gross", "690.00"),
                ("amount_fee", "-15.75"),
                ("amount_net", "674.25"),
                ("name_first", "Thandi"),
                ("name_last", "Nkosi"),
                ("email_address", Email),
                ("merchant_id", Merchant),
                ("token", Token),
                ("billing_date", "2027-01-15"),
            ],
            Passphrase
        );
        using var processor = portal.Open();
        using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        (await processor.SendAsync(HttpMethod.Post, $"/webhooks/payfast/{connection.PublicId}", content))
            .Code.Should()
            .Be(200, PortalUnderTest.LastWords());
        await Poller.UntilAsync(
            async () => await portal.CountAsync("connections_inbox", "\"State\" not in ('Done', 'Parked')") == 0,
            "the notification to be read"
        );
    }

    private Task<bool> WorkAsync(PortalUnderTest? node = null) =>
        (node ?? portal).Services.GetRequiredService<Worker<SubscriptionAction>>().WorkNextAsync(CancellationToken.None);

    private Task<SubscriptionAction> UntilClosedAsync(ActionEnd end) =>
        Poller.UntilAsync(
            () => portal.AskAsync(data => data.AllOwners<SubscriptionAction>().AsNoTracking().SingleAsync()),
            a => a.End == end && a.State == WorkState.Done,
            $"the action to be {end}"
        );

    private async Task AnswerAsync(StubRequest request, HttpResponse response)
    {
        var path = request.PathAndQuery.Split('?')[0];
        if (path == "/eng/query/validate")
        {
            await response.WriteAsync(request.Text.Contains("INVALID", StringComparison.Ordinal) ? "INVALID" : "VALID");
        }
        else if (path.EndsWith("/fetch", StringComparison.Ordinal))
        {
            await JsonAsync(
                response,
                new
                {
                    amount = 69000,
                    cycles = 0,
                    cycles_complete = 1,
                    frequency = 3,
                    run_date = nextRun.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
                    status = ended ? 2 : 1,
                    status_reason = "",
                    status_text = ended ? "CANCELLED" : "ACTIVE",
                    token = Token,
                }
            );
        }
        else if (path.EndsWith("/cancel", StringComparison.Ordinal))
        {
            cancels.Enqueue(path.Split('/')[^2]);
            ended = true;
            if (loseReply)
            {
                response.HttpContext.Abort();
                return;
            }

            await JsonAsync(response, true);
        }
        else if (path == "/transactions/history")
        {
            // The hourly reconciliation finds nothing new.
            response.StatusCode = 200;
        }
        else
        {
            response.StatusCode = 404;
            await response.WriteAsync("""{"code":404,"status":"failed"}""");
        }
    }

    private static Task JsonAsync(HttpResponse response, object body)
    {
        response.ContentType = "application/json";
        return response.WriteAsync(
            JsonSerializer.Serialize(
                new
                {
                    code = 200,
                    status = "success",
                    data = new { response = body },
                }
            )
        );
    }
}
