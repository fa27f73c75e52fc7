using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Portal.Connections.Data;

namespace Portal.Connections.CallProcessor;

/// <summary>Keeps connections' settings encrypted at rest; the key ring lives beside the database, not in it.</summary>
internal sealed partial class ConnectionSecrets(IDataProtectionProvider protection, ILogger<ConnectionSecrets> log)
{
    private readonly IDataProtector protector = protection.CreateProtector("Portal.Connections.Settings");

    public byte[] Seal(IReadOnlyDictionary<string, string> settings) => protector.Protect(JsonSerializer.SerializeToUtf8Bytes(settings));

    /// <summary>The settings; null when the key ring is not the one they were saved with.</summary>
    public IReadOnlyDictionary<string, string>? TryOpen(ConnectedAccount account)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(protector.Unprotect(account.ProtectedSettings));
        }
        catch (CryptographicException unreadable)
        {
            Unreadable(account.PublicId, unreadable);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "The settings of {Connection} cannot be decrypted: is the key ring the one they were saved with?")]
    private partial void Unreadable(string connection, Exception unreadable);
}
