using Portal.Connections.Contract;
using Portal.Kernel;

namespace Portal.Connections.Data;

/// <summary>A merchant account at a processor.</summary>
internal sealed class ConnectedAccount : IVersioned
{
    private ConnectedAccount() { }

    public ConnectedAccount(string plugin, string name, bool testMode, byte[] protectedSettings, DateTimeOffset now)
    {
        PublicId = Kernel.PublicId.New("con");
        (Plugin, Name, TestMode, ProtectedSettings, CreatedAt) = (plugin, name, testMode, protectedSettings, now);
    }

    public long Id { get; private set; }
    public string PublicId { get; private set; } = "";
    public string Plugin { get; private set; } = "";
    public string Name { get; private set; } = "";
    public ConnectionMode Mode { get; set; } = ConnectionMode.Selling;
    public bool TestMode { get; private set; }

    /// <summary>Encrypted; <see cref="CallProcessor.ConnectionSecrets"/> holds the key.</summary>
    public byte[] ProtectedSettings { get; set; } = [];
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Books read up to here.</summary>
    public DateTimeOffset? SyncedUntil { get; set; }
    public Guid Version { get; set; }

    public ConnectionInfo ToInfo(string processor) => new(Id, PublicId, Plugin, processor, Name, Mode, TestMode);
}
