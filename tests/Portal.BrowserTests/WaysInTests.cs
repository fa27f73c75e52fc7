using Portal.TestSupport;

namespace Portal.BrowserTests;

/// <summary>The same job for those who browse otherwise: without scripts, without a mouse; and what stays behind afterwards.</summary>
public sealed class WaysInTests : BrowserTest
{
    private const string Plan = "font-club-monthly-eur";

    [Test]
    public async Task It_works_without_scripts()
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync(Plan);
        var visitor = await VisitorAsync(scripts: false);

        await visitor.SignInAsync(buyer.Email);
        await visitor.TabAsync("/subscriptions");
        await visitor.ReloadUntilAsync(visitor.Page.Locator("main a.row-title"));
        await visitor.Page.Locator("main a.row-title").ClickAsync();
        await visitor.Page.Locator("main a[href$='/cancel']").ClickAsync();
        await visitor.Page.Locator("main button.danger").ClickAsync();

        await visitor.Page.Locator(".page-head .badge").HasTextAsync(visitor.Words.Scheduled);
        (await Demo.Sandbox.SubscriptionOfAsync(buyer)).WillCancel.Should().BeTrue();
    }

    [Test]
    public async Task It_works_by_keyboard_alone_and_shows_where_one_is()
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync(Plan);
        var visitor = await VisitorAsync();
        var keyboard = visitor.Page.Keyboard;

        await visitor.GoAsync("/sign-in");
        await visitor.TabToAsync("input[type=email]");
        await keyboard.TypeAsync(buyer.Email);
        await keyboard.PressAsync("Enter");
        await visitor.Heading.HasTextAsync(visitor.Words.CheckMail);
        await visitor.OpenMailAsync(buyer.Email);
        await visitor.TabToAsync("main a[href*='/sign-in/']");
        await keyboard.PressAsync("Enter");
        await visitor.Heading.HasTextAsync(visitor.Words.Welcome);
        await visitor.TabToAsync("main button");
        await keyboard.PressAsync("Enter");
        await visitor.Heading.HasTextAsync(visitor.Words.Hello);

        await visitor.TabToAsync("nav.tabs a[href='/subscriptions']");
        await keyboard.PressAsync("Enter");
        await visitor.Heading.HasTextAsync(visitor.Words.Subscriptions);
        await visitor.ReloadUntilAsync(visitor.Page.Locator("main a.row-title"));
        await visitor.TabToAsync("main a.row-title");
        await keyboard.PressAsync("Enter");
        await visitor.Heading.HasTextAsync("Font Club");
        await visitor.TabToAsync("main a[href$='/cancel']");
        await keyboard.PressAsync("Enter");
        await visitor.Page.WaitForURLAsync("**/cancel");
        await visitor.TabToAsync("main button.danger");
        await keyboard.PressAsync("Enter");

        await visitor.Page.Locator(".page-head .badge").HasTextAsync(visitor.Words.Scheduled);
    }

    [Test]
    public async Task The_skip_link_leads_to_the_content()
    {
        var visitor = await VisitorAsync();

        await visitor.GoAsync("/sign-in");
        await visitor.TabToAsync("a.skip");
        await visitor.Page.Keyboard.PressAsync("Enter");

        (await visitor.Page.Locator("*:focus").GetAttributeAsync("id")).Should().Be("main");
    }

    [Test]
    public async Task A_chosen_language_is_remembered()
    {
        var visitor = await VisitorAsync(words: Words.English);

        await visitor.GoAsync("/sign-in?locale=de");
        await visitor.Heading.HasTextAsync(Words.German.SignIn);
        await visitor.GoAsync("/sign-in");
        await visitor.Heading.HasTextAsync(Words.German.SignIn);

        await visitor.Page.Locator("details.menu summary").ClickAsync();
        await visitor.Page.Locator("details.menu a[hreflang=en]").ClickAsync();
        await visitor.Heading.HasTextAsync(Words.English.SignIn);
        await visitor.GoAsync("/sign-in");
        await visitor.Heading.HasTextAsync(Words.English.SignIn);
    }

    [SecurityCase("E4", "Back shows nothing private after signing out")]
    [Test]
    public async Task After_signing_out_back_shows_nothing_private()
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync(Plan);
        var visitor = await VisitorAsync();
        await visitor.SignInAsync(buyer.Email);
        await visitor.TabAsync("/orders");
        await visitor.Heading.HasTextAsync(visitor.Words.Orders);

        await visitor.Page.Locator("form[action='/sign-out'] button").ClickAsync();
        await visitor.Heading.HasTextAsync(visitor.Words.SignIn);
        await visitor.Page.GoBackAsync();

        await visitor.Heading.HasTextAsync(visitor.Words.SignIn);
        (await visitor.Page.ContentAsync()).Should().NotContain(buyer.Email).And.NotContain("Font Club");
    }
}
