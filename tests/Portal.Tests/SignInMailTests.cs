using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>What the sign-in has to do with the mail server: nothing anybody who waits for an answer would notice.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class SignInMailTests(Db db)
{
    private const string Email = "Ada.L@Example.com";

    [SecurityCase("S2", "a silent mail server delays no answer")]
    [Test]
    public async Task While_the_mail_server_says_nothing_the_page_answers()
    {
        await using var mails = new SmtpSink(silent: true);
        await using var portal = await StartAsync(mails.Port);
        using var browser = portal.Open();
        await AskAsync(browser, Email);
        await Poller.UntilAsync(() => Task.FromResult(mails.Callers > 0), "the mail server to be called");

        // The mail hangs at this moment, and for as long as nobody lets it go.
        await AskAsync(browser, Email);
        await AskAsync(browser, "nobody@example.com");
        mails.Mails.Should().BeEmpty();

        mails.Speak();
        await Poller.UntilAsync(() => Task.FromResult(mails.Mails.Count == 2), "both mails");
    }

    [SecurityCase("S2", "nor does one that is down")]
    [Test]
    public async Task Without_a_mail_server_the_page_answers_too()
    {
        await using var portal = await StartAsync(port: 1);
        using var browser = portal.Open();

        await AskAsync(browser, Email);
        await Poller.UntilAsync(
            async () => await portal.CountAsync("notifications_outbox", "\"Kind\" = 'sign-in' and \"Reason\" is not null") == 1,
            "the mail to be refused"
        );
        await AskAsync(browser, Email);
        await AskAsync(browser, "nobody@example.com");
    }

    [SecurityCase("S9", "one recipient, the stored one, under the portal's own headers")]
    [TestCase("ada.l@example.com")]
    [TestCase(" ADA.L@EXAMPLE.COM ")]
    public async Task A_mail_goes_to_the_stored_address_alone_under_headers_of_the_portal(string typed)
    {
        await using var mails = new SmtpSink();
        await using var portal = await StartAsync(mails.Port);
        using var browser = portal.Open();

        await AskAsync(browser, typed);

        await Poller.UntilAsync(() => Task.FromResult(mails.Mails.Count > 0), "the mail");
        var lines = mails.Mails.Single().Split('\n');
        lines.Where(l => l.StartsWith("RCPT TO", StringComparison.OrdinalIgnoreCase)).Should().Equal($"RCPT TO:<{Email}>");
        lines
            .SkipWhile(l => l != "DATA")
            .Skip(1)
            .TakeWhile(l => l.Length > 0)
            .Where(l => !char.IsWhiteSpace(l[0]))
            .Select(l => l.Split(':')[0].ToLowerInvariant())
            .Should()
            .BeEquivalentTo("from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type");
    }

    private static async Task AskAsync(Browser browser, string email)
    {
        var answer = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), null, ("Email", email));
        answer.Location.Should().Be("/sign-in/sent");
        (await browser.GetAsync("/sign-in/sent")).Code.Should().Be(200);
    }

    private async Task<PortalUnderTest> StartAsync(int port)
    {
        var portal = await PortalUnderTest.StartAsync(
            db,
            new PortalSetup { Settings = ["--Mail:Transport=Smtp", "--Mail:Host=127.0.0.1", $"--Mail:Port={port}", "--Mail:Security=None"] }
        );

        // Long past, so that no other mail is written.
        await portal.TellAsync((await portal.ConnectSilentAsync()).Id, historic: true, Deeds.Purchase("1", Email, 1000, portal.Now));
        return portal;
    }
}
