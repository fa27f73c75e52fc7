using Portal.Kernel;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>What a merchant sees of a customer, does for her, and may not do.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class CustomerPagesTests(Db db)
{
    private static int people;
    private PortalUnderTest portal = null!;
    private long connection;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        connection = (await portal.ConnectSilentAsync()).Id;
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [Test]
    public async Task Customers_are_listed_newest_first_and_page_by_page()
    {
        using var merchant = await portal.MerchantAsync(MerchantRole.Support);
        for (var i = 0; i < 45; i++)
        {
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
            await BuyerAsync("paged");
        }

        List<string> seen = [];
        for (var path = "/admin/customers?q=paged"; path is not null && seen.Count < 200; )
        {
            var page = await merchant.GetAsync(path);
            seen.AddRange(page.Page.QuerySelectorAll("main a.row-title").Select(a => a.TextContent));
            path = page.Page.QuerySelector("a[rel=next]")?.GetAttribute("href") is { } next ? "/admin/customers" + next : null;
        }

        seen.Should().HaveCount(45).And.OnlyHaveUniqueItems();
        seen.Should().BeEquivalentTo(seen.OrderByDescending(s => int.Parse(s.Split(' ')[^1], null)), o => o.WithStrictOrdering());
    }

    [Test]
    public async Task A_customer_is_found_by_address_name_id_and_order()
    {
        using var merchant = await portal.MerchantAsync(MerchantRole.Support);
        var (email, id) = await BuyerAsync("Needle");
        var order = (string)
            (await portal.ScalarAsync($"""select "PublicId" from orders_order where "CustomerId" = {(await portal.CustomerAsync(email))!.Id}"""))!;
        await portal.ExecuteAsync($"""update orders_order set "Reference" = 'R-{email}' where "PublicId" = '{order}'""");

        foreach (var wanted in (string[])[email, email.ToUpperInvariant()[..^4], "buyer of " + email.Split('@')[0], id, order, "R-" + email])
        {
            var page = await merchant.GetAsync("/admin/customers?q=" + Uri.EscapeDataString(wanted));
            page.Page.QuerySelectorAll("main a.row-title").Should().ContainSingle(wanted).Which.GetAttribute("href").Should().EndWith(id);
        }

        (await merchant.GetAsync("/admin/customers?q=" + Uri.EscapeDataString("%_nobody"))).Words.Should().Contain("Nobody fits");
    }

    [Test]
    public async Task Her_page_shows_addresses_orders_and_what_happened()
    {
        using var merchant = await portal.MerchantAsync(MerchantRole.Support);
        var (email, id) = await BuyerAsync("shown");
        using var her = await portal.SignedInAsync(email);

        var page = await merchant.GetAsync("/admin/customers/" + id);

        page.Words.Should().Contain(email).And.Contain("proven on").And.Contain("Main address").And.Contain("Field notes").And.Contain("Signed in");
        page.Words.Should().Contain("The customer ·", "her own deeds are not the merchant's");
        (await merchant.GetAsync("/admin/customers/cus_0123456789abcdefghijkl")).Code.Should().Be(404);
    }

    [Test]
    public async Task Support_sends_a_link_and_an_invitation_and_she_reads_who_did()
    {
        using var support = await portal.MerchantAsync(MerchantRole.Support);
        var (email, id) = await BuyerAsync("helped");

        await PressAsync(support, id, "send-link", "LinkSent");
        await Poller.UntilAsync(() => portal.MailsAsync(email, "sign-in"), m => m.Count == 1, "the sign-in mail");
        await PressAsync(support, id, "invite", "Invited");
        var invitation = await portal.MailedLinkAsync(email, "invitation");
        portal.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        using var her = portal.Open();
        (await her.GetAsync(invitation)).Words.Should().Contain("Welcome");
        her.Cookies.Should().NotContainKey(Browser.SessionCookie, "opening signs nobody in");

        (await her.PressAsync(invitation)).Location.Should().Be("/");

        (await her.GetAsync("/profile/security")).Words.Should().Contain("An invitation was mailed The shop");
        using var again = portal.Open();
        (await again.GetAsync(invitation)).Code.Should().Be(410);
        (await portal.CountAsync("access_audit", "\"Kind\" = 'invited'")).Should().BePositive();
    }

    [Test]
    public async Task An_invitation_lives_seven_days()
    {
        using var support = await portal.MerchantAsync(MerchantRole.Support);
        var (email, id) = await BuyerAsync("late");
        await PressAsync(support, id, "invite", "Invited");

        portal.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));

        using var her = portal.Open();
        (await her.GetAsync(await portal.MailedLinkAsync(email, "invitation"))).Code.Should().Be(410);
    }

    [Test]
    public async Task Disabled_she_is_out_and_stays_out_until_enabled()
    {
        using var owner = await portal.MerchantAsync();
        var (email, id) = await BuyerAsync("disabled");
        using var her = await portal.SignedInAsync(email);

        await PressAsync(owner, id, "disable", "Disabled");
        (await her.GetAsync("/")).Code.Should().Be(302);
        await PressAsync(owner, id, "enable", "Enabled");

        (await her.GetAsync("/")).Code.Should().Be(302, "the session is over for good");
        using var again = await portal.SignedInAsync(email);
    }

    [Test]
    public async Task Support_may_not_disable_or_replace_an_address()
    {
        using var support = await portal.MerchantAsync(MerchantRole.Support);
        var (email, id) = await BuyerAsync("kept");
        var page = await support.GetAsync("/admin/customers/" + id);
        page.Page.QuerySelectorAll("form[action$='/disable'], form[action$='/enable'], a[href$='/address']").Should().BeEmpty();
        var token = Browser.Read(page, "form[action$='/end-sessions']").Fields[Browser.TokenField];

        foreach (var deed in (string[])["disable", "enable", "address", "address/stop"])
        {
            (await support.PostAsync($"/admin/customers/{id}/{deed}", [new(Browser.TokenField, token), new("Email", "new@example.com")]))
                .Code.Should()
                .Be(403, deed);
        }

        await PressAsync(support, id, "end-sessions", "SignedOut");
        (await portal.CustomerAsync(email)).Should().NotBeNull();
    }

    [Test]
    public async Task A_lost_mailbox_is_replaced_after_72_hours_once_the_new_one_confirmed()
    {
        using var owner = await portal.MerchantAsync();
        var (before, id) = await BuyerAsync("lost");
        var after = $"found{++people}@example.com";
        await ProposeAsync(owner, id, after);
        using var her = portal.Open();

        (await her.PressAsync(await portal.MailedLinkAsync(after, "confirm-mailbox"))).Location.Should().Be("/link/done/Confirmed");
        (await portal.CustomerAsync(after)).Should().BeNull("the old mailbox still may object");
        portal.Clock.Advance(TimeSpan.FromHours(72) + TimeSpan.FromSeconds(1));

        await Poller.UntilAsync(async () => (await portal.CustomerAsync(after))?.Email == after, "the change to take effect");
        (await portal.CustomerAsync(before)).Should().BeNull();
        using var signedIn = await portal.SignedInAsync(after);
        (await signedIn.GetAsync("/orders")).Page.QuerySelectorAll("main a.row-title").Should().ContainSingle();
    }

    [Test]
    public async Task Confirmed_late_it_takes_effect_at_once()
    {
        using var owner = await portal.MerchantAsync();
        var (_, id) = await BuyerAsync("slow");
        var after = $"slow{++people}@example.com";
        await ProposeAsync(owner, id, after);

        portal.Clock.Advance(TimeSpan.FromHours(80));

        using var her = portal.Open();
        (await her.PressAsync(await portal.MailedLinkAsync(after, "confirm-mailbox"))).Location.Should().Be("/link/done/Changed");
        (await portal.CustomerAsync(after))!.PublicId.Should().Be(id);
    }

    [Test]
    public async Task The_old_mailbox_stops_the_change_with_one_press()
    {
        using var owner = await portal.MerchantAsync();
        var (before, id) = await BuyerAsync("objects");
        var after = $"thief{++people}@example.com";
        await ProposeAsync(owner, id, after);
        using var thief = portal.Open();
        await thief.PressAsync(await portal.MailedLinkAsync(after, "confirm-mailbox"));
        using var her = portal.Open();

        (await her.PressAsync(await portal.MailedLinkAsync(before, "keep-mailbox"))).Location.Should().Be("/link/done/Kept");
        portal.Clock.Advance(TimeSpan.FromDays(20));

        (await portal.CountAsync("customers_address_change", "\"OpenFor\" is not null and \"Address\" = '" + after + "'")).Should().Be(0);
        (await portal.CustomerAsync(before))!.PublicId.Should().Be(id);
        (await portal.CustomerAsync(after)).Should().BeNull();
        using var later = await portal.MerchantAsync();
        (await later.GetAsync("/admin/customers/" + id)).Words.Should().Contain("was stopped");
    }

    [Test]
    public async Task Another_customers_address_is_merged_not_given_away()
    {
        using var owner = await portal.MerchantAsync();
        var ((_, id), (other, _)) = (await BuyerAsync("one"), await BuyerAsync("two"));

        var answer = await owner.SubmitAsync(await owner.GetAsync($"/admin/customers/{id}/address"), null, ("Email", other));

        (answer.Code, answer.Words.Contains("merge the two", StringComparison.Ordinal)).Should().Be((422, true));
    }

    private static async Task ProposeAsync(Browser owner, string id, string email) =>
        (await owner.SubmitAsync(await owner.GetAsync($"/admin/customers/{id}/address"), null, ("Email", email)))
            .Location.Should()
            .EndWith("news=AddressProposed");

    private static async Task PressAsync(Browser merchant, string id, string deed, string news) =>
        (await merchant.SubmitAsync(await merchant.GetAsync("/admin/customers/" + id), $"form[action$='/{deed}']"))
            .Location.Should()
            .EndWith("news=" + news);

    private async Task<(string Email, string Id)> BuyerAsync(string name)
    {
        var number = Interlocked.Increment(ref people);
        var email = $"{name}{number}@example.com";
        await portal.TellAsync(connection, Deeds.Purchase($"{name}{number}", email, 1000, portal.Now, buyer: $"Buyer of {name}{number} {number}"));
        return (email, (await portal.CustomerAsync(email))!.PublicId);
    }
}
