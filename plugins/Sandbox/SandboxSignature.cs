using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Sandbox;

/// <summary>Standard Webhooks 1.0.0: who sent a delivery is decided from its bytes.</summary>
internal sealed class SandboxSignature(Connection connection)
{
    /// <summary>Several secrets, separated by commas, while one replaces the other.</summary>
    public const string SecretSetting = "webhookSecret";

    private const int ToleranceSeconds = 300;

    public Delivery Verify(WebhookRequest request)
    {
        if (connection[SecretSetting] is not { } secrets)
            return Rejected("no webhook secret is set");
        if (request.Header("webhook-id") is not { Length: > 0 and <= 200 } id)
            return Rejected("webhook-id is missing, doubled, empty or too long");
        if (request.Header("webhook-timestamp") is not { } timestamp || Seconds(timestamp) is not { } sent)
            return Rejected("webhook-timestamp is missing, doubled or not a canonical number");
        if (request.Header("webhook-signature") is not { Length: > 0 } signatures)
            return Rejected("webhook-signature is missing, doubled or empty");
        if (Math.Abs(connection.Clock.GetUtcNow().ToUnixTimeSeconds() - sent) > ToleranceSeconds)
            return Rejected("webhook-timestamp is more than five minutes off");
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. request.Body.Span];
        foreach (var secret in secrets.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (Key(secret) is { } key && IsAmong(signatures, HMACSHA256.HashData(key, signed)))
                return Accepted(id, request.Body);
        return Rejected("no signature matches");
    }

    private static bool IsAmong(string signatures, byte[] expected)
    {
        // Compared as text: different base64 texts can stand for the same bytes.
        var wanted = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(expected));
        var found = false;
        foreach (var token in signatures.Split(' '))
            found |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), wanted);
        return found;
    }

    private static byte[]? Key(string secret)
    {
        var text = secret.StartsWith("whsec_", StringComparison.Ordinal) ? secret[6..] : secret;
        var key = new byte[text.Length];
        // Anybody can sign with an empty key.
        return Convert.TryFromBase64String(text, key, out var length) && length > 0 ? key[..length] : null;
    }

    private static long? Seconds(string text) =>
        text is { Length: > 0 and <= 12 } && text[0] != '0' && text.All(char.IsAsciiDigit) ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private static Delivery.Verified Accepted(string id, ReadOnlyMemory<byte> body)
    {
        var type = "unreadable";
        bool? test = null;
        try
        {
            using var document = JsonDocument.Parse(body, SandboxJson.Strict);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                type = root.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "unnamed";
                test =
                    root.TryGetProperty("livemode", out var live) && live.ValueKind is JsonValueKind.True or JsonValueKind.False
                        ? !live.GetBoolean()
                        : null;
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Sent by the Sandbox all the same: it is stored, and parked when it is read.
            type = "unreadable";
        }
        return new Delivery.Verified
        {
            DeliveryId = id,
            EventType = type,
            TestMode = test,
        };
    }

    private static Delivery.Rejected Rejected(string reason) => new() { Reason = reason };
}
