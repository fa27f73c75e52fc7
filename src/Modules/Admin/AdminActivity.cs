using Portal.Access.Contract;

namespace Portal.Admin;

/// <summary>What the module writes to the logs.</summary>
internal static class AdminActivity
{
    public static readonly ActivityKind SignedIn = new("merchant-signed-in", typeof(Texts), "ActivitySignedIn");

    public static readonly ActivityKind[] All = [SignedIn];
}
