namespace Portal.Connections.Contract;

/// <summary>What a connection is for. A processor closed to new sales must still serve its running subscriptions.</summary>
public enum ConnectionMode
{
    /// <summary>New sales and everything after them.</summary>
    Selling,

    /// <summary>No new sales; what was sold is served.</summary>
    Servicing,

    /// <summary>Not reached at all; its webhook endpoint answers 404.</summary>
    Off,
}
