using System.Net.Mime;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Store.Contract;
using Portal.Store.Data;

namespace Portal.Store.ShowBrand;

/// <summary>The merchant's color and logo, as files of this site: the content security policy allows no inline style.</summary>
[Route("")]
[ForEverybody]
internal sealed class ShowBrandController(IStore store, PortalDb db) : Controller
{
    [HttpGet("brand.css")]
    public async Task<IActionResult> Colors(CancellationToken ct)
    {
        var info = await store.GetAsync(ct);
        Response.Headers.CacheControl = "public, max-age=60";
        return Content($":root{{--brand:{info.BrandColor};--brand-ink:{info.BrandInk}}}", MediaTypeNames.Text.Css);
    }

    [HttpGet("brand/logo")]
    public async Task<IActionResult> Logo(CancellationToken ct)
    {
        var profile = await db.Set<StoreProfile>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == StoreProfile.TheOne, ct);
        if (profile is not { Logo: { } logo, LogoType: { } type })
        {
            return NotFound();
        }

        Response.Headers.CacheControl = "public, max-age=86400";
        return File(logo, type);
    }
}
