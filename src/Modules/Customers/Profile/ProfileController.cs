using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.Profile;

/// <summary>Who a buyer is, as she says it herself.</summary>
[Route("profile")]
[ForBuyers]
internal sealed class ProfileController(PortalDb db, SaveProfile save, SpokenLanguages languages, Buyer buyer) : Controller
{
    private const int ConsentsShown = 10;

    private CustomerId Her => buyer.Id!.Value;

    [HttpGet]
    public async Task<IActionResult> Profile(bool saved, CancellationToken ct)
    {
        var customer = await CustomerAsync(ct);
        var form = ProfileForm.Of(customer, (await SaveProfile.ConsentAsync(db, ct))?.Given ?? false);
        return View(await ShowAsync(customer, form, new Dictionary<string, FieldError>(), ct) with { Saved = saved });
    }

    [HttpPost]
    public async Task<IActionResult> Profile([Bind(Prefix = "")] ProfileForm form, CancellationToken ct)
    {
        var customer = await CustomerAsync(ct);
        var (details, errors) = ProfileCheck.Read(form, customer, languages);
        if (errors.Count > 0)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View(await ShowAsync(customer, form, errors, ct));
        }

        await save.SaveAsync(Her, details, form.Marketing, ct);
        return LocalRedirect("~/profile?saved=true");
    }

    private Task<Customer> CustomerAsync(CancellationToken ct) => db.Set<Customer>().AsNoTracking().SingleAsync(c => c.RowId == Her.Value, ct);

    private async Task<ProfileView> ShowAsync(
        Customer customer,
        ProfileForm form,
        IReadOnlyDictionary<string, FieldError> errors,
        CancellationToken ct
    ) =>
        new(
            form,
            errors,
            await db.Set<Consent>().AsNoTracking().OrderByDescending(c => c.At).ThenByDescending(c => c.Id).Take(ConsentsShown).ToListAsync(ct),
            await db.Set<TaxIdInquiry>().AsNoTracking().Where(i => i.TaxId == customer.TaxId).OrderByDescending(i => i.Id).FirstOrDefaultAsync(ct),
            languages,
            Countries.Named()
        );
}

/// <summary>The profile's page.</summary>
/// <param name="Form">As it stands, or as she typed it.</param>
/// <param name="Errors">By field.</param>
/// <param name="Consents">Her words on marketing mails, newest first.</param>
/// <param name="TaxId">What the register was asked about the tax id kept; null when it was not.</param>
/// <param name="Languages">To choose from.</param>
/// <param name="Countries">To choose from.</param>
internal sealed record ProfileView(
    ProfileForm Form,
    IReadOnlyDictionary<string, FieldError> Errors,
    IReadOnlyList<Consent> Consents,
    TaxIdInquiry? TaxId,
    SpokenLanguages Languages,
    IReadOnlyList<(string Code, string Name)> Countries
)
{
    public bool Saved { get; init; }
}

/// <summary>One line of the form.</summary>
/// <param name="Name">Of the field in the form; its label is <c>Field</c> and the last part of it.</param>
/// <param name="Value">As it stands.</param>
/// <param name="Autocomplete">What browsers fill it with.</param>
/// <param name="Error">Why it cannot be kept.</param>
internal sealed record ProfileField(string Name, string? Value, string Autocomplete, FieldError? Error)
{
    public string Id => Name.Replace(".", "-", StringComparison.Ordinal).ToLowerInvariant();
    public string Label => Name[(Name.LastIndexOf('.') + 1)..];
    public string? Type { get; init; }
    public int Longest { get; init; } = 200;
    public string? Hint { get; init; }
}
