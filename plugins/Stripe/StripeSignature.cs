using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.Processors;

namespace Portal.Plugin.Stripe;

/// <summary>The <c>Stripe-Signature</c> header: HMAC-SHA256 over <c>timestamp.body</c> with the endpoint's secret.</summary>
/// <remarks>Source: docs.stripe.com/webhooks/signature.</remarks>
internal static class StripeSignature
{
    public const string HeaderName = "Stripe-Signature";

    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    /// <summary>Why the request is not believed; null when Stripe sent it.</summary>
    public static string? Refuse(WebhookRequest request, string? secrets, DateTimeOffset now)
    {
        // "whsec_" alone is a prefix without a key: anyone could sign with it.
        var keys = (secrets ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(secret => secret != "whsec_")
            .Select(Encoding.UTF8.GetBytes)
            .ToList();
        if (keys.Count == 0)
            return "no webhook secret is set";
        if (request.Header(HeaderName) is not { } header)
            return "the signature header is missing or doubled";

        string? timestamp = null;
        var signatures = new List<byte[]>();
        foreach (var part in header.Split(','))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal))
            {
                if (timestamp is not null)
                    return "the signature has two timestamps";
                timestamp = part[2..];
            }
            else if (part.StartsWith("v1=", StringComparison.Ordinal))
            {
                signatures.Add(Encoding.UTF8.GetBytes(part[3..]));
            }
        }

        if (timestamp is null || signatures.Count == 0)
            return "the signature has no timestamp or no v1 part";
        if (!IsCanonical(timestamp, out var seconds))
            return "the timestamp is not a plain number";
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
            return "the timestamp is too far from now";

        var genuine = false;
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> hex = stackalloc byte[HMACSHA256.HashSizeInBytes * 2];
        foreach (var key in keys)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hmac.AppendData(Encoding.ASCII.GetBytes(timestamp + "."));
            hmac.AppendData(request.Body.Span);
            hmac.GetHashAndReset(mac);
            Convert.TryToHexStringLower(mac, hex, out _);
            foreach (var signature in signatures)
                genuine |= CryptographicOperations.FixedTimeEquals(hex, signature);
        }
        return genuine ? null : "the signature does not match";
    }

    // One spelling per number, so that what is signed is what is compared.
    private static bool IsCanonical(string text, out long seconds) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
        && text == seconds.ToString(CultureInfo.InvariantCulture);
}
