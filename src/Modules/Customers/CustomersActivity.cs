using Portal.Access.Contract;

namespace Portal.Customers;

/// <summary>What the module writes to the logs.</summary>
internal static class CustomersActivity
{
    public static readonly ActivityKind SignedIn = new("signed-in", typeof(Texts), "ActivitySignedIn");

    public static readonly ActivityKind ExportAsked = new("data-export-asked", typeof(Texts), "ActivityExportAsked");
    public static readonly ActivityKind ExportFetched = new("data-export-fetched", typeof(Texts), "ActivityExportFetched");
    public static readonly ActivityKind ErasureAsked = new("erasure-asked", typeof(Texts), "ActivityErasureAsked");
    public static readonly ActivityKind ErasureWithdrawn = new("erasure-withdrawn", typeof(Texts), "ActivityErasureWithdrawn");
    public static readonly ActivityKind ErasureOrdered = new("erasure-ordered", typeof(Texts), "ActivityErasureOrdered");
    public static readonly ActivityKind ErasureRefused = new("erasure-refused", typeof(Texts), "ActivityErasureRefused");

    public static readonly ActivityKind[] All =
    [
        SignedIn,
        ExportAsked,
        ExportFetched,
        ErasureAsked,
        ErasureWithdrawn,
        ErasureOrdered,
        ErasureRefused,
    ];
}
