using System.Security.Cryptography;
using System.Text;

namespace Portal.Simulator.Engine;

/// <summary>How a processor words and signs its webhooks.</summary>
internal interface IWebhookFormat
{
    string Write(string eventId, string type, DateTimeOffset at, Resource row);

    HttpRequestMessage Sign(Uri receiver, string secret, string eventId, DateTimeOffset at, string body);
}

/// <summary>Standard Webhooks 1.0.0.</summary>
internal sealed class StandardWebhooks : IWebhookFormat
{
    public string Write(string eventId, string type, DateTimeOffset at, Resource row) =>
        Wire.Write(
            new
            {
                id = eventId,
                type,
                created = at,
                row.Livemode,
                data = new { @object = (object)row },
            }
        );

    public HttpRequestMessage Sign(Uri receiver, string secret, string eventId, DateTimeOffset at, string body)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes($"{eventId}.{timestamp}.{body}");
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Key(secret), signed));
        var request = new HttpRequestMessage(HttpMethod.Post, receiver) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", eventId);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", "v1," + signature);
        return request;
    }

    /// <exception cref="FormatException">It is not base64 behind <c>whsec_</c>, or too short to sign with.</exception>
    public static byte[] Key(string secret)
    {
        var key = Convert.FromBase64String(secret.StartsWith("whsec_", StringComparison.Ordinal) ? secret[6..] : secret);
        return key.Length >= 16 ? key : throw new FormatException("A webhook secret has at least 16 bytes.");
    }
}
