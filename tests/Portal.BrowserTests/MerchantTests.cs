using System.Text.RegularExpressions;
using Microsoft.Playwright;
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
        await visitor.Page.Locator("main form[action='/admin/sign-in'] button").ClickAsync();

        await visitor.Page.Locator("#refused[role=alert]").IsShownAsync();
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

    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task A_buyer_asks_to_be_erased_and_is_told_why_not(object language, object screen)
    {
        var (words, device) = ((Words)language, (Device)screen);
        var buyer = await Demo.Sandbox.NewBuyerAsync("lindenhof-eur");
        var visitor = await VisitorAsync(device, words);
        visitor.Expects(422);
        await visitor.SignInAsync(buyer.Email);
        await visitor.GoAsync("/profile/data");
        await visitor.LookAsync();
        await visitor.FollowAsync("/profile/data/erase");
        await visitor.LookAsync();
        await visitor.Page.Locator("#understood").CheckAsync();
        await visitor.Page.Locator("main form button.danger").ClickAsync();
        await visitor.Page.Locator("main form[action$='/withdraw'] button").IsShownAsync();
        await visitor.LookAsync();

        var merchant = await VisitorAsync(device, words);
        merchant.Expects(422);
        await SignInAsync(merchant);
        await merchant.Page.Locator("main a[href='/admin/erasures']").First.ClickAsync();
        await merchant.LookAsync();
        await merchant.Page.Locator("main li.row a").Filter(new() { HasText = buyer.Email }).ClickAsync();
        await merchant.Page.Locator("main form[action$='/execute'] button.danger").IsShownAsync();
        await merchant.LookAsync();
        await merchant.Page.FillAsync("#reason", " ");
        await merchant.Page.Locator("main form[action$='/refuse'] button").ClickAsync();
        await merchant.Page.Locator("#reason[aria-invalid=true]").IsShownAsync();
        await merchant.LookAsync();
        await merchant.Page.FillAsync("#reason", "A court asks us to wait.");
        await merchant.Page.Locator("main form[action$='/refuse'] button").ClickAsync();
        await merchant.Page.Locator("main form[action$='/refuse']").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await merchant.LookAsync();

        await visitor.GoAsync("/profile/data");
        await visitor.Page.Locator("main .notice.warn").HasTextAsync("A court asks us to wait.");
        await visitor.LookAsync();
    }

    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task A_second_factor_is_set_up_and_asked_for(object language, object screen)
    {
        var words = (Words)language;
        var owner = await VisitorAsync(Device.Desktop, words);
        await SignInAsync(owner);
        var (email, visitor) = await InvitedAsync(owner, (Device)screen, words);
        await visitor.Page.Locator("main .notice.warn").First.IsShownAsync();
        await visitor.LookAsync();

        await visitor.GoAsync("/admin/security");
        await visitor.LookAsync();
        await visitor.FollowAsync("/admin/security/second-factor");
        await visitor.LookAsync();
        (await visitor.Page.Locator("main img").EvaluateAsync<int>("i => i.naturalWidth")).Should().BePositive("the picture is drawn");
        var key = (await visitor.Page.Locator("code[data-copy]").InnerTextAsync()).Trim();
        visitor.Expects(422);
        await GiveCodeAsync(visitor, "000000");
        await visitor.Page.Locator("#code[aria-invalid=true]").IsShownAsync();
        await visitor.LookAsync();
        await GiveCodeAsync(visitor, Totp.Code(key, DateTimeOffset.UnixEpoch));
        await visitor.Page.Locator("#code[aria-invalid=true]").IsShownAsync();
        await GiveCodeAsync(visitor, Totp.Code(key, TimeProvider.System.GetUtcNow()));
        await visitor.Heading.HasTextAsync(words.RecoveryCodes);
        await visitor.LookAsync();
        var codes = await visitor.Page.Locator("main li code").AllInnerTextsAsync();
        codes.Should().HaveCount(10);
        await visitor.FollowAsync("/admin/security");
        await visitor.LookAsync();
        await visitor.FollowAsync("/admin/security/second-factor");
        await visitor.LookAsync();
        await visitor.Page.Locator("form[action$='/admin/sign-out'] button").ClickAsync();

        // The code of now is spent; the next one counts already.
        await GivePasswordAsync(visitor, email);
        await visitor.Heading.HasTextAsync(words.SecondFactor);
        await visitor.LookAsync();
        await GiveCodeAsync(visitor, Totp.Code(key, TimeProvider.System.GetUtcNow().AddSeconds(30)));
        await visitor.Heading.HasTextAsync(words.Dashboard);
        await visitor.Page.Locator("form[action$='/admin/sign-out'] button").ClickAsync();

        await GivePasswordAsync(visitor, email);
        await visitor.Page.Locator("summary").Last.ClickAsync();
        await visitor.Page.FillAsync("#recovery", codes[0].ToLowerInvariant());
        await visitor.LookAsync();
        await visitor.Page.Locator("form:has(#recovery) button").ClickAsync();
        await visitor.Heading.HasTextAsync(words.Dashboard);
    }

    [TestCaseSource(typeof(Everywhere), nameof(Everywhere.Cases))]
    public async Task Pages_about_people_are_sound(object language, object screen)
    {
        var visitor = await VisitorAsync((Device)screen, (Words)language);
        await SignInAsync(visitor);
        await visitor.TabAsync("/admin/people");
        await visitor.LookAsync();
        await visitor.FollowAsync("/admin/people/new");
        await visitor.LookAsync();
        var email = $"{Guid.NewGuid():N}@example.com";
        await visitor.Page.FillAsync("#email", email);
        await visitor.Page.Locator("main form button").ClickAsync();
        foreach (var person in new[] { Email, email })
        {
            await visitor.GoAsync("/admin/people");
            await visitor.Page.Locator("main .row-title").Filter(new() { HasText = person }).ClickAsync();
            await visitor.Heading.HasTextAsync(person);
            await visitor.LookAsync();
        }

        await visitor.GoAsync("/admin/security/password");
        await visitor.LookAsync();
        await visitor.TabAsync("/admin/audit");
        await visitor.LookAsync();
        await visitor.GoAsync("/admin/password");
        await visitor.LookAsync();
    }

    [Test]
    public async Task Support_is_told_what_only_owners_do()
    {
        var owner = await VisitorAsync();
        await SignInAsync(owner);
        var (_, support) = await InvitedAsync(owner, Device.Phone, Words.English);
        support.Expects(403);
        foreach (var page in new[] { "/admin/store", "/admin/connections", "/admin/people", "/admin/people/new" })
        {
            await support.GoAsync(page);
            await support.LookAsync();
        }

        await support.Heading.HasTextAsync("Only an owner may do this");
        await support.FollowAsync("/admin");
        await support.Heading.HasTextAsync(support.Words.Dashboard);
    }

    /// <summary>Somebody new for support, with a password and signed in.</summary>
    private async Task<(string Email, Visitor Visitor)> InvitedAsync(Visitor owner, Device device, Words words)
    {
        var email = $"support-{Guid.NewGuid():N}@example.com";
        await owner.GoAsync("/admin/people/new");
        await owner.Page.FillAsync("#email", email);
        await owner.Page.Locator("main form button").ClickAsync();
        await owner.Page.Locator("main .notice.good").IsShownAsync();

        var visitor = await VisitorAsync(device, words);
        await visitor.GoAsync("/demo/mailbox");
        var row = visitor.Page.Locator("li.row").Filter(new() { HasText = email }).First;
        await visitor.ReloadUntilAsync(row);
        await row.Locator("a").ClickAsync();
        await visitor.Page.Locator(".mail-text a[href*='/admin/password/']").First.ClickAsync();
        await visitor.Page.Locator("#password").IsShownAsync();
        await visitor.LookAsync();
        await visitor.Page.FillAsync("#password", Password);
        await visitor.Page.Locator("main button").ClickAsync();
        await visitor.Heading.HasTextAsync(words.Dashboard);
        return (email, visitor);
    }

    private static async Task GivePasswordAsync(Visitor visitor, string email)
    {
        await visitor.Heading.HasTextAsync(visitor.Words.MerchantSignIn);
        await visitor.Page.FillAsync("#email", email);
        await visitor.Page.FillAsync("#password", Password);
        await visitor.Page.Locator("main button").First.ClickAsync();
    }

    private static async Task GiveCodeAsync(Visitor visitor, string code)
    {
        await visitor.Page.FillAsync("#code", code);
        await visitor.Page.Locator("form:has(#code) button").ClickAsync();
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
        await visitor.Page.Locator("main form[action='/admin/sign-in'] button").ClickAsync();
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
