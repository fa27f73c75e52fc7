using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.Profile;

/// <summary>Why a field cannot be kept.</summary>
/// <param name="Key">The sentence.</param>
/// <param name="Details">What fills it.</param>
internal sealed record FieldError(string Key, params object[] Details);

/// <summary>A postal address as typed.</summary>
internal sealed record AddressForm
{
    public string? Line1 { get; init; }
    public string? Line2 { get; init; }
    public string? City { get; init; }
    public string? Region { get; init; }
    public string? PostalCode { get; init; }
    public string? Country { get; init; }

    public static AddressForm Of(PostalAddress address) =>
        new()
        {
            Line1 = address.Line1,
            Line2 = address.Line2,
            City = address.City,
            Region = address.Region,
            PostalCode = address.PostalCode,
            Country = address.Country,
        };
}

/// <summary>What a buyer fills in on her profile, and nothing else: whatever more is posted is not read.</summary>
internal sealed record ProfileForm
{
    public string? Name { get; init; }
    public string? Phone { get; init; }

    /// <summary>Empty to leave it to the browser.</summary>
    public string? Language { get; init; }
    public AddressForm Address { get; init; } = new();
    public AddressForm ShippingAddress { get; init; } = new();
    public bool IsBusiness { get; init; }
    public string? BusinessName { get; init; }
    public string? TaxId { get; init; }
    public bool Marketing { get; init; }

    public static ProfileForm Of(Customer customer, bool marketing) =>
        new()
        {
            Name = customer.Name,
            Phone = customer.Phone,
            Language = customer.LanguageChosenAt is null ? null : customer.Language,
            Address = AddressForm.Of(customer.Address),
            ShippingAddress = AddressForm.Of(customer.ShippingAddress),
            IsBusiness = customer.IsBusiness,
            BusinessName = customer.BusinessName,
            TaxId = customer.TaxId,
            Marketing = marketing,
        };
}

/// <summary>Looks through what was typed.</summary>
internal sealed class ProfileCheck
{
    private const int LongestName = 200;
    private const int LongestPhone = 40;
    private const int LongestPlace = 100;
    private const int LongestPostalCode = 20;

    // Where letters do not arrive without. A country that is on neither list may still use one: what she writes is kept.
    private static readonly HashSet<string> WithPostalCode =
    [
        .. (
            "AT AU BE BG BR CA CH CN CY CZ DE DK EE ES FI FR GB GR HR HU ID IL IN IT JP KR LI LT LU LV MC MT MX MY NL NO NZ PH PL PT RO RU SE "
            + "SG SI SK TH TR TW UA US VN ZA"
        ).Split(' '),
    ];

    private static readonly HashSet<string> WithRegion = ["AU", "BR", "CA", "CN", "IN", "JP", "MX", "US"];

    // One town each.
    private static readonly HashSet<string> WithoutCity = ["GI", "HK", "MC", "MO", "SG", "VA"];
    private readonly Dictionary<string, FieldError> errors = [];

    private readonly Customer before;

    private ProfileCheck(Customer before) => this.before = before;

    /// <summary>
    /// Her details in one spelling, or what is wrong with them, by the field's name in the form. What is as it was is not looked at: a
    /// processor may have told half an address, and whoever came to change her name need not complete it.
    /// </summary>
    public static (Details Details, IReadOnlyDictionary<string, FieldError> Errors) Read(ProfileForm form, Customer before, SpokenLanguages languages)
    {
        var check = new ProfileCheck(before);
        return (check.Read(form, languages.Find(form.Language)?.Name), check.errors);
    }

