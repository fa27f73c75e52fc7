using Portal.Access.Contract;

namespace Portal.Customers;

/// <summary>What the module writes to the logs.</summary>
internal static class CustomersActivity
{
    public static readonly ActivityKind SignedInByLink = new("signed-in", typeof(Texts), "ActivitySignedIn");
    public static readonly ActivityKind SignedInByCode = new("signed-in-by-code", typeof(Texts), "ActivitySignedInByCode");

    public static readonly ActivityKind[] All = [SignedInByLink, SignedInByCode];
}
