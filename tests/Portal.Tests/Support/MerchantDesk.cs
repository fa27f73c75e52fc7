using Microsoft.Extensions.DependencyInjection;
using Portal.Admin.Contract;

namespace Portal.Tests.Support;

/// <summary>What a merchant does.</summary>
internal static class MerchantDesk
{
    public const string Password = "a long and calm pass phrase";
    public const string SessionCookie = "__Host-portal-admin";

    /// <summary>Adds an owner's account.</summary>
    public static Task AddMerchantAsync(this PortalUnderTest portal, string email) =>
        portal.InScopeAsync(async s =>
            (await s.GetRequiredService<IMerchants>().AddAsync(email, Password, CancellationToken.None)).Should().BeNull("the account is fine")
        );

    /// <summary>Signs in, on the page a merchant is sent to.</summary>
    /// <returns>Where it leads.</returns>
    public static async Task<Answer> SignInMerchantAsync(this Browser browser, string email, string page = "/admin/sign-in") =>
        await browser.SubmitAsync(await browser.GetAsync(page), null, ("Email", email), ("Password", Password));
}
