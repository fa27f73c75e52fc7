namespace Portal.BrowserTests;

/// <summary>Signed out while typing: nothing of it is lost.</summary>
public sealed class KeptFormTests : BrowserTest
{
    private const string Typed = "I was called away\nwhile typing “this”.";

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_she_typed_is_there_when_she_comes_back(bool scripts)
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync("atelier-pro-monthly-eur");
        var laptop = await VisitorAsync(scripts: scripts);
        await laptop.SignInAsync(buyer.Email);
        await laptop.TabAsync("/subscriptions");
        await laptop.Page.Locator("main a.row-title").First.ClickAsync();
        await laptop.Page.Locator("main a[href$='/cancel']").ClickAsync();
        await laptop.Page.CheckAsync("input[value=missing]");
        await laptop.Page.FillAsync("#words", Typed);
        var form = laptop.Page.Url;

        var phone = await VisitorAsync(Device.Phone);
        await phone.SignInAsync(buyer.Email);
        await phone.GoAsync("/profile/security");
        await phone.LookAsync();
        await phone.Page.Locator("main form[action$='/sign-out-everywhere'] button").ClickAsync();
        await phone.Heading.HasTextAsync(phone.Words.SignIn);
        await phone.GoAsync("/demo/mailbox");
        var mails = phone.Page.Locator("li.row").Filter(new() { HasText = buyer.Email }).Filter(new() { HasText = phone.Words.SignInSubject });
        var before = await mails.CountAsync();

        await laptop.Page.Locator("main button.danger").ClickAsync();
        await laptop.Heading.HasTextAsync(laptop.Words.SignIn);
        await laptop.Page.FillAsync("input[type=email]", buyer.Email);
        await laptop.Page.Locator("main form[action='/sign-in'] button").ClickAsync();
        await phone.ReloadUntilAsync(mails.Nth(before));
        await laptop.GoAsync((await mails.First.Locator("a").GetAttributeAsync("href"))!);
        await laptop.Page.Locator("main a[href*='/sign-in/']").First.ClickAsync();
        await laptop.Page.Locator("main button").ClickAsync();

        await laptop.Page.WaitForURLAsync(form);
        await laptop.Page.Locator("main form .notice[role=status]").IsShownAsync();
        (await laptop.Page.InputValueAsync("#words")).Should().Be(Typed);
        (await laptop.Page.IsCheckedAsync("input[value=missing]")).Should().BeTrue();
        if (scripts)
        {
            await laptop.LookAsync();
        }

        await laptop.Page.Locator("main button.danger").ClickAsync();
        await laptop.Page.WaitForURLAsync(form[..^"/cancel".Length]);
    }
}
