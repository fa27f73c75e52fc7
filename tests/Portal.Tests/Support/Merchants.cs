using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Portal.Admin.Contract;
using Portal.Kernel;

namespace Portal.Tests.Support;

/// <summary>What people who administer the portal do.</summary>
internal static class Merchants
{
    public const string Email = "merchant@shop.example.test";
    public const string Password = "a long and calm pass phrase";
    public const string SessionCookie = "__Host-portal-admin";
    public const string StepCookie = "__Host-portal-admin-step";

    public static async Task AddMerchantAsync(this PortalUnderTest portal, string email, MerchantRole role = MerchantRole.Owner)
    {
        var wrong = await portal.InScopeAsync(s => s.GetRequiredService<IMerchants>().AddAsync(email, Password, role, CancellationToken.None));
        wrong.Should().BeNull();
    }

    public static async Task<MerchantInfo> MerchantAsync(this PortalUnderTest portal, string email) =>
        (await portal.InScopeAsync(s => s.GetRequiredService<IMerchants>().ListAsync(CancellationToken.None))).Single(m => m.Email == email);

    /// <summary>Sends the first form of the sign-in.</summary>
    public static async Task<Answer> GivePasswordAsync(this Browser browser, string email, string password = Password, string? returnTo = null) =>
        await browser.SubmitAsync(
            await browser.GetAsync("/admin/sign-in" + (returnTo is null ? "" : "?returnTo=" + Uri.EscapeDataString(returnTo))),
            null,
            ("Email", email),
            ("Password", password)
        );

    /// <summary>Signs in, on the page a merchant is sent to.</summary>
    /// <returns>Where it leads.</returns>
    public static async Task<Answer> SignInMerchantAsync(this Browser browser, string email, string page = "/admin/sign-in") =>
        await browser.SubmitAsync(await browser.GetAsync(page), null, ("Email", email), ("Password", Password));

    /// <summary>Sends the second form of the sign-in.</summary>
    public static async Task<Answer> GiveCodeAsync(this Browser browser, string code) =>
        await browser.SubmitAsync(await browser.GetAsync("/admin/sign-in/second-factor"), "form:has(#code)", ("Code", code));

    public static async Task<Answer> GiveRecoveryCodeAsync(this Browser browser, string code) =>
        await browser.SubmitAsync(await browser.GetAsync("/admin/sign-in/second-factor"), "form:has(#recovery)", ("RecoveryCode", code));

    /// <summary>A new merchant's browser, signed in.</summary>
    public static async Task<Browser> NewMerchantAsync(this PortalUnderTest portal, string email, MerchantRole role = MerchantRole.Owner)
    {
        await portal.AddMerchantAsync(email, role);
        var browser = portal.Open();
        (await browser.GivePasswordAsync(email)).Location.Should().Be("/admin");
        return browser;
    }

    /// <summary>A browser in which the merchant has signed in; her account is made when it is not there.</summary>
    public static async Task<Browser> SignedInMerchantAsync(this PortalUnderTest portal)
    {
        await portal.InScopeAsync(s => s.GetRequiredService<IMerchants>().AddAsync(Email, Password, MerchantRole.Owner, CancellationToken.None));
        var browser = portal.Open();
        (await browser.GivePasswordAsync(Email)).Location.Should().Be("/admin");
        return browser;
    }

    /// <summary>Sets up an authenticator app the way people do: picture, code, recovery codes.</summary>
    public static async Task<Phone> SetUpAppAsync(this PortalUnderTest portal, Browser browser)
    {
        var page = await browser.GetAsync("/admin/security/second-factor");
        page.Code.Should().Be(200, "{0}", page);
        var phone = new Phone(portal, page.Page.QuerySelector("code[data-copy]")!.TextContent);
        var answer = await browser.SubmitAsync(page, "form:has(#code)", ("Code", phone.Code()));
        answer.Location.Should().Be("/admin/security/recovery-codes", "{0}", answer);
        phone.RecoveryCodes = [.. (await browser.GetAsync(answer.Location!)).Page.QuerySelectorAll("main li code").Select(c => c.TextContent)];
        return phone;
    }

    /// <summary>Whether a browser sees the administration.</summary>
    public static async Task<bool> IsInAsync(this Browser browser) => (await browser.GetAsync("/admin/security")).Code == 200;
}

/// <summary>A merchant's phone with an authenticator app of its own making.</summary>
internal sealed class Phone(PortalUnderTest portal, string key)
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public string Key => key;

    public IReadOnlyList<string> RecoveryCodes { get; set; } = [];

    /// <summary>The code it shows now, or so many times 30 seconds later.</summary>
    public string Code(int later = 0)
    {
        var bits = string.Concat(key.Select(c => Convert.ToString(Base32.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var bytes = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var step = (portal.Now.ToUnixTimeSeconds() / 30) + later;
        var counter = BitConverter.GetBytes(step);
        Array.Reverse(counter);
#pragma warning disable CA5350 // What the standard wants.
        var hash = HMACSHA1.HashData(bytes, counter);
#pragma warning restore CA5350
        var at = hash[19] & 15;
        var number = ((hash[at] & 127) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3];
        return (number % 1000000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }
}
