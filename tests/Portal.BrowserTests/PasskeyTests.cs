using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>Passkeys in a real browser, with a device of its own: offered, made, used, renamed, removed.</summary>
public sealed class PasskeyTests : BrowserTest
{
    private const string Plan = "font-club-monthly-eur";
    private const string Button = "form[data-passkey=get] button";
    private const string Create = "form[data-passkey=create] button";

    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task A_buyer_makes_a_passkey_signs_in_with_it_and_removes_it(object language, object screen)
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync(Plan);
        var visitor = await VisitorAsync((Device)screen, (Words)language);
        var (page, device) = (visitor.Page, await VirtualDevice.AddAsync(visitor.Page));
        await WithoutSuggestionsAsync(visitor);
        await visitor.SignInAsync(buyer.Email);

        await page.Locator("[data-passkey-offer]").IsShownAsync();
        await visitor.LookAsync();
        await page.Locator("[data-passkey-offer] a.button").ClickAsync();
        await page.Locator(Create).IsShownAsync();
        await visitor.LookAsync();
        await page.FillAsync("#label", "Test device");
        await page.Locator(Create).ClickAsync();
        await page.Locator("#passkeys .notice.good").IsShownAsync();
        await page.Locator("#passkeys .row-title").HasTextAsync("Test device");
        (await device.CountAsync()).Should().Be(1);
        await visitor.LookAsync();

        await page.Locator("#passkeys a[href$='/new']").ClickAsync();
        await page.Locator(Create).ClickAsync();
        await page.Locator("[data-passkey-problem=known]").IsShownAsync();
        await visitor.LookAsync();

        await SignOutAsync(visitor, device);
        await page.Locator(Button).IsShownAsync();
        await visitor.LookAsync();
        await device.TouchAsync(true);
        await page.Locator(Button).ClickAsync();
        await visitor.Heading.HasTextAsync(visitor.Words.Hello);
        (await page.Locator("[data-passkey-offer]").CountAsync()).Should().Be(0, "she has one");

        await visitor.GoAsync("/profile/security");
        await page.Locator("#passkeys .row a").First.ClickAsync();
        await visitor.LookAsync();
        visitor.Expects(422);
        await page.FillAsync("#label", "  ");
        await page.Locator("main form button").ClickAsync();
        await page.Locator("#label[aria-invalid=true]").IsShownAsync();
        await visitor.LookAsync();
        await page.FillAsync("#label", "Kitchen drawer");
        await page.Locator("main form button").ClickAsync();
        await page.Locator("#passkeys .row-title").HasTextAsync("Kitchen drawer");

        await page.Locator("#passkeys .row a[href$='/remove']").ClickAsync();
        await page.Locator("main button.danger").IsShownAsync();
        await visitor.LookAsync();
        await page.Locator("main button.danger").ClickAsync();
        await page.Locator("#passkeys .notice.good").IsShownAsync();
        (await page.Locator("#passkeys .row").CountAsync()).Should().Be(0);
        await visitor.LookAsync();

