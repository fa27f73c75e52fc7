using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Somebody has the whole database, and nothing else.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class AtRestTests(Db db)
{
    private PortalUnderTest portal = null!;
    private readonly Dictionary<string, string> secrets = [];

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db);
        secrets["processor key"] = "rk_live_canary8f2c61d0";
        secrets["webhook secret"] = "whsec_" + Convert.ToBase64String("canary-0b7e4499-canary"u8);
        await portal.ConnectAsync(
            "stripe",
            "Stripe",
            new Dictionary<string, string> { ["apiKey"] = secrets["processor key"], ["webhookSecret"] = secrets["webhook secret"] }
        );
        var connection = (await portal.ConnectSilentAsync()).Id;
        await portal.TellAsync(connection, Deeds.Purchase("1", "ada@example.com", 1099, portal.Now));
        using var ada = await portal.SignedInAsync("ada@example.com");
        using var merchant = await portal.SignedInMerchantAsync();
        using var other = portal.Open();
        secrets["buyer's session"] = ada.Cookies[Browser.SessionCookie];
        secrets["merchant's session"] = merchant.Cookies["__Host-portal-admin"];
        secrets["merchant's password"] = Merchants.Password;
        secrets["living link"] = (await portal.LinkAsync(other, "ada@example.com"))["/sign-in/".Length..];
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [Test]
    [SecurityCase("K1", "living link, sessions, password, processor key, webhook secret: in no row and no byte, raw, base64, hex or URL-encoded")]
    public async Task The_database_tells_no_secret()
    {
        var dump = string.Join('\n', (await portal.DumpAsync()).Select(t => $"{t.Key}\n{t.Value}"));
        dump.Should().Contain("ada@example.com", "it is the whole database");
        List<string> found =
        [
            .. secrets.Where(s => Spellings(s.Value).Any(e => dump.Contains(e, StringComparison.OrdinalIgnoreCase))).Select(s => s.Key),
        ];
        if (db == Db.Sqlite)
        {
            foreach (var file in Directory.EnumerateFiles(portal.Data.Path, "portal.db*"))
            {
                await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var bytes = new MemoryStream();
                await open.CopyToAsync(bytes);
                var text = Encoding.Latin1.GetString(bytes.ToArray());
                found.AddRange(
                    secrets.Where(s => Spellings(s.Value).Any(e => text.Contains(e, StringComparison.OrdinalIgnoreCase))).Select(s => s.Key)
                );
            }
        }

        found.Should().BeEmpty();
    }

    [Test]
    [SecurityCase("K1", "what the database holds of sessions and links signs nobody in")]
    public async Task What_is_stored_signs_nobody_in()
    {
        var stored = (await portal.DumpAsync())
            .Where(t => t.Key is "access_session" or "customers_sign_in_link")
            .SelectMany(t => t.Value.Split('|', '\n', '/'))
            .Where(v => v.Length is > 20 and < 200 && v.All(c => c is > ' ' and < '\x7f'))
            .Distinct()
            .ToList();
        stored.Should().HaveCountGreaterThan(2);
        using var thief = portal.Open();
        foreach (var value in stored.Concat(stored.Where(v => v.Length % 2 == 0 && v.All(char.IsAsciiHexDigit)).SelectMany(FromHex)))
        {
            thief.Cookies[Browser.SessionCookie] = value;
            thief.Cookies["__Host-portal-admin"] = value;
            (await thief.GetAsync("/orders")).Code.Should().Be(302);
            (await thief.GetAsync("/admin/connections")).Code.Should().Be(302);
            (await thief.GetAsync("/sign-in/" + Uri.EscapeDataString(value))).Code.Should().Be(410);
        }
    }

    [Test]
    [SecurityCase("K1", "the merchant's pages never send a stored secret back")]
    public async Task A_secret_once_entered_is_never_shown()
    {
        using var merchant = await portal.SignedInMerchantAsync();
        var ids = await portal.AskAsync(data => data.Set<Connections.Data.ConnectedAccount>().Select(a => a.PublicId).ToListAsync());
        foreach (var path in ids.Select(id => "/admin/connections/" + id).Append("/admin/connections").Append("/admin").Append("/admin/store"))
        {
            var page = await merchant.GetAsync(path);
            page.Code.Should().Be(200);
            secrets.Where(s => Spellings(s.Value).Any(e => page.Body.Contains(e, StringComparison.OrdinalIgnoreCase))).Should().BeEmpty(path);
        }
    }

    private static IEnumerable<string> FromHex(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        return [Convert.ToBase64String(bytes), Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_')];
    }

    /// <summary>As it may stand somewhere; long enough beginnings of base64 that do not depend on what follows.</summary>
    private static IEnumerable<string> Spellings(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return [secret, WebUtility.UrlEncode(secret), Convert.ToHexString(bytes), Convert.ToBase64String(bytes[..(bytes.Length / 3 * 3)])];
    }
}
