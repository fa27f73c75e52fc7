using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;
using Portal.Access.Contract;
using Portal.Admin.Data;
using Portal.Kernel;
using Portal.Store.Contract;

namespace Portal.Admin.SetUp;

/// <summary>The first start: whoever reads the terminal becomes the merchant. Afterwards the page is gone for good.</summary>
[Route("admin/setup")]
[ForEverybody]
internal sealed class SetUpController(
    MerchantBook merchants,
    SetUpCode code,
    IStore store,
    ISessions sessions,
    IFailedSecrets failed,
    IStringLocalizer<Texts> texts
) : Controller
{
    private const int LongestName = 100;

    [HttpGet]
    public async Task<IActionResult> SetUp(CancellationToken ct)
    {
        if (await merchants.SetUpCodeAsync(ct) is null)
        {
            return NotFound();
        }

        var info = await store.GetAsync(ct);
        return View(new SetUpForm { StoreName = info.IsNamed ? info.Name : null });
    }

    [HttpPost]
    [EnableRateLimiting(Limits.Secrets)]
    public async Task<IActionResult> SetUp(SetUpForm form, CancellationToken ct)
    {
        if (await merchants.SetUpCodeAsync(ct) is null)
        {
            return NotFound();
        }

        // The code first: without it nobody learns what else would be accepted.
        if (!code.Matches(form.Code))
        {
            return await failed.CountAsync(SecretKind.SetUpCode, ct) ?? Refuse(form with { WrongCode = texts["SetUpCodeWrong"] });
        }

        if (form.StoreName?.Trim() is not { Length: > 0 and <= LongestName } name || name.Any(char.IsControl))
        {
            return Refuse(form with { WrongName = texts["StoreNameWrong", LongestName] });
        }

        var (id, wrong) = await merchants.AddFirstAsync(form.Email ?? "", form.Password ?? "", BeginAsync, ct);
        if (wrong is not null)
        {
            return Refuse(form with { WrongAccount = wrong });
        }

        return id is null ? NotFound() : LocalRedirect("~/admin");

        async Task BeginAsync(long merchant)
        {
            await store.RenameAsync(name, ct);
            await sessions.StartAsync(Audience.Merchant, merchant, ct);
        }
    }

    private ViewResult Refuse(SetUpForm form)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(form);
    }
}

/// <summary>What the first merchant types, and what is wrong with it.</summary>
internal sealed record SetUpForm
{
    public string? Code { get; init; }
    public string? StoreName { get; init; }
    public string? Email { get; init; }
    public string? Password { get; init; }

    [Microsoft.AspNetCore.Mvc.ModelBinding.BindNever]
    public string? WrongCode { get; init; }

    [Microsoft.AspNetCore.Mvc.ModelBinding.BindNever]
    public string? WrongName { get; init; }

    [Microsoft.AspNetCore.Mvc.ModelBinding.BindNever]
    public string? WrongAccount { get; init; }
}
