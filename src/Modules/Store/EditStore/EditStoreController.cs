using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Store.Contract;
using Portal.Store.Data;

namespace Portal.Store.EditStore;

/// <summary>Name, seller's details, links, color and logo.</summary>
[Route("admin/store")]
[ForMerchants]
internal sealed class EditStoreController(PortalDb db, StoreBook store) : Controller
{
    private const int LargestLogo = 512 * 1024;

    [HttpGet]
    public async Task<IActionResult> EditStore(bool saved, CancellationToken ct)
    {
        var profile = await db.Set<StoreProfile>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == StoreProfile.TheOne, ct) ?? new StoreProfile();
        return View(StoreForm.Of(profile) with { Saved = saved });
    }

    [HttpPost]
    [OwnersOnly]
    public async Task<IActionResult> EditStore(StoreForm form, IFormFile? logo, CancellationToken ct)
    {
        var wrong = form.Wrong();
        var (bytes, type) = await ReadLogoAsync(logo, ct);
        if (logo is { Length: > 0 } && bytes is null)
        {
            wrong.Add("Logo");
        }

        if (wrong.Count > 0)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View(form with { WrongFields = wrong });
        }

        await store.ChangeAsync(
            profile =>
            {
                form.CopyTo(profile);
                if (bytes is not null)
                {
                    (profile.Logo, profile.LogoType) = (bytes, type);
                }
            },
            ct
        );
        return LocalRedirect("~/admin/store?saved=true");
    }

    /// <summary>PNG, JPEG or WebP by their first bytes, whatever the upload calls itself. No SVG: it can carry script.</summary>
    private static async Task<(byte[]? Bytes, string? Type)> ReadLogoAsync(IFormFile? logo, CancellationToken ct)
    {
        if (logo is null || logo.Length is 0 or > LargestLogo)
        {
            return default;
        }

        using var copy = new MemoryStream();
        await logo.CopyToAsync(copy, ct);
        var bytes = copy.ToArray();
        return bytes switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => (bytes, "image/png"),
            [0xFF, 0xD8, 0xFF, ..] => (bytes, "image/jpeg"),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => (bytes, "image/webp"),
            _ => default,
        };
    }
}

/// <summary>What the merchant fills in.</summary>
internal sealed record StoreForm
{
    public string? Name { get; init; }
    public string? LegalName { get; init; }
    public string? Address { get; init; }
    public string? Country { get; init; }
    public string? TaxId { get; init; }
    public string? LegalNote { get; init; }
    public string? SupportEmail { get; init; }
    public string? TermsUrl { get; init; }
    public string? PrivacyUrl { get; init; }
    public string? BrandColor { get; init; }
    public string? NumberPrefix { get; init; }
    public bool AllowPasswords { get; init; }
    public string? KeepInvoicesYears { get; init; }
    public bool Saved { get; init; }
    public IReadOnlyList<string> WrongFields { get; init; } = [];

    public static StoreForm Of(StoreProfile store) =>
        new()
        {
            Name = store.Name,
            LegalName = store.LegalName,
            Address = store.Address,
            Country = store.Country,
            TaxId = store.TaxId,
            LegalNote = store.LegalNote,
            SupportEmail = store.SupportEmail,
            TermsUrl = store.TermsUrl,
            PrivacyUrl = store.PrivacyUrl,
            BrandColor = store.BrandColor,
            NumberPrefix = store.NumberPrefix,
            AllowPasswords = store.AllowPasswords,
            KeepInvoicesYears = (store.KeepInvoicesYears ?? StoreInfo.UsualYears).ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>The names of the fields that cannot be kept.</summary>
    public List<string> Wrong()
    {
        List<string> wrong = [];
        Check(nameof(Name), Name is { Length: > 0 and <= 100 });
        Check(nameof(LegalName), LegalName is null or { Length: <= 200 });
        Check(nameof(Address), Address is null or { Length: <= 500 });
        Check(nameof(Country), Country is null || (Country.Length == 2 && Country.All(char.IsAsciiLetter)));
        Check(nameof(TaxId), TaxId is null or { Length: <= 50 });
        Check(nameof(LegalNote), LegalNote is null or { Length: <= 500 });
        Check(nameof(SupportEmail), SupportEmail is null || (SupportEmail.Length <= 254 && SupportEmail.Contains('@', StringComparison.Ordinal)));
        Check(nameof(TermsUrl), TermsUrl is null || IsLink(TermsUrl));
        Check(nameof(PrivacyUrl), PrivacyUrl is null || IsLink(PrivacyUrl));
        Check(nameof(BrandColor), BrandColors.IsColor(BrandColor?.ToLowerInvariant()));
        Check(nameof(NumberPrefix), NumberPrefix is { Length: > 0 and <= 12 } && NumberPrefix.All(char.IsAsciiLetterOrDigit));
        Check(nameof(KeepInvoicesYears), KeepInvoicesYears is { Length: <= 2 } && Years() is >= 1 and <= 30);
        return wrong;

        void Check(string field, bool fine)
        {
            if (!fine)
            {
                wrong.Add(field);
            }
        }
    }

    public void CopyTo(StoreProfile store)
    {
        store.Name = Name!;
        store.LegalName = LegalName;
        store.Address = Address;
        store.Country = Country?.ToUpperInvariant();
        store.TaxId = TaxId;
        store.LegalNote = LegalNote;
        store.SupportEmail = SupportEmail;
        store.TermsUrl = TermsUrl;
        store.PrivacyUrl = PrivacyUrl;
        store.BrandColor = BrandColor!.ToLowerInvariant();
        store.NumberPrefix = NumberPrefix!.ToUpperInvariant();
        store.AllowPasswords = AllowPasswords;
        store.KeepInvoicesYears = Years() == StoreInfo.UsualYears ? null : Years();
    }

    private int? Years() => int.TryParse(KeepInvoicesYears, NumberStyles.None, CultureInfo.InvariantCulture, out var years) ? years : null;

    private static bool IsLink(string text) =>
        text.Length <= 500
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
