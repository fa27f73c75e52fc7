using System.Diagnostics;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Subscriptions.Data;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>The story: what a processor knows, imported; a buyer who helps herself; a processor that hears of it.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class StoryTests(Db db)
{
    private PortalUnderTest portal = null!;
    private SandboxProcessor sandbox = null!;
    private int buyers;

    [OneTimeSetUp]
    public async Task Start()
    {
        // Near the real time, which the processor signs its webhooks with.
        var clock = new FakeClock(TimeProvider.System.GetUtcNow());
        portal = await PortalUnderTest.StartAsync(
            db,
            new PortalSetup
            {
                Clock = clock,
                PublicUrl = "http://127.0.0.1",
                Pdf = true,
            }
        );
        sandbox = await SandboxProcessor.StartAsync(portal);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await sandbox.DisposeAsync();
        await portal.DisposeAsync();
    }

    [TearDown]
    public Task Heal() => sandbox.HealAsync();

    [Test]
    public async Task A_buyer_finds_everything_the_processor_knows_of_her()
    {
        using var ada = await portal.SignedInAsync(SandboxProcessor.BuyerEmail);

        var overview = await ada.GetAsync("/");
        overview.Title.Should().Contain("Ada Moreau");
        overview.Words.Should().Contain("Atelier Pro").And.Contain("€19.00");

        var orders = await ada.GetAsync("/orders");
        orders.Words.Should().Contain("Lindenhof Font Family").And.Contain("Brush Pack: Ink & Wash").And.Contain("Partly refunded");
        var order = await ada.GetAsync(Link(orders, "Lindenhof"));
        order.Words.Should().Contain("Texture Library Vol. 2").And.Contain("Color Theory").And.Contain("Sandbox");

        var payments = await ada.GetAsync("/payments");
        payments.Words.Should().Contain("Visa ending in 4242");
        var payment = await ada.GetAsync(payments.Page.QuerySelector("th a[href^='/payments/']")!.GetAttribute("href")!);
        payment.Words.Should().Contain("Visa ending in 4242").And.Contain("Amount");

        var subscriptions = await ada.GetAsync("/subscriptions");
        subscriptions.Words.Should().Contain("Atelier Pro").And.Contain("Cloud Archive 200 GB (Yearly)");
        var subscription = await ada.GetAsync(Link(subscriptions, "Atelier Pro"));
        subscription.Words.Should().Contain("€19.00").And.Contain("Active").And.Contain("Next payment");
    }

    [Test]
    public async Task Her_invoice_is_a_page_and_a_file_with_the_same_totals()
    {
        using var ada = await portal.SignedInAsync(SandboxProcessor.BuyerEmail);
        var order = await ada.GetAsync(Link(await ada.GetAsync("/orders"), "Lindenhof"));
        var total = order.Page.QuerySelector("tr.total .money")!.TextContent.Trim();

        var invoice = await ada.FollowAsync(await ada.SubmitAsync(order));
        var file = await ada.GetAsync(invoice.Path + ".pdf");

        invoice.Page.QuerySelector(".doc-totals .total .money")!.TextContent.Trim().Should().Be(total);
        file.Code.Should().Be(200, "{0}\n{1}", file.Status, PortalUnderTest.LastWords());
        file.Header("Content-Type").Should().Be("application/pdf");
        file.Header("Content-Disposition").Should().Contain("INV-");
        Encoding.ASCII.GetString(file.Bytes, 0, 5).Should().Be("%PDF-");
        var text = await TextOfAsync(file.Bytes);
        text.Should().Contain(total).And.Contain("Lindenhof Font Family, Desktop License").And.Contain("Ada Moreau");
    }

    [Test]
    public async Task She_cancels_takes_it_back_and_cancels_again_and_the_processor_hears_each_once()
    {
        var (browser, page, id) = await SubscriberAsync();
        using var _ = browser;

        var canceled = await CancelAsync(browser, page);
        canceled.Words.Should().Contain("This subscription ends on").And.Contain("Cancellation scheduled");
        var first = (await sandbox.CommandsAsync(id)).Should().ContainSingle().Subject;
        first.GetProperty("operation").GetString().Should().Be("subscriptions.cancel");
        first.GetProperty("idempotency_key").GetString().Should().StartWith("act_");
        (await sandbox.SubscriptionAsync(id)).GetProperty("will_cancel").GetBoolean().Should().BeTrue();
        await sandbox.SettleAsync();
        await InboxDoneAsync();
        (await portal.CountAsync("connections_inbox", "\"EventType\" = 'subscription.updated'")).Should().BePositive("its webhook arrived");
        (await browser.GetAsync(page)).Words.Should().Contain("This subscription ends on");

        var kept = await browser.FollowAsync(await browser.SubmitAsync(await browser.GetAsync(page), $"form[action='{page}/undo-cancel']"));
        kept.Words.Should().NotContain("ends on").And.Contain("Active");
        (await sandbox.SubscriptionAsync(id)).GetProperty("will_cancel").GetBoolean().Should().BeFalse();

        (await CancelAsync(browser, page)).Words.Should().Contain("This subscription ends on");
        await sandbox.SettleAsync();
        await InboxDoneAsync();
        var commands = await sandbox.CommandsAsync(id);
        commands
            .Select(c => c.GetProperty("operation").GetString())
            .Should()
            .Equal("subscriptions.cancel", "subscriptions.undo_cancel", "subscriptions.cancel");
        commands.Select(c => c.GetProperty("idempotency_key").GetString()).Should().OnlyHaveUniqueItems();
        commands.Sum(c => c.GetProperty("repeated").GetInt32()).Should().Be(0);
    }

    [SecurityCase("Z5", "twenty cancellations at once are one command")]
    [Test]
    public async Task Twenty_presses_at_once_cancel_once()
    {
        var (browser, page, id) = await SubscriberAsync();
        using var _ = browser;
        var (action, fields) = Browser.Read(await browser.GetAsync(page + "/cancel"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.PostAsync(action, fields)));

        answers.Select(a => a.Code).Should().AllBeEquivalentTo(302);
        (await sandbox.CommandsAsync(id)).Should().ContainSingle().Which.GetProperty("repeated").GetInt32().Should().Be(0);
        (await browser.GetAsync(page)).Words.Should().Contain("This subscription ends on");
    }

    [SecurityCase("Z5", "twenty undos at once are one command")]
    [Test]
    public async Task Twenty_presses_at_once_take_it_back_once()
    {
        var (browser, page, id) = await SubscriberAsync();
        using var _ = browser;
        await CancelAsync(browser, page);
        var (action, fields) = Browser.Read(await browser.GetAsync(page), $"form[action='{page}/undo-cancel']");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.PostAsync(action, fields)));

        answers.Select(a => a.Code).Should().AllBeEquivalentTo(302);
        (await sandbox.CommandsAsync(id))
            .Select(c => c.GetProperty("operation").GetString())
            .Should()
            .Equal("subscriptions.cancel", "subscriptions.undo_cancel");
        (await browser.GetAsync(page)).Words.Should().Contain("Active").And.NotContain("ends on");
    }

    [Test]
    [SecurityCase("Z5", "ten cancellations and ten undos at once, while the processor takes up to three seconds: one after the other, never crossed")]
    public async Task Cancellations_and_undos_at_once_are_never_crossed()
    {
        var (browser, page, id) = await SubscriberAsync();
        using var _ = browser;
        var token = await browser.TokenAsync();
        await sandbox.DelayAsync("subscriptions.cancel", 3000);
        await sandbox.DelayAsync("subscriptions.undo_cancel", 1000);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => browser.PostAsync(page + (i % 2 == 0 ? "/cancel" : "/undo-cancel"), [new(Browser.TokenField, token)]))
        );

        answers.Select(a => a.Code).Should().AllBeEquivalentTo(302);
        await sandbox.HealAsync();
        await sandbox.SettleAsync();
        await InboxDoneAsync();
        (await OpenActionsAsync()).Should().Be(0);
        var commands = await sandbox.CommandsAsync(id);
        var operations = commands.Select(c => c.GetProperty("operation").GetString()).ToList();
        operations.Should().NotBeEmpty();
        operations
            .Should()
            .Equal(operations.Select((_, i) => i % 2 == 0 ? "subscriptions.cancel" : "subscriptions.undo_cancel"), "each answers the one before");
        commands.Sum(c => c.GetProperty("repeated").GetInt32()).Should().Be(0);
        commands.Select(c => c.GetProperty("idempotency_key").GetString()).Should().OnlyHaveUniqueItems();
        var ends = (await sandbox.SubscriptionAsync(id)).GetProperty("will_cancel").GetBoolean();
        (await browser.GetAsync(page)).Words.Contains("This subscription ends on", StringComparison.Ordinal).Should().Be(ends);
    }

    [Test]
    public async Task A_lost_reply_is_being_confirmed_never_sent_again_and_settled_by_asking()
    {
        var (browser, page, id) = await SubscriberAsync();
        using var _ = browser;
        await sandbox.WebhooksAsync(new { lose = true });
        await sandbox.FaultAsync("subscriptions.cancel", "lost_reply", times: 1);

        (await CancelAsync(browser, page)).Words.Should().Contain("We are confirming this");
        (await browser.GetAsync(page + "/cancel")).Location.Should().Be(page, "there is nothing to press twice");

        portal.Clock.Advance(TimeSpan.FromSeconds(16));
        var settled = await UntilAsync(browser, page, "This subscription ends on");
        settled.Words.Should().NotContain("We are confirming");
        var command = (await sandbox.CommandsAsync(id)).Should().ContainSingle().Subject;
        command.GetProperty("repeated").GetInt32().Should().Be(0);
    }

    [SecurityCase("W6", "a webhook that overtakes the reply of the call that caused it")]
    [Test]
    public async Task A_lost_reply_is_settled_by_the_webhook_when_that_is_quicker()
    {
        var (browser, page, id) = await SubscriberAsync();
        using var _ = browser;
        await sandbox.FaultAsync("subscriptions.cancel", "lost_reply", times: 1);

        await CancelAsync(browser, page);
        await sandbox.SettleAsync();

        await UntilAsync(browser, page, "This subscription ends on");
        (await sandbox.CommandsAsync(id)).Should().ContainSingle();
        (await OpenActionsAsync()).Should().Be(0);
    }

    [Test]
    public async Task While_the_processor_is_down_the_wish_is_kept_and_sent_with_the_same_key_once_it_is_certain_that_nothing_happened()
    {
        var (browser, page, id) = await SubscriberAsync();
        using var _ = browser;
        await sandbox.FaultAsync("*", "error500");

        (await CancelAsync(browser, page)).Words.Should().Contain("We are confirming this");
        var key = await portal.AskAsync(data => data.AllOwners<SubscriptionAction>().OrderByDescending(a => a.Id).Select(a => a.Key).FirstAsync());
        await sandbox.HealAsync();

        // The books do not show it, but for a while the command may still be on its way: it is only asked for.
        portal.Clock.Advance(TimeSpan.FromSeconds(16));
        await Poller.UntilAsync(
            async () =>
                await portal.AskAsync(data =>
                    data.AllOwners<SubscriptionAction>().AnyAsync(a => a.Key == key && a.Attempts == 2 && a.LeaseHolder == null)
                ),
            "the first question"
        );
        (await sandbox.CommandsAsync(id)).Should().BeEmpty();

        portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await UntilAsync(browser, page, "This subscription ends on");
        (await sandbox.CommandsAsync(id)).Should().ContainSingle().Which.GetProperty("idempotency_key").GetString().Should().Be(key);
    }

    [Test]
    public async Task A_refusal_is_told_with_its_reason_and_nothing_is_left_open()
    {
        var (browser, page, _) = await SubscriberAsync();
        using var __ = browser;
        await sandbox.FaultAsync("subscriptions.cancel", "decline", times: 1);

        var refused = await CancelAsync(browser, page);

        refused.Page.QuerySelector(".notice.bad")!.TextContent.Should().Contain("Sandbox did not accept this");
        refused.Page.QuerySelectorAll(".notice.bad p").Should().HaveCount(2, "the reason stands below");
        refused.Words.Should().Contain("Active").And.Contain("Cancellation refused");
        (await CancelAsync(browser, page)).Words.Should().Contain("This subscription ends on", "she may try again");
    }

    [SecurityCase("W6", "doubled and reversed webhooks of one subscription end alike")]
    [Test]
    public async Task Webhooks_that_come_doubled_and_in_reverse_end_in_the_same_state()
    {
        await sandbox.WebhooksAsync(new { duplicate = 3, reverse = true });
        var (browser, page, id) = await SubscriberAsync();
        using var _ = browser;

        await CancelAsync(browser, page);
        await browser.SubmitAsync(await browser.GetAsync(page), $"form[action='{page}/undo-cancel']");
        await sandbox.SettleAsync();
        await InboxDoneAsync();

        (await browser.GetAsync(page)).Words.Should().Contain("Active").And.NotContain("ends on");
        (await portal.CountAsync("subscriptions_subscription", $"\"ProcessorId\" = '{id}'")).Should().Be(1);
        (await browser.GetAsync("/payments")).Page.QuerySelectorAll("tbody tr").Should().HaveCount(1);
    }

    /// <summary>A signed-in buyer with one running subscription, its page and its id at the processor.</summary>
    private async Task<(Browser Browser, string Page, string Id)> SubscriberAsync()
    {
        var email = $"subscriber{Interlocked.Increment(ref buyers)}@example.com";
        var id = await sandbox.SubscribeAsync(email);
        await Poller.UntilAsync(
            async () => await portal.CountAsync("subscriptions_subscription", $"\"ProcessorId\" = '{id}'") == 1,
            "the new subscription"
        );
        await InboxDoneAsync();
        var browser = await portal.SignedInAsync(email);
        return (browser, Link(await browser.GetAsync("/subscriptions"), "Atelier Pro"), id);
    }

    private static async Task<Answer> CancelAsync(Browser browser, string page) =>
        await browser.FollowAsync(
            await browser.SubmitAsync(await browser.GetAsync(page + "/cancel"), null, ("Reason", "price"), ("Words", "Too dear."))
        );

    private static Task<Answer> UntilAsync(Browser browser, string page, string words) =>
        Poller.UntilAsync(() => browser.GetAsync(page), a => a.Words.Contains(words, StringComparison.Ordinal), words);

    /// <summary>What met another delivery and pauses a second gets its second.</summary>
    private Task InboxDoneAsync() =>
        Poller.UntilAsync(
            async () =>
            {
                portal.Clock.Advance(TimeSpan.FromMilliseconds(50));
                return await portal.CountAsync("connections_inbox", "\"State\" <> 'Done'") == 0;
            },
            "the inbox to be worked"
        );

    private Task<long> OpenActionsAsync() => portal.CountAsync("subscriptions_action", "\"OpenFor\" is not null");

    private static string Link(Answer list, string text) =>
        list.Page.QuerySelectorAll("main a.row-title").First(a => a.TextContent.Contains(text, StringComparison.Ordinal)).GetAttribute("href")!;

    private static async Task<string> TextOfAsync(byte[] pdf)
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder.Combine("file.pdf"), pdf);
        using var tool = Process.Start(
            new ProcessStartInfo("pdftotext", ["-layout", folder.Combine("file.pdf"), "-"]) { RedirectStandardOutput = true }
        )!;
        var text = await tool.StandardOutput.ReadToEndAsync();
        await tool.WaitForExitAsync();
        return text;
    }
}
