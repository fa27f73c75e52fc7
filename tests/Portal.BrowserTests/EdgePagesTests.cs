namespace Portal.BrowserTests;

/// <summary>Pages off the main road: nothing there yet, nothing there any more, never there.</summary>
public sealed class EdgePagesTests : BrowserTest
{
    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task They_are_as_sound_as_the_others(object language, object screen)
    {
        var visitor = await VisitorAsync((Device)screen, (Words)language);

        visitor.Expects(400);
        await visitor.GoAsync("/sign-in");
        await visitor.Page.Locator("main form[action='/sign-in']").EvaluateAsync("form => form.noValidate = true");
        await visitor.Page.FillAsync("input[type=email]", "nobody");
        await visitor.Page.Locator("main form[action='/sign-in'] button").ClickAsync();
        await visitor.Page.Locator("input[aria-invalid=true]").IsShownAsync();
        await visitor.LookAsync();

        visitor.Expects(410);
        await visitor.GoAsync("/sign-in/" + new string('a', 43));
        await visitor.Page.Locator("main form[action$='/fresh'] button").IsShownAsync();
        await visitor.LookAsync();

        visitor.Expects(404);
        await visitor.GoAsync("/not-here");
        await visitor.Heading.HasTextAsync(visitor.Words.NotFound);
        await visitor.LookAsync();
    }

    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task A_buyer_without_purchases_reads_why_and_what_to_do(object language, object screen)
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync();
        var visitor = await VisitorAsync((Device)screen, (Words)language);
        await visitor.SignInAsync(buyer.Email);
        await visitor.LookAsync();

        foreach (var path in new[] { "/orders", "/payments", "/subscriptions" })
        {
            await visitor.TabAsync(path);
            await visitor.Page.Locator("main .empty").IsShownAsync();
            await visitor.LookAsync();
        }
    }
}
