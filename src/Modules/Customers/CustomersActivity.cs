using Portal.Access.Contract;
using Portal.Customers.Data;

namespace Portal.Customers;

/// <summary>What the module writes to the logs.</summary>
internal static class CustomersActivity
{
    public static readonly ActivityKind SignedIn = new("signed-in", typeof(Texts), "ActivitySignedIn");
    public static readonly ActivityKind ConsentGiven = new("marketing-consent-given", typeof(Texts), "ActivityConsentGiven");
    public static readonly ActivityKind ConsentWithdrawn = new("marketing-consent-withdrawn", typeof(Texts), "ActivityConsentWithdrawn");

    /// <summary>What she changed, without what it was and is.</summary>
    public static readonly IReadOnlyDictionary<OwnDetails, ActivityKind> Changed = new Dictionary<OwnDetails, ActivityKind>
    {
        [OwnDetails.Name] = new("name-changed", typeof(Texts), "ActivityName"),
        [OwnDetails.Phone] = new("phone-changed", typeof(Texts), "ActivityPhone"),
        [OwnDetails.Language] = new("language-chosen", typeof(Texts), "ActivityLanguage"),
        [OwnDetails.Address] = new("address-changed", typeof(Texts), "ActivityAddress"),
        [OwnDetails.ShippingAddress] = new("shipping-address-changed", typeof(Texts), "ActivityShippingAddress"),
        [OwnDetails.Business] = new("business-changed", typeof(Texts), "ActivityBusiness"),
        [OwnDetails.TaxId] = new("tax-id-changed", typeof(Texts), "ActivityTaxId"),
    };

    public static readonly ActivityKind UpdatesLetBe = new("customer-updates-let-be", typeof(Texts), "ActivityUpdatesLetBe");

    public static readonly ActivityKind[] All = [SignedIn, ConsentGiven, ConsentWithdrawn, UpdatesLetBe, .. Changed.Values];
}
