using Portal.Access.Contract;

namespace Portal.Customers;

/// <summary>What the module writes to the logs.</summary>
internal static class CustomersActivity
{
    public static readonly ActivityKind SignedIn = new("signed-in", typeof(Texts), "ActivitySignedIn");

    public static readonly ActivityKind[] All = [SignedIn];
}
