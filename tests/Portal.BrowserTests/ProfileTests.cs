using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>The profile's page, the longest form a buyer meets: refused, mended and saved, on every screen, in the dark and from right to left.</summary>
public sealed class ProfileTests : BrowserTest
{
    private const string Plan = "font-club-monthly-eur";

    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task She_mends_what_is_refused_and_finds_it_kept(object language, object screen)
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync(Plan);
        var visitor = await VisitorAsync((Device)screen, (Words)language);
        visitor.Expects(422);
        await visitor.SignInAsync(buyer.Email);
        await visitor.TabAsync("/profile");
        await visitor.Heading.HasTextAsync(visitor.Words.Profile);
        await visitor.LookAsync();

        await visitor.Page.FillAsync("#address-line1", "14 rue de la Charité");
        await visitor.Page.FillAsync("#address-city", "Lyon");
        await visitor.Page.SelectOptionAsync("#address-country", "FR");
        await visitor.Page.FillAsync("#taxid", "FR 40 303 265 046");
        await visitor.Page.ClickAsync("form[action='/profile'] button");
        await visitor.Page.Locator("[role=alert]").HasTextAsync(visitor.Words.SomeWrong);
        await visitor.Page.Locator("#address-postalcode[aria-invalid=true]").IsShownAsync();
        await visitor.Page.Locator("#taxid[aria-invalid=true]").IsShownAsync();
        (await visitor.Page.InputValueAsync("#address-line1")).Should().Be("14 rue de la Charité");
        await visitor.LookAsync();

        await visitor.Page.FillAsync("#address-postalcode", "69002");
        await visitor.Page.FillAsync("#taxid", "FR 40 303 265 045");
        await visitor.Page.CheckAsync("input[name=Marketing]");
        await visitor.Page.ClickAsync("form[action='/profile'] button");

        await visitor.Page.Locator("[role=status]").HasTextAsync(visitor.Words.ProfileSaved);
        (await visitor.Page.InputValueAsync("#taxid")).Should().Be("FR40303265045");
        await visitor.LookAsync();
        await visitor.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await visitor.LookAsync();
        await visitor.Page.EvaluateAsync("document.documentElement.dir = 'rtl'");
        await visitor.LookAsync();
    }

    [Test]
    public async Task It_works_without_scripts()
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync(Plan);
        var visitor = await VisitorAsync(Device.Phone, scripts: false);
        await visitor.SignInAsync(buyer.Email);
        await visitor.GoAsync("/profile");

        await visitor.Page.FillAsync("#name", "Nora Noscript");
        await visitor.Page.SelectOptionAsync("#language", "de");
        await visitor.Page.ClickAsync("form[action='/profile'] button");

        await visitor.Page.Locator("[role=status]").HasTextAsync("Ihr Profil ist gespeichert.");
        (await visitor.Page.InputValueAsync("#name")).Should().Be("Nora Noscript");
    }
}
