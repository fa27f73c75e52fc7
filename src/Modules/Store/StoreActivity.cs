using Portal.Access.Contract;

namespace Portal.Store;

/// <summary>What the module writes to the logs.</summary>
internal static class StoreActivity
{
    public static readonly ActivityKind Changed = new("store-changed", typeof(Texts), "ActivityChanged");

    public static readonly ActivityKind[] All = [Changed];
}
