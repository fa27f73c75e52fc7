using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Tests.Support;

/// <summary>Signs as processors do.</summary>
internal static class Signatures
{
    /// <summary>For Stripe a text, for Standard Webhooks base64 of a key.</summary>
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>The <c>Stripe-Signature</c> header.</summary>
    public static string Stripe(byte[] body, DateTimeOffset at, string secret = Secret)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={timestamp},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(timestamp + "."), .. body]))}";
    }

    /// <summary>The three headers of Standard Webhooks, which the Sandbox signs with.</summary>
    public static (string Name, string Value)[] Sandbox(string id, byte[] body, DateTimeOffset at, string secret = Secret)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var mac = Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));
        return [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", "v1," + mac)];
    }

    /// <summary>A notification of PayFast's with its signature at the end.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "PayFast signs with MD5 and nothing else.")]
    public static string PayFast(IEnumerable<(string Name, string Value)> fields, string passphrase)
    {
        var body = string.Join('&', fields.Select(f => $"{f.Name}={Encode(f.Value)}"));
        return $"{body}&signature={Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{body}&passphrase={Encode(passphrase)}")))}";
    }

    /// <summary>PHP's urlencode, for the letters the tests use.</summary>
    private static string Encode(string text) =>
        Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal).Replace("~", "%7E", StringComparison.Ordinal);
}
