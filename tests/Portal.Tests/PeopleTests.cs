using Microsoft.Extensions.DependencyInjection;
using Portal.Admin.ManagePeople;
using Portal.Host.Commands;
using Portal.Kernel;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Owners and support: who may do what, and who lets whom in.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class PeopleTests(Db db)
{
    private const string Chosen = "yet another calm pass phrase";
    private PortalUnderTest portal = null!;
    private Browser owner = null!;
    private int people;

    [SetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        owner = await portal.NewMerchantAsync("owner@example.com");
    }

    [TearDown]
    public async Task Stop()
    {
        owner.Dispose();
        await portal.DisposeAsync();
    }

    [SecurityCase("Z3", "what is for owners refuses support, route by route")]
    [Test]
    public async Task What_is_for_owners_refuses_support_and_changes_nothing()
    {
        using var support = await portal.NewMerchantAsync(NewEmail(), MerchantRole.Support);
        var token = await support.TokenAsync();
        var before = await StateAsync();
        var owners = RoutesCommand.Read(portal.App).Where(r => r.Role == "owner").ToList();
        owners.Select(r => r.Pattern).Should().Contain(["/admin/store", "/admin/connections/{id}/remove", "/admin/people/{id}/role"]);

        foreach (var route in owners)
        {
            var person = (await portal.MerchantAsync("owner@example.com")).Id;
            var path = System.Text.RegularExpressions.Regex.Replace(route.Pattern, "{[^}]*}", person);
            using var content = route.Verb == "GET" ? null : new FormUrlEncodedContent([new(Browser.TokenField, token)]);
            var answer = await support.SendAsync(new HttpMethod(route.Verb), path, content);
            answer.Code.Should().Be(403, "{0}", route);
            answer.Title.Should().Be("Only an owner may do this", "{0}", route);
            answer.Page.QuerySelector("main a[href='/admin']").Should().NotBeNull();
        }

        (await StateAsync()).Should().BeEquivalentTo(before);
    }

    [Test]
    public async Task Support_sees_no_button_it_may_not_press()
    {
        var connection = await portal.ConnectSilentAsync();
        using var support = await portal.NewMerchantAsync(NewEmail(), MerchantRole.Support);
        var mayPress = RoutesCommand.Read(portal.App).Where(r => r is { Role: "support", Verb: not "GET" }).Select(r => r.Pattern).ToList();
        foreach (
            var path in (string[])
                ["/admin", "/admin/store", "/admin/connections", $"/admin/connections/{connection.PublicId}", "/admin/people", "/admin/audit"]
        )
        {
            var page = await support.GetAsync(path);
            page.Code.Should().Be(200, path);
            foreach (var button in page.Page.QuerySelectorAll("main form[method=post] button"))
            {
                mayPress.Should().Contain(button.Closest("form")!.GetAttribute("action"), path);
            }

            foreach (var link in page.Page.QuerySelectorAll("main a[href^='/admin']"))
            {
                (await support.GetAsync(link.GetAttribute("href")!)).Code.Should().NotBe(403, "{0} leads to {1}", path, link.OuterHtml);
            }
        }

        (await support.GetAsync("/admin/store")).Words.Should().Contain("Only an owner may change this");
    }

    [Test]
    public async Task Somebody_is_invited_chooses_a_password_and_is_in()
    {
        var email = NewEmail();
        (await InviteAsync(email, "Support")).Location.Should().Be("/admin/people?invited=true");
        (await portal.MerchantAsync(email)).Should().Match<Portal.Admin.Contract.MerchantInfo>(m => m.Invited && m.Role == MerchantRole.Support);
        var link = await LinkAsync(email);
        using var browser = portal.Open();
        var page = await browser.GetAsync(link);
        (await browser.GetAsync(link)).Code.Should().Be(200, "looking uses nothing up");
        (await browser.SubmitAsync(page, null, ("Password", "short"))).Code.Should().Be(422);

        (await browser.SubmitAsync(page, null, ("Password", Chosen))).Location.Should().Be("/admin");

        (await browser.IsInAsync()).Should().BeTrue();
        (await browser.GetAsync(link)).Code.Should().Be(410);
        (await browser.SubmitAsync(page, null, ("Password", Chosen))).Code.Should().Be(400, "the token was nobody's, now she is somebody");
        (await portal.MerchantAsync(email)).Invited.Should().BeFalse();
        string.Concat((await portal.DumpAsync()).Values).Should().NotContain(link.Split('/')[^1]);
    }

    [Test]
    public async Task An_invitation_lives_a_day_and_a_second_one_replaces_it()
    {
        var email = NewEmail();
        await InviteAsync(email, "Owner");
        var first = await LinkAsync(email);
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await OwnerDoesAsync(email, "invite-again");
        var second = await LinkAsync(email);
        second.Should().NotBe(first);
        using var browser = portal.Open();
        (await browser.GetAsync(first)).Code.Should().Be(410);
        (await browser.GetAsync(second)).Code.Should().Be(200);

        portal.Clock.Advance(TimeSpan.FromHours(24));

        (await browser.GetAsync(second)).Code.Should().Be(410);
        (await InviteAsync(email, "Owner")).Code.Should().BeOneOf(302, 422);
    }

    [Test]
    public async Task Nobody_is_invited_twice_or_at_no_address()
    {
        foreach (var email in (string[])["owner@example.com", "OWNER@example.com ", "no address", ""])
        {
            var answer = await InviteAsync(email, "Owner");
            answer.Code.Should().Be(422, email);
            answer.Page.QuerySelector("#email")!.GetAttribute("aria-describedby").Should().Be("email-error");
        }

        (await portal.CountAsync("admin_merchant")).Should().Be(1);
    }

    [Test]
    public async Task A_role_counts_from_the_next_click()
    {
        var email = NewEmail();
        using var person = await portal.NewMerchantAsync(email, MerchantRole.Support);
        (await person.GetAsync("/admin/people/new")).Code.Should().Be(403);

        (await OwnerDoesAsync(email, "role", ("Role", "Owner"))).Location.Should().EndWith("?saved=true");

        (await person.GetAsync("/admin/people/new")).Code.Should().Be(200);
        await OwnerDoesAsync(email, "role", ("Role", "Support"));
        (await person.GetAsync("/admin/people/new")).Code.Should().Be(403);
    }

    [Test]
    public async Task Who_is_disabled_is_out_at_once_and_comes_in_again_when_enabled()
    {
        var email = NewEmail();
        using var person = await portal.NewMerchantAsync(email);

        await OwnerDoesAsync(email, "disable");

        (await person.IsInAsync()).Should().BeFalse();
        (await person.GivePasswordAsync(email)).Code.Should().Be(422);
        await OwnerDoesAsync(email, "enable");
        (await person.IsInAsync()).Should().BeFalse("the old session stays dead");
        (await person.GivePasswordAsync(email)).Location.Should().Be("/admin");
    }

    [Test]
    public async Task A_reset_second_factor_is_told_and_must_be_set_up_anew()
    {
        var email = NewEmail();
        using var person = await portal.NewMerchantAsync(email);
        await portal.SetUpAppAsync(person);

        await OwnerDoesAsync(email, "reset-second-factor");

        (await person.IsInAsync()).Should().BeFalse();
        (await portal.MailsAsync(email, "merchant-security"))[0].Entry.Subject.Should().Be("Your second factor was reset");
        (await person.GivePasswordAsync(email)).Location.Should().Be("/admin");
        (await person.GetAsync("/admin")).Location.Should().Be("/admin/security", "nothing else opens before there is another");
        await portal.SetUpAppAsync(person);
        (await person.GetAsync("/admin")).Code.Should().Be(200);
    }

    [Test]
    public async Task Nobody_changes_her_own_role_or_shuts_herself_out()
    {
        var token = await owner.TokenAsync();
        var me = (await portal.MerchantAsync("owner@example.com")).Id;
        foreach (var what in (string[])["role", "disable", "reset-second-factor"])
        {
            var answer = await owner.PostAsync($"/admin/people/{me}/{what}", [new(Browser.TokenField, token), new("Role", "Support")]);
            answer.Code.Should().Be(409);
            answer.Words.Should().Contain("Ask another owner");
        }

        (await portal.MerchantAsync("owner@example.com"))
            .Should()
            .Match<Portal.Admin.Contract.MerchantInfo>(m => !m.Disabled && m.Role == MerchantRole.Owner);
        (await owner.PostAsync("/admin/people/mer_0123456789abcdefghijkl/disable", [new(Browser.TokenField, token)])).Code.Should().Be(404);
    }

    [TestCase("role")]
    [TestCase("disable")]
    public async Task Two_owners_who_remove_each_other_at_once_leave_one(string what)
    {
        for (var round = 0; round < 5; round++)
        {
            var (first, second) = (NewEmail(), NewEmail());
            await portal.AddMerchantAsync(first);
            await portal.AddMerchantAsync(second);
            await portal.ExecuteAsync(
                $"""update admin_merchant set "DisabledAt" = "CreatedAt" where "Email" not in ('{first}', '{second}') and "DisabledAt" is null"""
            );

            var verdicts = await Task.WhenAll(RemoveAsync(first, second, what), RemoveAsync(second, first, what));

            verdicts.Should().BeEquivalentTo([PersonVerdict.Done, PersonVerdict.LastOwner]);
            (await portal.CountAsync("admin_merchant", """ "Role" = 'Owner' and "DisabledAt" is null """)).Should().Be(1);
        }
    }

    /// <summary>As both had been let in before either was removed.</summary>
    private Task<PersonVerdict> RemoveAsync(string by, string whom, string what) =>
        portal.InScopeAsync(async s =>
        {
            var id = (await portal.MerchantAsync(whom)).Id;
            var row = Convert.ToInt64(await portal.ScalarAsync($"""select "Id" from admin_merchant where "Email" = '{by}'"""), null);
            s.GetRequiredService<Actor>().Is(Audience.Merchant, row, by);
            var all = s.GetRequiredService<Portal.Admin.ManagePeople.People>();
            return what == "role"
                ? await all.ChangeRoleAsync(id, MerchantRole.Support, CancellationToken.None)
                : await all.DisableAsync(id, CancellationToken.None);
        });

    private async Task<Answer> InviteAsync(string email, string role) =>
        await owner.SubmitAsync(await FreshAsync("/admin/people/new"), null, ("Email", email), ("Role", role));

    private async Task<Answer> OwnerDoesAsync(string email, string what, params (string, string)[] fill)
    {
        var page = await FreshAsync("/admin/people/" + (await portal.MerchantAsync(email)).Id);
        return await owner.SubmitAsync(page, $"form[action$='/{what}']", fill);
    }

    private async Task<Answer> FreshAsync(string path)
    {
        var page = await owner.GetAsync(path);
        if (page.Code == 302)
        {
            await owner.GivePasswordAsync("owner@example.com");
            page = await owner.GetAsync(path);
        }

        return page;
    }

    private async Task<string> LinkAsync(string email)
    {
        var text = (await portal.MailsAsync(email, "merchant-invitation"))[0].Text;
        return new Uri(text.Split("\r\n").Single(l => l.Contains("/admin/password/", StringComparison.Ordinal)).Trim()).AbsolutePath;
    }

    private async Task<SortedDictionary<string, string>> StateAsync()
    {
        var dump = await portal.DumpAsync();
        dump.Remove("access_session");
        return dump;
    }

    private string NewEmail() => $"person{++people}@example.com";
}
