using Portal.Kernel;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>A password beside the mail: only where the merchant allows it, and never a way to learn who is known.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class PasswordTests(Db db)
{
    private const string Good = "a long and calm pass phrase";
    private static int people;
    private PortalUnderTest portal = null!;
    private long connection;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        connection = (await portal.ConnectSilentAsync()).Id;
    }

    [SetUp]
    public Task Allow() => AllowAsync(true);

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [Test]
    public async Task Off_unless_the_merchant_turns_it_on()
    {
        await AllowAsync(false);
        using var browser = await portal.SignedInAsync(await BuyerAsync());

        (await browser.GetAsync("/profile/password")).Code.Should().Be(404);
        (await browser.GetAsync("/profile/security")).Words.Should().NotContain("password");
        using var nobody = portal.Open();
        (await nobody.GetAsync("/sign-in")).Words.Should().NotContain("I have a password");
        using var owner = await portal.MerchantAsync();
        var form = await owner.GetAsync("/admin/store");
        var sent = await owner.SubmitAsync(form, null, ("Name", "Shop"), ("AllowPasswords", "true"));
        sent.Code.Should().Be(302, "{0}", sent);
        (await nobody.GetAsync("/sign-in")).Words.Should().Contain("I have a password");
    }

    [Test]
    public async Task The_invitation_offers_one_and_it_signs_in_from_then_on()
    {
        var email = await BuyerAsync();
        using var support = await portal.MerchantAsync(MerchantRole.Support);
        var id = (await portal.CustomerAsync(email))!.PublicId;
        await support.SubmitAsync(await support.GetAsync("/admin/customers/" + id), "form[action$='/invite']");
        using var her = portal.Open();

        (await her.PressAsync(await portal.MailedLinkAsync(email, "invitation"))).Location.Should().Be("/profile/password");
        (await ChooseAsync(her, Good)).Location.Should().Be("/profile/security");

        using var elsewhere = portal.Open();
        var answer = await SignInAsync(elsewhere, email.ToUpperInvariant(), Good, "/orders");
        answer.Location.Should().Be("/orders");
        (await elsewhere.GetAsync("/profile/security")).Words.Should().Contain("Signed in with the password").And.Contain("A password was chosen");
    }

    [TestCase("short")]
    [TestCase("")]
    public async Task A_short_one_is_refused_on_the_same_page(string password)
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());

        var answer = await ChooseAsync(browser, password);

        answer.Code.Should().Be(422);
        answer.Page.QuerySelector("#password")!.GetAttribute("aria-describedby").Should().Be("password-error");
    }

    [SecurityCase("S1", "passwords: unknown, none, disabled and wrong look the same")]
    [Test]
    public async Task Unknown_without_one_disabled_and_wrong_look_the_same()
    {
        var (has, none, disabled) = (await BuyerAsync(), await BuyerAsync(), await BuyerAsync());
        foreach (var email in (string[])[has, disabled])
        {
            using var browser = await portal.SignedInAsync(email);
            await ChooseAsync(browser, Good);
        }

        await portal.ExecuteAsync($"""update customers_customer set "DisabledAt" = "CreatedAt" where "Email" = '{disabled}'""");
        List<Answer> answers = [];
        foreach (
            var (email, password) in ((string, string)[])
                [(has, "a wrong pass phrase"), (none, Good), (disabled, Good), ("nobody@example.com", Good), ("no address", Good)]
        )
        {
            using var browser = portal.Open();
            answers.Add(await SignInAsync(browser, email, password));
            browser.Cookies.Should().NotContainKey(Browser.SessionCookie);
        }

        answers.Select(a => a.Code).Should().AllBeEquivalentTo(422);
        answers.Select(a => a.Page.QuerySelector("#password-error")!.TextContent).Distinct().Should().ContainSingle();
        answers.Select(a => string.Join(',', a.Headers.Keys.Order())).Distinct().Should().ContainSingle();
        answers.Should().OnlyContain(a => !a.Body.Contains(Good, StringComparison.Ordinal), "a password is never sent back");
    }

    [Test]
    public async Task Turned_off_no_password_opens_anything_from_that_moment()
    {
        var email = await BuyerAsync();
        using var browser = await portal.SignedInAsync(email);
        await ChooseAsync(browser, Good);
        using var owner = await portal.MerchantAsync();
        var form = await owner.GetAsync("/admin/store");
        var (action, fields) = Browser.Read(form);
        fields.Remove("AllowPasswords");
        fields["Name"] = "Shop";
        (await owner.PostAsync(action, fields)).Code.Should().Be(302);

        using var elsewhere = portal.Open();
        (await SignInAsync(elsewhere, email, Good, page: "/sign-in/password")).Code.Should().Be(422);
    }

    [Test]
    public async Task Choosing_one_wants_a_fresh_sign_in_and_signs_other_browsers_out()
    {
        var email = await BuyerAsync();
        using var browser = await portal.SignedInAsync(email);
        using var other = await portal.SignedInAsync(email);

        await ChooseAsync(browser, Good);

        (await other.GetAsync("/")).Code.Should().Be(302);
        (await browser.GetAsync("/")).Code.Should().Be(200);
        portal.Clock.Advance(TimeSpan.FromMinutes(16));
        (await browser.GetAsync("/profile/password")).Location.Should().Be("/sign-in?returnTo=%2Fprofile%2Fpassword");
    }

    [Test]
    public async Task Removed_it_no_longer_works()
    {
        var email = await BuyerAsync();
        using var browser = await portal.SignedInAsync(email);
        await ChooseAsync(browser, Good);

        (await browser.SubmitAsync(await browser.GetAsync("/profile/password"), "form[action$='/remove']")).Location.Should().Be("/profile/security");

        using var elsewhere = portal.Open();
        (await SignInAsync(elsewhere, email, Good)).Code.Should().Be(422);
    }

    [Test]
    public async Task It_is_kept_as_a_hash()
    {
        using var browser = await portal.SignedInAsync(await BuyerAsync());

        await ChooseAsync(browser, Good);

        string.Join('\n', (await portal.DumpAsync()).Values).Should().NotContain(Good);
    }

    private static async Task<Answer> ChooseAsync(Browser browser, string password) =>
        await browser.SubmitAsync(await browser.GetAsync("/profile/password"), "form[action$='/profile/password']", ("Password", password));

    private static async Task<Answer> SignInAsync(
        Browser browser,
        string email,
        string password,
        string? returnTo = null,
        string page = "/sign-in"
    ) =>
        await browser.SubmitAsync(
            await browser.GetAsync(page + (returnTo is null ? "" : "?returnTo=" + Uri.EscapeDataString(returnTo))),
            "form[action='/sign-in/password']",
            ("Email", email),
            ("Password", password)
        );

    /// <summary>The setting, past the few seconds the store is remembered.</summary>
    private async Task AllowAsync(bool allowed)
    {
        await portal.AskAsync(async data =>
        {
            var profile = await data.FindAsync<Portal.Store.Data.StoreProfile>(1);
            if (profile is null)
            {
                data.Add(profile = new Portal.Store.Data.StoreProfile { Name = "Shop" });
            }

            profile.AllowPasswords = allowed;
            return await data.SaveChangesAsync();
        });
        portal.Clock.Advance(TimeSpan.FromSeconds(6));
    }

    private async Task<string> BuyerAsync()
    {
        var number = Interlocked.Increment(ref people);
        await portal.TellAsync(connection, Deeds.Purchase($"pw{number}", $"pw{number}@example.com", 1000, portal.Now));
        return $"pw{number}@example.com";
    }
}
