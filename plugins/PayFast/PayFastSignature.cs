using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Plugin.PayFast;

/// <summary>PayFast's three signatures. They differ in the order of the fields, in what becomes of empty ones, and in where the passphrase goes.</summary>
/// <remarks>Source: Payfast/payfast-php-sdk, lib/Auth.php and lib/PaymentIntegrations/Notification.php.</remarks>
internal static class PayFastSignature
{
    /// <summary>A checkout form: documented order, empty values left out, values trimmed, passphrase last.</summary>
    public static string OfCheckout(IEnumerable<KeyValuePair<string, string>> documentedOrder, string? passphrase) =>
        Md5(
            Join(
                documentedOrder
                    .Select(field => (field.Key, Value: field.Value.Trim()))
                    .Where(field => field.Value.Length > 0)
                    .Select(field => (field.Key, Encode(field.Value)))
                    .Concat(Last(passphrase))
            )
        );

    /// <summary>A notification: received order, empty values kept, passphrase last.</summary>
    /// <remarks>Values are bytes because nothing says what encoding PayFast uses for text that is not UTF-8.</remarks>
    public static string OfNotification(IEnumerable<KeyValuePair<string, byte[]>> receivedOrder, string? passphrase) =>
        Md5(Join(receivedOrder.Select(field => (field.Key, Encode(field.Value))).Concat(Last(passphrase))));

    /// <summary>An API call: headers, query and body together, sorted by name, with the passphrase sorted among them.</summary>
    /// <remarks>Never pass empty values: PayFast's own SDK signs them, its WooCommerce plugin leaves them out.</remarks>
    public static string OfApiCall(IEnumerable<KeyValuePair<string, string>> parameters, string passphrase) =>
        Md5(
            Join(
                parameters
                    .Append(new("passphrase", passphrase))
                    .OrderBy(field => field.Key, StringComparer.Ordinal)
                    .Select(field => (field.Key, Encode(field.Value)))
            )
        );

    /// <summary>PHP's <c>urlencode</c> of a text in UTF-8.</summary>
    public static string Encode(string value) => Encode(Encoding.UTF8.GetBytes(value));

    /// <summary>PHP's <c>urlencode</c>, which no encoder of .NET equals: <see cref="System.Net.WebUtility"/> leaves <c>!*()</c> bare, <see cref="Uri"/> leaves <c>~</c>.</summary>
    public static string Encode(ReadOnlySpan<byte> value)
    {
        var encoded = new StringBuilder(value.Length);
        foreach (var octet in value)
        {
            var character = (char)octet;
            _ = character switch
            {
                ' ' => encoded.Append('+'),
                '-' or '_' or '.' => encoded.Append(character),
                _ when char.IsAsciiLetterOrDigit(character) => encoded.Append(character),
                _ => encoded.Append('%').Append(Convert.ToHexString([octet])),
            };
        }

        return encoded.ToString();
    }

    private static IEnumerable<(string, string)> Last(string? passphrase) => passphrase is null ? [] : [("passphrase", Encode(passphrase))];

    private static string Join(IEnumerable<(string Name, string Encoded)> fields) =>
        string.Join('&', fields.Select(field => $"{field.Name}={field.Encoded}"));

    [SuppressMessage("Security", "CA5351", Justification = "PayFast signs with MD5 and nothing else; what it proves is confirmed by asking PayFast.")]
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
