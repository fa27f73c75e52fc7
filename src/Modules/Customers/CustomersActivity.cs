using Portal.Access.Contract;
using Portal.Customers.Data;

namespace Portal.Customers;

/// <summary>What the module writes to the logs.</summary>
internal static class CustomersActivity
{
    public static readonly ActivityKind SignedInByLink = new("signed-in", typeof(Texts), "ActivitySignedIn");
    public static readonly ActivityKind SignedInByCode = new("signed-in-by-code", typeof(Texts), "ActivitySignedInByCode");
    public static readonly ActivityKind EmailAdded = new("email-added", typeof(Texts), "ActivityEmailAdded");
    public static readonly ActivityKind EmailRemoved = new("email-removed", typeof(Texts), "ActivityEmailRemoved");
    public static readonly ActivityKind EmailChanged = new("email-changed", typeof(Texts), "ActivityEmailChanged");
    public static readonly ActivityKind EmailChangeUndone = new("email-change-undone", typeof(Texts), "ActivityEmailChangeUndone");
    public static readonly ActivityKind Merged = new("customers-merged", typeof(Texts), "ActivityMerged");
    public static readonly ActivityKind MergeUndone = new("merge-undone", typeof(Texts), "ActivityMergeUndone");
    public static readonly ActivityKind SplitOff = new("customer-split", typeof(Texts), "ActivitySplitOff");
    public static readonly ActivityKind PasswordSet = new("password-set", typeof(Texts), "ActivityPasswordSet");
    public static readonly ActivityKind PasswordRemoved = new("password-removed", typeof(Texts), "ActivityPasswordRemoved");
    public static readonly ActivityKind SignedInWithPassword = new("signed-in-password", typeof(Texts), "ActivitySignedInWithPassword");
    public static readonly ActivityKind LinkSent = new("sign-in-link-sent", typeof(Texts), "ActivityLinkSent");
    public static readonly ActivityKind Invited = new("invited", typeof(Texts), "ActivityInvited");
    public static readonly ActivityKind AddressProposed = new("address-proposed", typeof(Texts), "ActivityAddressProposed");
    public static readonly ActivityKind AddressKept = new("address-kept", typeof(Texts), "ActivityAddressKept");
    public static readonly ActivityKind Disabled = new("customer-disabled", typeof(Texts), "ActivityDisabled");
    public static readonly ActivityKind Enabled = new("customer-enabled", typeof(Texts), "ActivityEnabled");
    public static readonly ActivityKind SignedOut = new("customer-signed-out", typeof(Texts), "ActivitySignedOut");
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

    public static readonly ActivityKind UpdatesTriedAgain = new("customer-updates-tried-again", typeof(Texts), "ActivityUpdatesTriedAgain");
    public static readonly ActivityKind UpdatesLetBe = new("customer-updates-let-be", typeof(Texts), "ActivityUpdatesLetBe");
    public static readonly ActivityKind ExportAsked = new("data-export-asked", typeof(Texts), "ActivityExportAsked");
    public static readonly ActivityKind ExportFetched = new("data-export-fetched", typeof(Texts), "ActivityExportFetched");
    public static readonly ActivityKind ErasureAsked = new("erasure-asked", typeof(Texts), "ActivityErasureAsked");
    public static readonly ActivityKind ErasureWithdrawn = new("erasure-withdrawn", typeof(Texts), "ActivityErasureWithdrawn");
    public static readonly ActivityKind ErasureOrdered = new("erasure-ordered", typeof(Texts), "ActivityErasureOrdered");
    public static readonly ActivityKind ErasureRefused = new("erasure-refused", typeof(Texts), "ActivityErasureRefused");

    public static readonly ActivityKind[] All =
    [
        SignedInByLink,
        SignedInByCode,
        EmailAdded,
        EmailRemoved,
        EmailChanged,
        EmailChangeUndone,
        Merged,
        MergeUndone,
        SplitOff,
        PasswordSet,
        PasswordRemoved,
        SignedInWithPassword,
        LinkSent,
        Invited,
        AddressProposed,
        AddressKept,
        Disabled,
        Enabled,
        SignedOut,
        ConsentGiven,
        ConsentWithdrawn,
        UpdatesTriedAgain,
        UpdatesLetBe,
        ExportAsked,
        ExportFetched,
        ErasureAsked,
        ErasureWithdrawn,
        ErasureOrdered,
        ErasureRefused,
        .. Changed.Values,
    ];
}
