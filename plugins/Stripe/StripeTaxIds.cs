using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Stripe;

/// <summary>A buyer's details as Stripe takes them, and the kinds it sorts tax ids into.</summary>
/// <remarks>Source: docs.stripe.com/api/customers/update and docs.stripe.com/billing/customer/tax-ids (supported types and their forms).</remarks>
internal static class StripeTaxIds
{
    private static readonly HashSet<string> Kinds = Words("eu_vat gb_vat ch_vat ch_uid no_vat au_abn in_gst br_cnpj br_cpf za_vat ca_gst_hst ca_bn");
    private static readonly HashSet<string> Union = Words("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK");

    /// <summary>The fields of the customer itself. An empty one is unset.</summary>
    public static Fields Details(UpdateCustomer request)
    {
        var form = Fields
            .None.With("email", request.Email)
            .With("name", request.Name)
            .With("phone", request.Phone)
            .With("business_name", request.BusinessName);
        form = Address(form, "address", request.Address);
        return request.ShippingAddress is null || request.ShippingAddress == new Address()
            ? Address(form, "shipping", request.ShippingAddress)
            : Address(form, "shipping[address]", request.ShippingAddress)
                .With("shipping[name]", request.Name is { Length: > 0 } name ? name : request.BusinessName);
    }

    /// <summary>Its kind at Stripe and the value in the form asked for there; null for a kind whose form is not known here.</summary>
    public static (string Type, string Value)? Of(UpdateCustomer request) =>
        (request.TaxIdCountry, request.TaxId) switch
        {
            (_, not { Length: > 0 }) => null,
            (_, ['X', 'I', ..] value) => ("eu_vat", value),
            ("GB" or "IM", { } value) => ("gb_vat", value),
            ("CH", { } value) => value.Any(char.IsAsciiLetterUpper) && value.Length > 12
                ? ("ch_vat", $"{Swiss(value)} {value[12..]}")
                : ("ch_uid", Swiss(value)),
            ("NO", { } value) => ("no_vat", value.EndsWith("MVA", StringComparison.Ordinal) ? value : value + "MVA"),
            ("AU", { } value) => ("au_abn", value),
            ("IN", { } value) => ("in_gst", value),
            ("BR", { Length: 14 } v) => ("br_cnpj", $"{v[..2]}.{v[2..5]}.{v[5..8]}/{v[8..12]}-{v[12..]}"),
            ("BR", { } v) => ("br_cpf", $"{v[..3]}.{v[3..6]}.{v[6..9]}-{v[9..]}"),
            ("ZA", { } value) => ("za_vat", value),
            ("CA", { Length: > 9 } value) => ("ca_gst_hst", value),
            ("CA", { } value) => ("ca_bn", value),
            ({ } country, { } value) when Union.Contains(country) => ("eu_vat", value),
            _ => null,
        };

    /// <summary>Stripe keeps the spelling it was given.</summary>
    public static bool IsSame(JsonElement taxId, (string Type, string Value) wanted) =>
        taxId.Text("type") == wanted.Type && Plain(taxId.Text("value") ?? "") == Plain(wanted.Value);

    /// <summary>Whether it is of a kind <see cref="Of"/> makes.</summary>
    public static bool IsPortals(JsonElement taxId) => taxId.Text("type") is { } type && Kinds.Contains(type);

    private static Fields Address(Fields form, string name, Address? address) =>
        address is null ? form
        : address == new Address() ? form.With(name, "")
        : form.With(name + "[line1]", address.Line1 ?? "")
            .With(name + "[line2]", address.Line2 ?? "")
            .With(name + "[city]", address.City ?? "")
            .With(name + "[state]", address.State ?? "")
            .With(name + "[postal_code]", address.PostalCode ?? "")
            .With(name + "[country]", address.Country ?? "");

    private static string Swiss(string value) => $"{value[..3]}-{value[3..6]}.{value[6..9]}.{value[9..12]}";

    private static string Plain(string value) => string.Concat(value.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static HashSet<string> Words(string words) => [.. words.Split(' ')];
}
