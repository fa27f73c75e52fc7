using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Admin.KeepRecoveryCodes;
using Portal.Admin.SecureAccount;
using Portal.Kernel;
using Portal.Store.Contract;
using QRCoder;

namespace Portal.Admin.SetUpSecondFactor;

/// <summary>An authenticator app: set up, replaced, taken away; with it the recovery codes.</summary>
[Route("admin/security/second-factor")]
[ForMerchants]
[SupportMay]
[FreshSignIn]
internal sealed class SetUpSecondFactorController(PortalDb db, SecondFactors factors, ShownCodes shown, SecurityNews news, IStore store, Actor actor)
    : Controller
{
    private const int LongestTyped = 20;

    private long Me => actor.Subject!.Value;

    [HttpGet]
    public async Task<IActionResult> SetUpSecondFactor(bool expired, CancellationToken ct) =>
        View(await PageAsync(factors.Offer(Me), ct) with { Expired = expired });

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> SetUpSecondFactor(string? offer, string? code, CancellationToken ct)
    {
        if (factors.Open(Me, offer) is not { } key)
        {
            return LocalRedirect("~/admin/security/second-factor?expired=true");
        }

        var (isOn, codes) = await db.InTransactionAsync(() => TurnOnAsync(key, code, ct), ct);
        if (!isOn)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View(await PageAsync(offer!, ct) with { WrongCode = true });
        }

        if (codes is null)
        {
            return LocalRedirect("~/admin/security?saved=AppOn");
        }

        shown.Keep(Me, codes);
        return LocalRedirect("~/admin/security/recovery-codes");
    }

    [HttpPost("off")]
    public async Task<IActionResult> TurnOff(CancellationToken ct)
    {
        await db.InTransactionAsync(
            async () =>
            {
                if (await factors.TurnOffAsync(Me, ct))
                {
                    await news.TellAsync(await MeAsync(ct), MerchantChange.AppOff, AdminActivity.AppOff, ct);
                }
            },
            ct
        );
        return LocalRedirect("~/admin/security?saved=AppOff");
    }

    /// <summary>Whether the code was the app's; and recovery codes, when there were none left.</summary>
    private async Task<(bool IsOn, IReadOnlyList<string>? Codes)> TurnOnAsync(byte[] key, string? code, CancellationToken ct)
    {
        if (code is not { Length: <= LongestTyped } || !await factors.TurnOnAsync(Me, key, code, ct))
        {
            return default;
        }

        await news.TellAsync(await MeAsync(ct), MerchantChange.AppOn, AdminActivity.AppOn, ct);
        return (true, (await factors.OfAsync(Me, ct)).RecoveryCodes == 0 ? await factors.RenewCodesAsync(Me, ct) : null);
    }

    private async Task<SecondFactorView> PageAsync(string offer, CancellationToken ct) =>
        new(await factors.OfAsync(Me, ct), offer, factors.Open(Me, offer)!, (await store.GetAsync(ct)).Name, actor.Name!);

    private Task<Merchant> MeAsync(CancellationToken ct) => db.Set<Merchant>().AsNoTracking().SingleAsync(m => m.Id == Me, ct);
}

/// <summary>The page.</summary>
/// <param name="Factors">What she has.</param>
/// <param name="Offer">The key to set up, sealed.</param>
/// <param name="Key">The key.</param>
/// <param name="Issuer">What the app calls the portal.</param>
/// <param name="Account">What the app calls her.</param>
internal sealed record SecondFactorView(Factors Factors, string Offer, byte[] Key, string Issuer, string Account)
{
    private const int PixelsPerModule = 4;

    public bool WrongCode { get; init; }

    /// <summary>The page was open too long.</summary>
    public bool Expired { get; init; }

    public string KeyText => Totp.ToText(Key);

    public string Address => Totp.Address(Key, Issuer, Account);

    /// <summary>Black on white also in the dark: cameras want it so.</summary>
    public string Picture()
    {
        using var code = QRCodeGenerator.GenerateQrCode(Address, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(code);
        return "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg.GetGraphic(PixelsPerModule, "#000000", "#ffffff")));
    }
}
