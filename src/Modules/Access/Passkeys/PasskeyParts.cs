using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Portal.Access.Contract;
using Portal.Access.Sessions;
using Portal.Kernel;

namespace Portal.Access.Passkeys;

/// <summary>On the security page, buyer's or merchant's: one's own passkeys.</summary>
internal sealed class PasskeyListViewComponent(IPasskeys passkeys, RelyingParty party, Actor actor) : ViewComponent
{
    private static readonly string[] Deeds = ["added", "renamed", "removed"];

    public async Task<IViewComponentResult> InvokeAsync()
    {
        var list = await passkeys.ListAsync(actor.Audience, actor.Subject!.Value, HttpContext.RequestAborted);
        var done = Deeds.FirstOrDefault(d => d == HttpContext.Request.Query["passkey"]);
        return list.Count > 0 || party.IsPossible
            ? View("/Passkeys/PasskeyList.cshtml", new PasskeyListView(PasskeyDoor.Of(actor.Audience), list, party.IsPossible, done))
            : Content("");
    }
}

/// <summary>What was just done, besides the list.</summary>
internal sealed record PasskeyListView(PasskeyDoor Door, IReadOnlyList<PasskeyInfo> Passkeys, bool CanAdd, string? Done);

/// <summary>On the buyer's sign-in page.</summary>
internal sealed class BuyerPasskeySignInViewComponent(RelyingParty party) : ViewComponent
{
    public IViewComponentResult Invoke(string? returnTo = null) => this.Ask(PasskeyDoor.Buyers, party, returnTo);
}

/// <summary>On the merchant's sign-in page.</summary>
internal sealed class MerchantPasskeySignInViewComponent(RelyingParty party) : ViewComponent
{
    public IViewComponentResult Invoke(string? returnTo = null) => this.Ask(PasskeyDoor.Merchants, party, returnTo);
}

/// <summary>The button that signs in, and where it leads.</summary>
internal sealed record PasskeySignInView(string Path, string? ReturnTo);

/// <summary>On the overview, shortly after signing in the long way: the short one for next time. Never insists.</summary>
internal sealed class OfferPasskeyViewComponent(IPasskeys passkeys, RelyingParty party, Buyer buyer) : ViewComponent
{
    private const string CookieName = "__Host-portal-passkey-later";
    private static readonly TimeSpan Rest = TimeSpan.FromDays(90);

    public async Task<IViewComponentResult> InvokeAsync()
    {
        var isFitting =
            party.IsPossible
            && UserClaimsPrincipal.HasClaim(c => c.Type == SessionAuthentication.Fresh)
            && !HttpContext.Request.Cookies.ContainsKey(CookieName)
            && !await passkeys.AnyAsync(Audience.Buyer, buyer.Id!.Value.Value, HttpContext.RequestAborted);
        return isFitting ? View("/Passkeys/OfferPasskey.cshtml") : Content("");
    }

    public static void PutOff(HttpResponse response) =>
        response.Cookies.Append(
            CookieName,
            "1",
            new CookieOptions
            {
                MaxAge = Rest,
                HttpOnly = true,
                Secure = true,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                IsEssential = true,
            }
        );
}

internal static class PasskeyPart
{
    public static IViewComponentResult Ask(this ViewComponent part, PasskeyDoor door, RelyingParty party, string? returnTo) =>
        party.IsPossible
            ? part.View("/Passkeys/PasskeySignIn.cshtml", new PasskeySignInView(door.SignInPath + "/passkey", ReturnPath.Check(returnTo)))
            : part.Content("");

    /// <summary>For the script: options as they are, and the challenge's name.</summary>
    public static IActionResult ToResult(this PasskeyOptions options) =>
        new JsonResult(new { challenge = options.Challenge, options = System.Text.Json.JsonDocument.Parse(options.Json).RootElement });
}
