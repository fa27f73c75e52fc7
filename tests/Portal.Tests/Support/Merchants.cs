using Microsoft.Extensions.DependencyInjection;
using Portal.Admin.Contract;

namespace Portal.Tests.Support;

/// <summary>The merchant's side of a portal under test.</summary>
internal static class Merchants
{
    public const string Email = "merchant@shop.example.test";
    public const string Password = "a long and calm pass phrase";

    /// <summary>A browser in which the merchant has signed in; her account is made when it is not there.</summary>
    public static async Task<Browser> SignedInMerchantAsync(this PortalUnderTest portal)
    {
        await portal.InScopeAsync(s => s.GetRequiredService<IMerchants>().AddAsync(Email, Password, CancellationToken.None));
        var browser = portal.Open();
        var form = await browser.GetAsync("/admin/sign-in");
        var answer = await browser.SubmitAsync(form, null, ("Email", Email), ("Password", Password));
        answer.Location.Should().Be("/admin", "{0}", answer);
        return browser;
    }
}
