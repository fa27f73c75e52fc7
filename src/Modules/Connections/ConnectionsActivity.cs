using Portal.Access.Contract;
using Portal.Connections.Contract;

namespace Portal.Connections;

/// <summary>What the module writes to the logs. Of settings the names, never the values.</summary>
internal static class ConnectionsActivity
{
    public static readonly ActivityKind Added = Of("connection-added", "ActivityAdded");
    public static readonly ActivityKind Changed = Of("connection-changed", "ActivityChanged");
    public static readonly ActivityKind Checked = Of("connection-checked", "ActivityChecked");
    public static readonly ActivityKind Removed = Of("connection-removed", "ActivityRemoved");
    public static readonly ActivityKind Imported = Of("connection-imported", "ActivityImported");
    public static readonly ActivityKind DeliveriesTriedAgain = Of("deliveries-tried-again", "ActivityDeliveriesTriedAgain");
    public static readonly ActivityKind DeliveryTriedAgain = Of("delivery-tried-again", "ActivityDeliveryTriedAgain");
    public static readonly ActivityKind DeliveryDismissed = Of("delivery-dismissed", "ActivityDeliveryDismissed");

    public static readonly ActivityKind[] All =
    [
        Added,
        Changed,
        Checked,
        Removed,
        Imported,
        DeliveriesTriedAgain,
        DeliveryTriedAgain,
        DeliveryDismissed,
        .. Enum.GetValues<ConnectionMode>().Select(ModeChanged),
    ];

    public static ActivityKind ModeChanged(ConnectionMode mode) => Of("connection-" + mode.ToString().ToLowerInvariant(), $"ActivityMode{mode}");

    private static ActivityKind Of(string id, string key) => new(id, typeof(Texts), key);
}
