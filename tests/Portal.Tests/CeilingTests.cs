using Microsoft.EntityFrameworkCore;
using Portal.Customers.Data;
using Portal.Kernel.Work;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Guessing from everywhere at once: slowed down, told to the merchant, and nobody who has the right secret is kept out.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class CeilingTests(Db db)
{
    private const string Ada = "ada@example.com";
    private const string Mia = "mia@example.com";
    private const int Ceiling = 5;
    private PortalUnderTest portal = null!;
    private int addresses;

    [SetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(
            db,
            new PortalSetup
            {
                Clock = new FakeClock(),
                Settings =
                [
                    $"--RateLimits:FailedSecretsPerMinute={Ceiling}",
                    "--RateLimits:SignInMailsPerHour=2",
                    "--RateLimits:SecretsPerMinute=20",
                    "--Portal:TrustedProxies:0=127.0.0.1",
                ],
            }
        );
        var connection = (await portal.ConnectSilentAsync()).Id;
        foreach (var name in (string[])["ada", "bert", "cora", "dora"])
        {
            await portal.TellAsync(connection, Deeds.Purchase(name, name + "@example.com", 1000, portal.Now));
        }

        await portal.AddMerchantAsync(Mia);
    }

    [TearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [SecurityCase("S6", "guesses from everywhere meet a ceiling; the right link works meanwhile")]
    [Test]
    public async Task Wrong_links_from_everywhere_are_refused_and_the_right_one_works()
    {
        using var ada = portal.Open();
        var link = await portal.LinkAsync(ada, Ada);
        using var guesser = portal.Open();
        List<Answer> answers = [];
        for (var i = 0; i < Ceiling + 5; i++)
        {
            answers.Add(await guesser.GetAsync("/sign-in/" + new string('x', 43), From()));
        }

        answers.Select(a => a.Code).Should().Equal([.. Enumerable.Repeat(410, Ceiling), .. Enumerable.Repeat(429, 5)]);
        answers[^1].Header("Retry-After").Should().MatchRegex("^([1-9]|[1-5][0-9]|60)$");
        answers[^1].Title.Should().NotBeEmpty();
        answers[^1].Header("Referrer-Policy").Should().Be("no-referrer");
        (await ada.SubmitAsync(await ada.GetAsync(link))).Location.Should().Be("/", "a right one is never refused");
        (await guesser.SignInMerchantAsync(Mia)).Location.Should().Be("/admin", "each kind has a ceiling of its own");

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        (await guesser.GetAsync("/sign-in/" + new string('x', 43), From())).Code.Should().Be(410);
    }

    [SecurityCase("S6", "merchants are told, by mail at most once an hour")]
    [Test]
    public async Task Merchants_are_told_on_the_dashboard_and_by_one_mail_an_hour()
    {
        using var merchant = portal.Open();
        await merchant.SignInMerchantAsync(Mia);
        (await merchant.GetAsync("/admin")).Words.Should().NotContain("attacking");
        await GuessAsync(Ceiling + 1);

        var notice = (await merchant.GetAsync("/admin")).Words;
        notice.Should().Contain("attacking your portal").And.Contain($"Wrong passwords: {Ceiling + 1} since").And.Contain($"networks: {Ceiling + 1}");
        var mail = (await portal.MailsAsync(Mia, "alert")).Should().ContainSingle().Subject;
        mail.Text.Should().Contain($"Wrong passwords: {Ceiling + 1}").And.Contain("https://shop.example.test/admin");

        foreach (var minutes in (int[])[20, 20, 19])
        {
            portal.Clock.Advance(TimeSpan.FromMinutes(minutes));
            await GuessAsync(Ceiling + 1);
        }

        (await portal.MailsAsync(Mia, "alert")).Should().ContainSingle();
        (await portal.ScalarAsync("""select "Count" from access_alert where "Kind" = 'Password'""")).Should().Be(4L * (Ceiling + 1));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await GuessAsync(Ceiling + 1);
        (await portal.MailsAsync(Mia, "alert")).Should().HaveCount(2);
        portal.Clock.Advance(TimeSpan.FromHours(25));
        await merchant.SignInMerchantAsync(Mia);
        (await merchant.GetAsync("/admin")).Words.Should().NotContain("attacking");
    }

    [Test]
    public async Task A_few_wrong_ones_are_nobodys_alarm()
    {
        await GuessAsync(Ceiling);

        (await portal.CountAsync("access_alert")).Should().Be(0);
        (await portal.MailsAsync(Mia, "alert")).Should().BeEmpty();
    }

    [Test]
    public async Task Sign_in_mails_above_the_ceiling_wait_and_are_not_lost()
    {
        using var browser = portal.Open();
        await portal.LinkAsync(browser, Ada);
        await portal.LinkAsync(browser, "bert@example.com");
        var asked = portal.Now;
        foreach (var waiting in (string[])["cora@example.com", "nobody@example.com", "dora@example.com"])
        {
            await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", waiting));
        }

        var requests = await Poller.UntilAsync(
            () => RequestsAsync(),
            all => all.Count(r => r.Reason is not null) == 2 && all.All(r => r.State is WorkState.Done or WorkState.Received),
            "two waiting requests"
        );
        requests.Where(r => r.State == WorkState.Received).Select(r => r.DueAt).Should().AllBeEquivalentTo(asked.AddHours(1));
        (await portal.MailsAsync("cora@example.com", "sign-in")).Should().BeEmpty();
        (await portal.ScalarAsync("""select "Count" from access_alert where "Kind" = 'SignInMails'""")).Should().Be(2L);
        (await portal.MailsAsync(Mia, "alert")).Should().ContainSingle().Which.Text.Should().MatchRegex("[12] had to wait");

        portal.Clock.Advance(TimeSpan.FromHours(1));
        foreach (var waiting in (string[])["cora@example.com", "dora@example.com"])
        {
            var mails = await Poller.UntilAsync(() => portal.MailsAsync(waiting, "sign-in"), m => m.Count > 0, "the mail that had to wait");
            using var her = portal.Open();
            (await her.SubmitAsync(await her.GetAsync(PortalUnderTest.LinkIn(mails.Single())))).Location.Should().Be("/");
        }
    }

    [Test]
    public async Task However_long_it_waits_a_request_is_not_given_up()
    {
        using var browser = portal.Open();
        await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", "cora@example.com"));
        await Poller.UntilAsync(() => portal.MailsAsync("cora@example.com", "sign-in"), m => m.Count == 1, "the first mail");
        await portal.LinkAsync(browser, "bert@example.com");
        await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", Ada));
        for (var looks = 0; looks < 15; looks++)
        {
            var due = await Poller.UntilAsync(
                async () => (await RequestsAsync()).SingleOrDefault(r => r.State == WorkState.Received && r.DueAt > portal.Now)?.DueAt,
                d => d is not null,
                "the request to wait"
            );

            // Others keep taking the places.
            var taken = due!.Value.AddMinutes(-1);
            await portal.AskAsync(d => d.Set<SignInLink>().ExecuteUpdateAsync(set => set.SetProperty(l => l.CreatedAt, taken)));
            portal.Clock.MoveTo(due.Value);
        }

        (await RequestsAsync()).Should().NotContain(r => r.State == WorkState.Parked);
    }

    private Task<List<SignInRequest>> RequestsAsync() => portal.AskAsync(d => d.Set<SignInRequest>().AsNoTracking().OrderBy(r => r.Id).ToListAsync());

    private (string, string) From() => ("X-Forwarded-For", $"198.51.{++addresses / 250}.{(addresses % 250) + 1}");

    private async Task GuessAsync(int times)
    {
        using var guesser = portal.Open();
        var (action, fields) = Browser.Read(await guesser.GetAsync("/admin/sign-in"));
        fields["Password"] = "wrong";
        for (var i = 0; i < times; i++)
        {
            // One address's tries would soon have to wait.
            fields["Email"] = $"{Guid.NewGuid():N}@example.com";
            await guesser.PostAsync(action, fields, From());
        }
    }
}
