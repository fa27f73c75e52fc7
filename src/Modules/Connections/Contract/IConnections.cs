using Portal.Processors;

namespace Portal.Connections.Contract;

/// <summary>A merchant account at a processor, as other modules know it.</summary>
/// <param name="Id">The row number.</param>
/// <param name="PublicId">Its part of the webhook URL.</param>
/// <param name="Plugin">The plugin's id.</param>
/// <param name="Processor">The processor's name as buyers know it.</param>
/// <param name="Name">The merchant's name for it.</param>
/// <param name="Mode">What it is for.</param>
/// <param name="TestMode">Whether it is the processor's test mode.</param>
public sealed record ConnectionInfo(long Id, string PublicId, string Plugin, string Processor, string Name, ConnectionMode Mode, bool TestMode);

/// <summary>How a connection does.</summary>
/// <param name="Info">Which.</param>
/// <param name="LastWebhookAt">When its last verified delivery came; null when none ever did.</param>
/// <param name="Parked">Deliveries that wait for a person.</param>
/// <param name="RestsUntil">When its failing plugin is tried again; null while it works.</param>
public sealed record ConnectionHealth(ConnectionInfo Info, DateTimeOffset? LastWebhookAt, int Parked, DateTimeOffset? RestsUntil);

/// <summary>The merchant's connections.</summary>
public interface IConnections
{
    /// <summary>All of them, oldest first.</summary>
    Task<IReadOnlyList<ConnectionInfo>> ListAsync(CancellationToken ct);

    /// <summary>All of them with how they do.</summary>
    Task<IReadOnlyList<ConnectionHealth>> HealthAsync(CancellationToken ct);

    /// <summary>By public id; null when there is none.</summary>
    Task<ConnectionInfo?> FindAsync(string publicId, CancellationToken ct);

    /// <summary>The way to its processor; null when the connection is off or gone, or its plugin is not active.</summary>
    Task<ConnectedProcessor?> OpenAsync(long connectionId, CancellationToken ct);

    /// <summary>Adds a connection.</summary>
    /// <param name="plugin">The plugin's id.</param>
    /// <param name="name">The merchant's name for it.</param>
    /// <param name="settings">By name; checked against the plugin's declaration.</param>
    /// <param name="testMode">Whether it is the processor's test mode.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="ConnectionRefusedException">A setting is missing, unknown or not allowed, or the plugin is not active.</exception>
    Task<ConnectionInfo> AddAsync(string plugin, string name, IReadOnlyDictionary<string, string> settings, bool testMode, CancellationToken ct);

    /// <summary>Changes settings; those not named stay.</summary>
    /// <exception cref="ConnectionRefusedException">As for <see cref="AddAsync"/>.</exception>
    Task ChangeAsync(long connectionId, IReadOnlyDictionary<string, string> settings, CancellationToken ct);

    /// <summary>Removes it; false when there is none, or when things bought through it are still shown (turn it off instead).</summary>
    Task<bool> RemoveAsync(string publicId, CancellationToken ct);
}

/// <summary>Reads processors' books.</summary>
public interface IImportHistory
{
    /// <summary>Back-fills from the processor's books. Safe to repeat and to interrupt.</summary>
    /// <param name="connectionId">Which.</param>
    /// <param name="since">Everything changed from here on.</param>
    /// <param name="historic">True for what happened long ago: rows are written, nobody is mailed and nothing is invoiced.</param>
    /// <param name="progress">Told after each stored batch.</param>
    /// <param name="ct">Ends it between batches.</param>
    /// <exception cref="ProcessorException">The processor could not be read.</exception>
    Task<ImportProgress> RunAsync(long connectionId, DateTimeOffset since, bool historic, IProgress<ImportProgress>? progress, CancellationToken ct);
}

/// <summary>How far an import is.</summary>
/// <param name="Read">Records read.</param>
/// <param name="Applied">Records stored, or known already.</param>
/// <param name="Waiting">Records left out because what they belong to is not known, or because they cannot be read; the log names them.</param>
public sealed record ImportProgress(long Read, long Applied, long Waiting);

/// <summary>A connection's settings were not accepted.</summary>
/// <param name="reason">What to say, a key of this module's texts.</param>
/// <param name="details">What fills the text's gaps.</param>
public sealed class ConnectionRefusedException(string reason, params string[] details) : Exception(reason + " " + string.Join(", ", details))
{
    /// <summary>A key of this module's texts.</summary>
    public string Reason => reason;

    /// <summary>What fills the text's gaps.</summary>
    public IReadOnlyList<string> Details => details;
}
