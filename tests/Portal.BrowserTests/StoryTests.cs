using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>The main job, start to end, as a buyer does it: sign in by mail, look at everything, cancel, undo, cancel again.</summary>
public sealed class StoryTests : BrowserTest
{
    private const string Plan = "atelier-pro-monthly-eur";
    private const string Purchase = "lindenhof-eur";

    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task A_buyer_helps_herself(object language, object screen)
    {
        var (words, device) = ((Words)language, (Device)screen);
        var buyer = await Demo.Sandbox.NewBuyerAsync(Plan);
        var visitor = await VisitorAsync(device, words);
        await visitor.SignInAsync(buyer.Email, look: true);

        // A live purchase: the processor's webhook brings it onto the page, its invoice in her language.
        await Demo.Sandbox.BuyAsync(buyer, Purchase);
        await visitor.ReloadUntilAsync(visitor.Page.GetByText("Lindenhof").First);
        await SeesOverviewAsync(visitor, buyer);
        await SeesOrdersAsync(visitor);
        await SeesInvoiceAsync(visitor);
        await SeesPaymentsAsync(visitor);
        await SeesSubscriptionAsync(visitor);
        await CancelsAsync(visitor, buyer);
    }

    private static async Task SeesOverviewAsync(Visitor visitor, DemoBuyer buyer)
    {
        await visitor.Heading.HasTextAsync(visitor.Words.Hello + buyer.Name);
        await visitor.Page.Locator("main .badge.good").Filter(new() { HasText = visitor.Words.Active }).First.IsShownAsync();
        await visitor.Page.Locator("main a[href^='/invoices/']").First.IsShownAsync();
        var next = (await Demo.Sandbox.SubscriptionOfAsync(buyer)).CurrentPeriodEnd;
        await visitor.Page.Locator("main .grid").HasTextAsync(visitor.Words.Day(next));
        await visitor.LookAsync();
    }

    private static async Task SeesOrdersAsync(Visitor visitor)
    {
        await visitor.TabAsync("/orders");
        await visitor.Heading.HasTextAsync(visitor.Words.Orders);
        (await visitor.Page.Locator("main li.row").CountAsync()).Should().Be(2);
        await visitor.LookAsync();

        await visitor.Page.GetByRole(AriaRole.Link).Filter(new() { HasText = "Lindenhof" }).ClickAsync();
        await visitor.Page.Locator("main tr.total .money").HasTextAsync("79");
        await visitor.LookAsync();
    }

    private static async Task SeesInvoiceAsync(Visitor visitor)
    {
        await visitor.Page.Locator("main a.row-title[href^='/invoices/']").ClickAsync();
        await visitor.Heading.HasTextAsync(visitor.Words.Invoice);
        var number = await visitor.Page.Locator(".doc-number").TextAsync();
        var total = await visitor.Page.Locator(".doc-totals .total .money").TextAsync();
        total.Should().Contain("79");
        await visitor.LookAsync();

        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Page.Locator("main a[href$='.pdf']").ClickAsync());
        download.SuggestedFilename.Should().Be(number + ".pdf");
        var pdf = await PdfFile.ReadAsync(await download.PathAsync());
        pdf.Text.Should().Contain(number).And.Contain(total).And.Contain("Lindenhof");
        pdf.Title.Should().Contain(visitor.Words.Invoice).And.Contain(number);
        pdf.IsTagged.Should().BeTrue();
        pdf.Fonts.Should().NotBeEmpty().And.OnlyContain(f => f.IsEmbedded);
    }

    private static async Task SeesPaymentsAsync(Visitor visitor)
    {
        await visitor.TabAsync("/payments");
        await visitor.Heading.HasTextAsync(visitor.Words.Payments);
        await visitor.LookAsync();

        await visitor.Page.Locator("main th[scope=row] a[href^='/payments/']").First.ClickAsync();
        await visitor.Heading.HasTextAsync("79");
        await visitor.Page.Locator("main dl.facts").First.HasTextAsync("4242");
        await visitor.LookAsync();
    }

    private static async Task SeesSubscriptionAsync(Visitor visitor)
    {
        await visitor.TabAsync("/subscriptions");
        await visitor.Heading.HasTextAsync(visitor.Words.Subscriptions);
        await visitor.LookAsync();

        await visitor.Page.Locator("main a.row-title").ClickAsync();
        await visitor.Heading.HasTextAsync("Atelier Pro");
        await visitor.Page.Locator(".page-head .badge").HasTextAsync(visitor.Words.Active);
        await visitor.LookAsync();

        await visitor.Page.Locator("main a[href$='/payment-method']").ClickAsync();
        await visitor.LookAsync();
        await visitor.Page.Locator("main a.back").ClickAsync();
    }

    private static async Task CancelsAsync(Visitor visitor, DemoBuyer buyer)
    {
        var before = await Demo.Sandbox.SubscriptionOfAsync(buyer);
        var day = visitor.Words.Day(before.CurrentPeriodEnd);
        before.WillCancel.Should().BeFalse();

        await visitor.Page.Locator("main a[href$='/cancel']").ClickAsync();
        await visitor.Page.Locator("main form > :first-child").HasTextAsync(visitor.Words.WillEndOn + day);
        await visitor.LookAsync();

        await CancelAsync(visitor, day);
        (await Demo.Sandbox.SubscriptionOfAsync(buyer)).Should().BeEquivalentTo(new { WillCancel = true, CancelAt = before.CurrentPeriodEnd });
        await visitor.LookAsync();

        await visitor.Page.Locator("main form[action$='/undo-cancel'] button").ClickAsync();
        await visitor.Page.Locator(".page-head .badge").HasTextAsync(visitor.Words.Active);
        (await Demo.Sandbox.SubscriptionOfAsync(buyer)).WillCancel.Should().BeFalse();

        await visitor.Page.Locator("main a[href$='/cancel']").ClickAsync();
        await CancelAsync(visitor, day);
        (await Demo.Sandbox.SubscriptionOfAsync(buyer)).WillCancel.Should().BeTrue();
        (await Demo.Sandbox.CommandsForAsync(before.Id)).Should().Equal("subscriptions.cancel", "subscriptions.undo_cancel", "subscriptions.cancel");
    }

    private static async Task CancelAsync(Visitor visitor, string day)
    {
        var button = visitor.Page.Locator("main button.danger");
        await button.HasTextAsync(visitor.Words.CancelOn + day);
        await button.ClickAsync();
        await visitor.Page.Locator(".page-head .badge").HasTextAsync(visitor.Words.Scheduled);
        await visitor.Page.Locator("main .notice").First.HasTextAsync(visitor.Words.EndsOn + day);
    }
}
