namespace Portal.BrowserTests;

/// <summary>A buyer's addresses on a phone: one more, and another main one, each by the mail that proves it.</summary>
public sealed class EmailAddressesTests : BrowserTest
{
    private static readonly object[] Languages = [Words.English, Words.German];

    [TestCaseSource(nameof(Languages))]
    public async Task An_address_is_added_and_the_main_one_changed(object language)
    {
        var words = (Words)language;
        var buyer = await Demo.Sandbox.NewBuyerAsync("font-club-monthly-eur");
        var (further, main) = ("further." + buyer.Email, "main." + buyer.Email);
        var visitor = await VisitorAsync(Device.Phone, words);
        await visitor.SignInAsync(buyer.Email);

        await visitor.GoAsync("/profile/emails");
        await visitor.LookAsync();
        await visitor.FollowAsync("/profile/emails/add");
        await visitor.LookAsync();
        await ConfirmAsync(visitor, further);
        await visitor.Page.Locator(".notice.good").IsShownAsync();
        await visitor.Page.Locator("main .row-title").Nth(1).HasTextAsync(further);
        await visitor.LookAsync();

        await visitor.FollowAsync("/profile/emails/change");
        await visitor.LookAsync();
        await ConfirmAsync(visitor, main);
        await visitor.Page.Locator("main .row-title").First.HasTextAsync(main);
        await visitor.LookAsync();

        visitor.Expects(422);
        await visitor.FollowAsync("/profile/emails/add");
        await visitor.Page.FillAsync("#email", further);
        await visitor.Page.Locator("main button.button").ClickAsync();
        await visitor.Page.Locator("#email[aria-invalid=true]").IsShownAsync();
        await visitor.LookAsync();

        await OpenMailAsync(visitor, buyer.Email);
        await visitor.Page.Locator("main a[href*='/link/']").First.ClickAsync();
        await visitor.LookAsync();
        await visitor.Page.Locator("main button").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/link/done/Undone");
        await visitor.LookAsync();
    }

    private static async Task ConfirmAsync(Visitor visitor, string email)
    {
        await visitor.Page.FillAsync("#email", email);
        await visitor.Page.Locator("main button.button").ClickAsync();
        await visitor.Page.Locator("main .notice").IsShownAsync();
        await visitor.LookAsync();
        await OpenMailAsync(visitor, email);
        await visitor.Page.Locator("main a[href*='/link/']").First.ClickAsync();
        await visitor.LookAsync();
        await visitor.Page.Locator("main button").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/profile/emails?news=*");
    }

    /// <summary>The newest one to this address.</summary>
    private static async Task OpenMailAsync(Visitor visitor, string email)
    {
        await visitor.GoAsync("/demo/mailbox");
        var row = visitor
            .Page.Locator("main li.row")
            .Filter(new() { HasTextRegex = new($@"\s{System.Text.RegularExpressions.Regex.Escape(email)},") })
            .First;
        await visitor.ReloadUntilAsync(row);
        await row.Locator("a").ClickAsync();
    }
}
