using System.Text.RegularExpressions;
using Portal.TestSupport;

namespace Portal.BrowserTests;

/// <summary>The merchant's side: set-up with the code the terminal showed, and every page behind it.</summary>
public sealed partial class MerchantTests : BrowserTest
{
    private const string Email = "merchant@example.com";
    private const string Password = "a long and calm pass phrase";

    /// <summary>The set-up page exists once; all of this is seen of it while it does.</summary>
    [OneTimeSetUp]
    public async Task Set_up_with_the_printed_code()
    {
        var code = (await Demo.Process.SaidAsync(SetUpCode())).Groups["code"].Value;
        foreach (var (words, device) in new[] { (Words.German, Device.Phone), (Words.English, Device.Desktop) })
        {
            var visitor = await VisitorAsync(device, words);
            await visitor.GoAsync("/admin");
            await visitor.Heading.HasTextAsync(words.SetUp);
            await visitor.LookAsync();
        }

        var merchant = await VisitorAsync();
        merchant.Expects(422);
        await merchant.GoAsync("/admin/setup");
        await FillAsync(merchant, "WRONG-CODE");
        await merchant.Page.Locator("#code[aria-invalid=true]").IsShownAsync();
        await merchant.LookAsync();
        await FillAsync(merchant, code);
        await merchant.Heading.HasTextAsync(merchant.Words.Dashboard);
        await Leave();
    }

    [SecurityCase("Z3", "set-up is closed for good once done")]
    [Test]
    public async Task The_set_up_page_is_gone_afterwards()
    {
        var visitor = await VisitorAsync();
        visitor.Expects(404);

        await visitor.GoAsync("/admin/setup");

        await visitor.Heading.HasTextAsync(visitor.Words.NotFound);
    }

    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task Every_page_is_sound(object language, object screen)
    {
        var words = (Words)language;
        var visitor = await VisitorAsync((Device)screen, words);
        await SignInAsync(visitor);
        await visitor.LookAsync();

        await visitor.TabAsync("/admin/connections");
        await visitor.Heading.HasTextAsync(words.Connections);
        var webhook = new Uri(await visitor.Page.Locator("code[data-copy]").First.InnerTextAsync());
        await visitor.LookAsync();
        await visitor.Page.Locator("main form[action$='/check'] button").First.ClickAsync();
        await visitor.Page.Locator("main .notice.good").First.IsShownAsync();
        await visitor.LookAsync();

        await visitor.GoAsync("/admin/connections/new");
        await visitor.Heading.HasTextAsync(words.AddConnection);
        await visitor.LookAsync();
        await visitor.FollowAsync("/admin/connections/new?plugin=stripe");
        await visitor.Page.Locator("#setting-apiKey").IsShownAsync();
        await visitor.LookAsync();

        await visitor.TabAsync("/admin/store");
        await visitor.Heading.HasTextAsync(words.Store);
        await visitor.LookAsync();
        await SeesParkedDeliveryAsync(visitor, webhook);
    }

    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task Everybody_sees_what_each_processor_can_do(object language, object screen)
    {
        var visitor = await VisitorAsync((Device)screen, (Words)language);

        await visitor.GoAsync("/capabilities");

        await visitor.Heading.HasTextAsync(visitor.Words.Capabilities);
        foreach (var processor in new[] { "Sandbox", "Stripe", "PayFast" })
        {
            await visitor.Page.Locator("th[scope=row]").Filter(new() { HasText = processor }).First.IsShownAsync();
        }

        await visitor.LookAsync();
    }

    [Test]
    public async Task A_wrong_password_is_refused()
    {
        var visitor = await VisitorAsync();
        visitor.Expects(422);

        await visitor.GoAsync("/admin/sign-in");
        await visitor.Page.FillAsync("#email", Email);
        await visitor.Page.FillAsync("#password", "not the pass phrase");
        await visitor.Page.Locator("main button").ClickAsync();

        await visitor.Page.Locator("main .notice.bad[role=alert]").IsShownAsync();
        await visitor.LookAsync();
    }

    [Test]
    public async Task What_the_store_form_says_buyers_see_at_once()
    {
        var visitor = await VisitorAsync();
        visitor.Expects(422);
        await SignInAsync(visitor);
        await visitor.TabAsync("/admin/store");
        var before = await visitor.Page.InputValueAsync("#BrandColor");

        await visitor.Page.FillAsync("#BrandColor", "blue");
        await visitor.Page.Locator("main form button").ClickAsync();
        await visitor.Page.Locator("#BrandColor[aria-invalid=true]").IsShownAsync();
        await visitor.LookAsync();
        await visitor.Page.FillAsync("#BrandColor", "#ffd400");
        await visitor.Page.Locator("main form button").ClickAsync();
        await visitor.Page.Locator("main .notice.good").IsShownAsync();

        // A light color, the hardest for contrast: text on it turns dark by itself.
        var buyer = await VisitorAsync();
        await buyer.GoAsync("/sign-in");
        await buyer.LookAsync();
        await visitor.Page.FillAsync("#BrandColor", before);
        await visitor.Page.Locator("main form button").ClickAsync();
        await visitor.Page.Locator("main .notice.good").IsShownAsync();
    }

    private static async Task SeesParkedDeliveryAsync(Visitor visitor, Uri webhook)
    {
        await visitor.TabAsync("/admin/deliveries");
        await visitor.Page.Locator("main .empty").HasTextAsync(visitor.Words.NothingParked);
        await visitor.LookAsync();

        await Demo.Sandbox.SendNonsenseAsync(webhook);
        var row = visitor.Page.Locator("main th[scope=row] a");
        await visitor.ReloadUntilAsync(row);
        await visitor.Heading.HasTextAsync(visitor.Words.Parked);
        await visitor.LookAsync();
        await row.ClickAsync();
        await visitor.Page.Locator("pre.raw").HasTextAsync(SandboxBooks.Nonsense);
        await visitor.LookAsync();

        await visitor.TabAsync("/admin");
        await visitor.Page.Locator("main .notice.bad").IsShownAsync();
        await visitor.LookAsync();

        await visitor.TabAsync("/admin/deliveries");
        await row.ClickAsync();
        await visitor.Page.Locator("main form[action$='/dismiss'] button").ClickAsync();
        await visitor.TabAsync("/admin/deliveries");
        await visitor.Page.Locator("main .empty").IsShownAsync();
    }

    private static async Task SignInAsync(Visitor visitor)
    {
        await visitor.GoAsync("/admin");
        await visitor.Heading.HasTextAsync(visitor.Words.MerchantSignIn);
        await visitor.LookAsync();
        await visitor.Page.FillAsync("#email", Email);
        await visitor.Page.FillAsync("#password", Password);
        await visitor.Page.Locator("main button").ClickAsync();
        await visitor.Heading.HasTextAsync(visitor.Words.Dashboard);
    }

    private static async Task FillAsync(Visitor visitor, string code)
    {
        await visitor.Page.FillAsync("#code", code);
        await visitor.Page.FillAsync("#store", "Atelier Nord");
        await visitor.Page.FillAsync("#email", Email);
        await visitor.Page.FillAsync("#password", Password);
        await visitor.Page.Locator("main button").ClickAsync();
    }

    [GeneratedRegex(@"/admin/setup code (?<code>\S+)")]
    private static partial Regex SetUpCode();
}
