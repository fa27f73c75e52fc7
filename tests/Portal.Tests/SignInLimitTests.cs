using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Guessing is slowed down, for known and unknown alike.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class SignInLimitTests(Db db)
{
    private const int Tries = 5;

    [SecurityCase("S6", "429 with Retry-After, known and unknown alike")]
    [TestCase("ada@example.com")]
    [TestCase("nobody@example.com")]
    public async Task After_some_tries_a_minute_an_address_must_wait(string email)
    {
        await using var portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Settings = [$"--RateLimits:SecretsPerMinute={Tries}"] });
        await portal.TellAsync((await portal.ConnectSilentAsync()).Id, Deeds.Purchase("1", "ada@example.com", 1000, portal.Now));
        using var browser = portal.Open();
        var (action, fields) = Browser.Read(await browser.GetAsync("/sign-in"));
        fields["Email"] = email;

        List<Answer> answers = [];
        for (var i = 0; i < Tries + 3; i++)
        {
            answers.Add(await browser.PostAsync(action, fields));
        }

        answers.Take(Tries).Select(a => a.Code).Should().AllBeEquivalentTo(302);
        foreach (var refused in answers.Skip(Tries))
        {
            refused.Code.Should().Be(429);
            int.Parse(refused.Header("Retry-After")!, null).Should().BeInRange(1, 60);
            refused.Title.Should().NotBeEmpty();
        }

        answers.Skip(Tries).Select(a => a.Masked).Distinct().Should().ContainSingle();
        (await browser.GetAsync("/sign-in/" + new string('x', 43))).Code.Should().Be(429, "guessing links counts with it");
        foreach (var other in (string[])["/sign-in/code", "/sign-in/sent", "/sign-in/help", "/sign-in/" + new string('x', 43) + "/fresh"])
        {
            (await browser.PostAsync(other, fields)).Code.Should().Be(429, "{0} counts with it", other);
        }

        (await browser.GetAsync("/sign-in")).Code.Should().Be(200, "looking at the form does not");
        (await portal.CountAsync("customers_sign_in_request")).Should().Be(Tries);
    }
}