    private Details Read(ProfileForm form, string? language)
    {
        if (form.Language is not null && language is null)
        {
            errors[nameof(form.Language)] = new FieldError("WrongLanguage");
        }

        var name = Text(nameof(form.Name), form.Name, LongestName, before.Name);
        var phone = Text(nameof(form.Phone), form.Phone, LongestPhone, before.Phone);
        if (phone is not null && !Telephone.IsPlausible(phone))
        {
            errors.TryAdd(nameof(form.Phone), new FieldError("WrongPhone"));
        }

        var address = Address(nameof(form.Address), form.Address, before.Address);
        var shipping = Address(nameof(form.ShippingAddress), form.ShippingAddress, before.ShippingAddress);
        if (shipping != PostalAddress.None && name is null)
        {
            errors.TryAdd(nameof(form.Name), new FieldError("NameForShipping"));
        }

        var business = Text(nameof(form.BusinessName), form.BusinessName, LongestName, before.BusinessName);
        if (form.IsBusiness && business is null)
        {
            errors.TryAdd(nameof(form.BusinessName), new FieldError("NeedsBusinessName"));
        }

        return new Details
        {
            Name = name,
            Phone = phone,
            PhoneNumber = phone is null ? null : Telephone.International(phone),
            Language = language,
            Address = address,
            ShippingAddress = shipping,
            IsBusiness = form.IsBusiness,
            BusinessName = business,
            TaxId = TaxId(PlainText.Trim(form.TaxId), address.Country),
        };
    }

    private string? TaxId(string? typed, string? country)
    {
        if (typed is null)
        {
            return null;
        }

        if (country is null)
        {
            errors[nameof(ProfileForm.TaxId)] = new FieldError("TaxIdNeedsCountry");
            return null;
        }

        var reading = TaxIdCheck.Read(country, typed);
        if (reading.Fault is { } fault)
        {
            errors[nameof(ProfileForm.TaxId)] = new FieldError($"WrongTaxId{fault}", Formats.ToCountry(reading.BelongsTo ?? country));
        }

        return reading.Value;
    }

    private PostalAddress Address(string field, AddressForm form, PostalAddress former)
    {
        var address = new PostalAddress
        {
            Line1 = Text($"{field}.{nameof(form.Line1)}", form.Line1, LongestName, former.Line1),
            Line2 = Text($"{field}.{nameof(form.Line2)}", form.Line2, LongestName, former.Line2),
            City = Text($"{field}.{nameof(form.City)}", form.City, LongestPlace, former.City),
            Region = Text($"{field}.{nameof(form.Region)}", form.Region, LongestPlace, former.Region),
            PostalCode = Text($"{field}.{nameof(form.PostalCode)}", form.PostalCode, LongestPostalCode, former.PostalCode),
            Country = Country($"{field}.{nameof(form.Country)}", form.Country),
        };

        // The country alone is enough for tax; a letter needs more.
        if (address == former || address == new PostalAddress { Country = address.Country })
        {
            return address;
        }

        var country = address.Country ?? "";
        Need($"{field}.{nameof(form.Line1)}", address.Line1, "NeedsLine1");
        Need($"{field}.{nameof(form.Country)}", address.Country, "NeedsCountry");
        Need($"{field}.{nameof(form.City)}", WithoutCity.Contains(country) ? "" : address.City, "NeedsCity");
        Need($"{field}.{nameof(form.PostalCode)}", WithPostalCode.Contains(country) ? address.PostalCode : "", "NeedsPostalCode", country);
        Need($"{field}.{nameof(form.Region)}", WithRegion.Contains(country) ? address.Region : "", "NeedsRegion", country);
        return address;
    }

    private void Need(string field, string? value, string key, string? country = null)
    {
        if (value is null)
        {
            errors.TryAdd(field, new FieldError(key, country is null ? [] : [Formats.ToCountry(country)]));
        }
    }

    private string? Country(string field, string? typed)
    {
        var code = PlainText.Trim(typed)?.ToUpperInvariant();
        if (code is not null && !Countries.Exist(code))
        {
            errors[field] = new FieldError("WrongCountry");
            return null;
        }

        return code;
    }

    private string? Text(string field, string? typed, int longest, string? former)
    {
        var text = PlainText.Trim(typed);
        if (text is null || text == former)
        {
            return text;
        }

        if (!PlainText.IsClean(text))
        {
            errors[field] = new FieldError("WrongCharacters");
        }
        else if (text.Length > longest)
        {
            errors[field] = new FieldError("TooLong", longest);
        }

        return text;
    }
}
