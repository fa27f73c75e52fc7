namespace Portal.Connections.Contract;

/// <summary>Puts in words why a plugin or a connection is not accepted, in the current culture.</summary>
public interface IPluginSentences
{
    /// <summary>Null for a plugin that is in use.</summary>
    string? Reason(PluginStatus plugin);

    /// <summary>What to do about a refused connection.</summary>
    string Reason(ConnectionRefusedException refused);
}
