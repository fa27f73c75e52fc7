using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>The ways in by mail that need more than a click: a code read elsewhere, a link gone stale, an address forgotten.</summary>
public sealed partial class SignInTests : BrowserTest
{
    private const string Plan = "font-club-monthly-eur";

    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task A_code_read_elsewhere_is_typed_where_it_was_asked_for(object language, object screen)
    {
        var (words, device) = ((Words)language, (Device)screen);
        var buyer = await Demo.Sandbox.NewBuyerAsync(Plan);
        var visitor = await VisitorAsync(device, words);
        var elsewhere = await VisitorAsync(words: words);
        await AskAsync(visitor, buyer.Email);
        await elsewhere.OpenMailAsync(buyer.Email);
        var code = Code().Match(await elsewhere.Page.Locator("main").InnerTextAsync()).Value;

        visitor.Expects(422);
        await visitor.Page.FillAsync("#code", code == "000000" ? "111111" : "000000");
        await visitor.Page.Locator("form[action='/sign-in/code'] button").ClickAsync();
        await visitor.Page.Locator("#code-error").IsShownAsync();
        (await visitor.Page.Locator("*:focus").GetAttributeAsync("id")).Should().Be("code", "she can type at once");
        await visitor.LookAsync();

        await visitor.Page.Keyboard.TypeAsync($"{code[..3]} {code[3..]}");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.Page.WaitForURLAsync(Demo.Address.AbsoluteUri);

        // The link beside it is used up with it; one press mails another.
        elsewhere.Expects(410);
        await elsewhere.Page.Locator("main a[href*='/sign-in/']").First.ClickAsync();
        await elsewhere.LookAsync();
        await elsewhere.Page.Locator("main button").ClickAsync();
        await elsewhere.Heading.HasTextAsync(words.CheckMail);
    }

    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task The_pages_beside_are_in_order(object language, object screen)
    {
        var (words, device) = ((Words)language, (Device)screen);
        var visitor = await VisitorAsync(device, words);

        await visitor.GoAsync("/sign-in");
        await visitor.FollowAsync("/sign-in/code");
        await visitor.LookAsync();
        await visitor.FollowAsync("/sign-in/help");
        await visitor.LookAsync();
        visitor.Expects(422);
        await visitor.Page.FillAsync("#number", "LF-1");
        await visitor.Page.FillAsync("#reference", "pi_1");
        await visitor.Page.Locator("main button").ClickAsync();
        await visitor.Page.Locator("#proof-error").IsShownAsync();
        await visitor.LookAsync();
    }

    /// <summary>Asks until a mail comes: somebody the processor has told of a moment ago may not be known yet.</summary>
    private static async Task AskAsync(Visitor visitor, string email)
    {
        await visitor.AskForLinkAsync(email, look: true);
        if (await visitor.MailComesAsync(email))
        {
            await visitor.GoAsync("/sign-in/sent");
        }
        else
        {
            await visitor.AskForLinkAsync(email);
        }
    }

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex Code();
}