        // The device still has its half.
        await SignOutAsync(visitor, device);
        await page.Locator(Button).IsShownAsync();
        await device.TouchAsync(true);
        await page.Locator(Button).ClickAsync();
        await page.WaitForURLAsync("**/sign-in/passkey");
        await visitor.LookAsync();
        await page.Locator("main a.button").ClickAsync();
        await visitor.Heading.HasTextAsync(visitor.Words.SignIn);
    }

    [Test]
    public async Task A_passkey_among_the_suggestions_of_the_address_field_is_enough()
    {
        var (visitor, device) = await WithPasskeyAsync();
        await SignOutAsync(visitor, device);
        await device.TouchAsync(true);

        // Nothing is pressed: the device takes the suggestion by itself.
        await visitor.GoAsync("/sign-in?returnTo=/subscriptions");

        await visitor.Heading.HasTextAsync(visitor.Words.Subscriptions);
    }

    [Test]
    public async Task The_button_takes_over_from_the_suggestions()
    {
        var (visitor, device) = await WithPasskeyAsync();
        var gaveWay = new TaskCompletionSource();
        await visitor.Page.ExposeFunctionAsync("gaveWay", () => gaveWay.TrySetResult());

        // Suggestions nobody takes: the device would at once.
        await visitor.Page.AddInitScriptAsync(
            """
            const get = navigator.credentials.get.bind(navigator.credentials);
            navigator.credentials.get = asked => asked.mediation !== "conditional" ? get(asked) : new Promise((_, end) => {
              document.body.dataset.suggesting = "";
              asked.signal.addEventListener("abort", () => { gaveWay(); end(asked.signal.reason); });
            });
            """
        );
        await SignOutAsync(visitor, device);
        await visitor.Page.Locator("body[data-suggesting]").IsShownAsync();
        await device.TouchAsync(true);

        await visitor.Page.Locator(Button).ClickAsync();

        await gaveWay.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await visitor.Heading.HasTextAsync(visitor.Words.Hello);
    }

    [Test]
    public async Task It_works_by_keyboard_alone()
    {
        var (visitor, device) = await WithPasskeyAsync();
        await WithoutSuggestionsAsync(visitor);
        await SignOutAsync(visitor, device);
        await visitor.Page.Locator(Button).IsShownAsync();

        await visitor.TabToAsync(Button);
        await device.TouchAsync(true);
        await visitor.Page.Keyboard.PressAsync("Enter");

        await visitor.Heading.HasTextAsync(visitor.Words.Hello);
    }

    [Test]
    public async Task Whoever_gives_up_can_try_again()
    {
        var (visitor, device) = await WithPasskeyAsync();
        await WithoutSuggestionsAsync(visitor);
        await SignOutAsync(visitor, device);
        await visitor.Page.Locator(Button).IsShownAsync();
        await device.KnowAsync(false);
        await device.TouchAsync(true);

        await visitor.Page.Locator(Button).ClickAsync();
        await visitor.Page.Locator("[data-passkey-problem=other]").IsShownAsync();
        await visitor.LookAsync();
        await device.KnowAsync(true);
        await visitor.Page.Locator(Button).ClickAsync();

        await visitor.Heading.HasTextAsync(visitor.Words.Hello);
    }

    [Test]
    public async Task Whoever_was_signed_out_meanwhile_is_led_to_sign_in_and_back()
    {
        var visitor = await SignedInAsync();
        await VirtualDevice.AddAsync(visitor.Page);
        await visitor.GoAsync("/profile/security/passkeys/new");
        await visitor.Page.Locator(Create).IsShownAsync();
        await visitor.Page.Context.ClearCookiesAsync();

        await visitor.Page.Locator(Create).ClickAsync();

        await visitor.Page.WaitForURLAsync("**/sign-in?returnTo=%2Fprofile%2Fsecurity%2Fpasskeys%2Fnew");
    }

    [Test]
    public async Task Not_now_is_heard()
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync(Plan);
        var visitor = await VisitorAsync();
        await VirtualDevice.AddAsync(visitor.Page);
        await visitor.SignInAsync(buyer.Email);

        await visitor.Page.Locator("[data-passkey-offer] button").ClickAsync();

        await Assertions.Expect(visitor.Page.Locator("[data-passkey-offer]")).ToHaveCountAsync(0);
        await visitor.Page.Locator("form[action='/sign-out'] button").ClickAsync();
        await visitor.Heading.HasTextAsync(visitor.Words.SignIn);
        await visitor.SignInAsync(buyer.Email);
        (await visitor.Page.Locator("[data-passkey-offer]").CountAsync()).Should().Be(0);
    }

    [Test]
    public async Task A_device_that_makes_none_is_offered_none()
    {
        var visitor = await SignedInAsync();

        await Assertions.Expect(visitor.Page.Locator("[data-passkey-offer]")).ToBeHiddenAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_browser_without_passkeys_shows_no_dead_button(bool scripts)
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync(Plan);
        var visitor = await VisitorAsync(scripts: scripts);
        await visitor.Page.AddInitScriptAsync("delete window.PublicKeyCredential");
        await visitor.GoAsync("/sign-in");
        await Assertions.Expect(visitor.Page.Locator("form[data-passkey=get]")).ToBeHiddenAsync();
        await visitor.SignInAsync(buyer.Email);
        await Assertions.Expect(visitor.Page.Locator("[data-passkey-offer]")).ToBeHiddenAsync();

        await visitor.GoAsync("/profile/security");
        await Assertions.Expect(visitor.Page.Locator("#passkeys a[href$='/new']")).ToBeHiddenAsync();
        await visitor.Page.Locator("#passkeys [data-passkey-missing]").IsShownAsync();
        await visitor.GoAsync("/profile/security/passkeys/new");
        await Assertions.Expect(visitor.Page.Locator(Create)).ToBeHiddenAsync();
        await visitor.Page.Locator("[data-passkey-missing]").IsShownAsync();
    }

    private async Task<Visitor> SignedInAsync()
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync(Plan);
        var visitor = await VisitorAsync();
        await visitor.SignInAsync(buyer.Email);
        return visitor;
    }

    private async Task<(Visitor Visitor, VirtualDevice Device)> WithPasskeyAsync()
    {
        var visitor = await SignedInAsync();
        var device = await VirtualDevice.AddAsync(visitor.Page);
        await visitor.GoAsync("/profile/security/passkeys/new");
        await visitor.Page.Locator(Create).ClickAsync();
        await visitor.Page.Locator("#passkeys .notice.good").IsShownAsync();
        return (visitor, device);
    }

    /// <summary>The device would take a suggestion before the button is pressed.</summary>
    private static async Task WithoutSuggestionsAsync(Visitor visitor) =>
        await visitor.Page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");

    /// <summary>The device left alone first: else it would take the first suggestion of the sign-in page.</summary>
    private static async Task SignOutAsync(Visitor visitor, VirtualDevice device)
    {
        await device.TouchAsync(false);
        await visitor.Page.Locator("form[action='/sign-out'] button").ClickAsync();
        await visitor.Heading.HasTextAsync(visitor.Words.SignIn);
    }
}
