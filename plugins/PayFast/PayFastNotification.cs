using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace Portal.Plugin.PayFast;

/// <summary>An instant transaction notification (ITN): the fields in the order they were received, empty ones kept.</summary>
/// <remarks>Read from the raw bytes: form binding would lose the order, which changes from message to message and is signed.</remarks>
internal sealed class PayFastNotification
{
    private const string SignatureField = "signature";
    private readonly Dictionary<string, byte[]> values;

    private PayFastNotification(List<KeyValuePair<string, byte[]>> signed, string signature, ReadOnlyMemory<byte> parameters)
    {
        Signed = signed;
        Signature = signature;
        Parameters = parameters;
        values = new(signed, StringComparer.Ordinal);
    }

    /// <summary>All fields before the signature.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Signed { get; }

    /// <summary>What PayFast says their signature is.</summary>
    public string Signature { get; }

    /// <summary>The body as received, without the signature: what PayFast confirms.</summary>
    public ReadOnlyMemory<byte> Parameters { get; }

    /// <summary>A field's text; null when it is absent or empty.</summary>
    public string? this[string field] => values.TryGetValue(field, out var value) && value.Length > 0 ? Encoding.UTF8.GetString(value) : null;

    /// <summary>
    /// Refuses what could be read in two ways: a field told twice, and anything after the signature, which the signature does not cover.
    /// </summary>
    public static bool TryParse(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out PayFastNotification? notification)
    {
        notification = null;
        var fields = new List<KeyValuePair<string, byte[]>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var range in body.Span.Split((byte)'&'))
        {
            var field = body.Span[range];
            var equals = field.IndexOf((byte)'=');
            if (equals <= 0)
            {
                return false;
            }

            var name = Encoding.Latin1.GetString(field[..equals]);
            var value = field[(equals + 1)..].ToArray();
            if (!names.Add(name))
            {
                return false;
            }

            fields.Add(new(name, WebUtility.UrlDecodeToBytes(value, 0, value.Length) ?? []));
        }

        if (fields is not [.. var signed, { Key: SignatureField } signature] || signed.Count == 0)
        {
            return false;
        }

        notification = new(signed, Encoding.Latin1.GetString(signature.Value), body[..body.Span.LastIndexOf((byte)'&')]);
        return true;
    }
}
