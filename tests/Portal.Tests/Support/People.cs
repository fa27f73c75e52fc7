using Portal.Access.Data;
using Portal.Admin.Data;
using Portal.Kernel;
using Portal.Notifications.Contract;

namespace Portal.Tests.Support;

/// <summary>People at the portal, besides the buyer who signs in by mail.</summary>
internal static class People
{
    private const string MerchantCookie = "__Host-portal-admin";
    private static int merchants;

    /// <summary>A merchant's browser, past her sign-in: what is tested here begins behind it.</summary>
    public static Task<Browser> MerchantAsync(this PortalUnderTest portal, MerchantRole role = MerchantRole.Owner) =>
        portal.AskAsync(async db =>
        {
            var merchant = new Merchant($"merchant{Interlocked.Increment(ref merchants)}@shop.example.test", role, "en", portal.Now);
            db.Add(merchant);
            await db.SaveChangesAsync();
            var token = SecretToken.New();
            db.Add(new Session(Audience.Merchant, merchant.Id, token, null, null, portal.Now, TimeSpan.FromHours(12)));
            await db.SaveChangesAsync();
            var browser = portal.Open();
            browser.Cookies[MerchantCookie] = token;
            return browser;
        });

    /// <summary>The path of the one-time link in a mail of a kind.</summary>
    public static async Task<string> MailedLinkAsync(this PortalUnderTest portal, string to, string kind)
    {
        var mails = await portal.MailsAsync(to, kind);
        mails.Should().NotBeEmpty("{0} was mailed a link of kind {1}", to, kind);
        return LinkIn(mails[0]);
    }

    public static string LinkIn(OutboxMailContent mail) =>
        new Uri(mail.Text.Split("\r\n").Single(l => l.Contains("/link/", StringComparison.Ordinal)).Trim()).AbsolutePath;

    /// <summary>Opens the link and presses its button.</summary>
    public static async Task<Answer> PressAsync(this Browser browser, string link) => await browser.SubmitAsync(await browser.GetAsync(link));
}
