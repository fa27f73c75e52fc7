using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Admin.SecureAccount;
using Portal.Admin.SetUpSecondFactor;
using Portal.Kernel;
using Portal.Store.Contract;

namespace Portal.Admin.KeepRecoveryCodes;

/// <summary>Recovery codes, shown once: on the screen, on paper, as a file.</summary>
[Route("admin/security/recovery-codes")]
[ForMerchants]
[SupportMay]
internal sealed class KeepRecoveryCodesController(
    PortalDb db,
    SecondFactors factors,
    ShownCodes shown,
    SecurityNews news,
    IStore store,
    IStringLocalizer<Texts> texts,
    Actor actor
) : Controller
{
    private long Me => actor.Subject!.Value;

    [HttpGet]
    public IActionResult KeepRecoveryCodes() => shown.Of(Me) is { } codes ? View(codes) : LocalRedirect("~/admin/security");

    [HttpGet("/admin/security/recovery-codes.txt")]
    public async Task<IActionResult> Download(CancellationToken ct)
    {
        if (shown.Of(Me) is not { } codes)
        {
            return LocalRedirect("~/admin/security");
        }

        var name = (await store.GetAsync(ct)).Name;
        string[] lines = [texts["RecoveryCodesOf", name, actor.Name!], texts["RecoveryCodeHint"], "", .. codes, ""];
        return File(Encoding.UTF8.GetBytes(string.Join("\r\n", lines)), MediaTypeNames.Text.Plain + "; charset=utf-8", "recovery-codes.txt");
    }

    [HttpPost]
    [FreshSignIn]
    public async Task<IActionResult> Renew(CancellationToken ct)
    {
        var codes = await db.InTransactionAsync(
            async () =>
            {
                if (!(await factors.OfAsync(Me, ct)).IsProtected)
                {
                    return null;
                }

                var me = await db.Set<Merchant>().AsNoTracking().SingleAsync(m => m.Id == Me, ct);
                await news.TellAsync(me, MerchantChange.CodesRenewed, AdminActivity.CodesRenewed, ct);
                return await factors.RenewCodesAsync(Me, ct);
            },
            ct
        );
        if (codes is null)
        {
            return LocalRedirect("~/admin/security");
        }

        shown.Keep(Me, codes);
        return LocalRedirect("~/admin/security/recovery-codes");
    }
}
