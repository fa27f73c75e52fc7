using System.Globalization;
using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Stripe;

/// <summary>Reads Stripe's JSON without trusting its shape: absent and null are the same, a wrong kind is a sentence.</summary>
internal static class StripeJson
{
    // A name told twice could be judged by one value and acted on by the other.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The delivery's envelope.</summary>
    /// <exception cref="FormatException">It is not a JSON object.</exception>
    public static JsonElement Envelope(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new FormatException("Stripe's delivery is not JSON.", exception);
        }
        throw new FormatException("Stripe's delivery is not an object.");
    }

    public static string? Text(this JsonElement parent, string name)
    {
        if (!Kind(parent, name, JsonValueKind.String, out var value))
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException exception)
        {
            throw new FormatException($"Stripe's \"{name}\" is not valid Unicode.", exception);
        }
    }

    public static string Needed(this JsonElement parent, string name) =>
        parent.Text(name) is { Length: > 0 } text ? text : throw Wrong(parent, name, "is missing");

    /// <summary>An id, whether told as such or as the expanded thing itself.</summary>
    public static string? IdOf(this JsonElement parent, string name) =>
        Find(parent, name, out var value) && value.ValueKind == JsonValueKind.Object
            ? value.Needed("id")
            : parent.Text(name);

    public static long? Whole(this JsonElement parent, string name) =>
        !Kind(parent, name, JsonValueKind.Number, out var value) ? null
        : value.TryGetInt64(out var number) ? number
        : throw Wrong(parent, name, "is not a whole number");

    public static int? Count(this JsonElement parent, string name) =>
        parent.Whole(name) switch
        {
            null => null,
            >= int.MinValue and <= int.MaxValue and var number => (int)number,
            _ => throw Wrong(parent, name, "is too large"),
        };

    public static decimal? Exact(this JsonElement parent, string name) =>
        parent.Text(name) is not { } text ? null
        : decimal.TryParse(
            text,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
        : throw Wrong(parent, name, "is not a number");

    public static bool? Truth(this JsonElement parent, string name) =>
        !Find(parent, name, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(parent, name, "is neither true nor false");

    public static DateTimeOffset? Time(this JsonElement parent, string name) =>
        parent.Whole(name) switch
        {
            null => null,
            >= 0 and <= 253402300799 and var seconds => DateTimeOffset.FromUnixTimeSeconds(seconds),
            _ => throw Wrong(parent, name, "is not a time"),
        };

    public static DateTimeOffset NeededTime(this JsonElement parent, string name) =>
        parent.Time(name) ?? throw Wrong(parent, name, "is missing");

    /// <summary>An address to send people to; null unless it is absolute and https.</summary>
    public static Uri? Page(this JsonElement parent, string name) =>
        Uri.TryCreate(parent.Text(name), UriKind.Absolute, out var page)
        && page.Scheme == Uri.UriSchemeHttps
            ? page
            : null;

    /// <summary>A nested object; undefined when there is none, and everything read from that is null.</summary>
    public static JsonElement Part(this JsonElement parent, string name) =>
        Kind(parent, name, JsonValueKind.Object, out var value) ? value : default;

    public static bool Has(this JsonElement parent, string name) => Find(parent, name, out _);

    /// <summary>The objects of an array; empty when there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement parent, string name)
    {
        if (!Kind(parent, name, JsonValueKind.Array, out var value))
            yield break;
        foreach (var item in value.EnumerateArray())
            yield return item.ValueKind == JsonValueKind.Object
                ? item
                : throw Wrong(parent, name, "holds something that is not an object");
    }

    /// <summary>An amount beside the object's own currency; null when this message does not say.</summary>
    public static Money? Amount(this JsonElement parent, string name, string? currency = null) =>
        parent.Whole(name) is { } amount
            ? StripeMoney.Read(amount, currency ?? parent.Needed("currency"))
            : null;

    public static Money NeededAmount(this JsonElement parent, string name) =>
        parent.Amount(name) ?? throw Wrong(parent, name, "is missing");

    private static bool Kind(
        JsonElement parent,
        string name,
        JsonValueKind kind,
        out JsonElement value
    ) =>
        Find(parent, name, out value)
        && (value.ValueKind == kind ? true : throw Wrong(parent, name, "has an unexpected shape"));

    private static bool Find(JsonElement parent, string name, out JsonElement value)
    {
        value = default;
        return parent.ValueKind == JsonValueKind.Object
            && parent.TryGetProperty(name, out value)
            && value.ValueKind != JsonValueKind.Null;
    }

    private static FormatException Wrong(JsonElement parent, string name, string what)
    {
        var kind =
            parent.ValueKind == JsonValueKind.Object
            && parent.TryGetProperty("object", out var told)
            && told.ValueKind == JsonValueKind.String
                ? told.GetString()
                : "object";
        return new FormatException($"In Stripe's {kind}, \"{name}\" {what}.");
    }
}

/// <summary>Stripe's minor units and ISO 4217's, which differ for a few currencies.</summary>
/// <remarks>Source: docs.stripe.com/currencies (zero-decimal, three-decimal, special cases).</remarks>
internal static class StripeMoney
{
    public static Money Read(long amount, string currency)
    {
        var code = currency.ToUpperInvariant();
        if (code.Length != 3 || !code.All(char.IsAsciiLetterUpper))
            throw new FormatException("Stripe names a currency that is not three letters.");
        var factor = Factor(code);
        if (factor >= 0)
            return new Money(Shift(amount, factor), code);
        var (whole, rest) = Math.DivRem(amount, Shift(1, -factor));
        return rest == 0
            ? new Money(whole, code)
            : throw new FormatException($"{amount} is not a whole amount of {code}.");
    }

    /// <summary>The amount as Stripe takes it.</summary>
    public static long Write(Money money)
    {
        var factor = Factor(money.Currency);
        if (factor <= 0)
            return Shift(money.MinorUnits, -factor);
        var (whole, rest) = Math.DivRem(money.MinorUnits, Shift(1, factor));
        return rest == 0
            ? whole
            : throw new ProcessorException(
                ProcessorFault.BadRequest,
                $"Stripe takes no fractions of {money.Currency}."
            );
    }

    /// <summary>A price finer than the minor unit, times a quantity, rounded as Stripe rounds.</summary>
    public static Money Read(decimal amount, string currency) =>
        Read(decimal.ToInt64(decimal.Round(amount, MidpointRounding.AwayFromZero)), currency);

    private static int Factor(string code) => Money.Exponent(code) - Exponent(code);

    private static int Exponent(string code) =>
        code switch
        {
            "MGA" => 0,
            "ISK" or "UGX" => 2,
            _ => Money.Exponent(code),
        };

    private static long Shift(long amount, int places)
    {
        for (; places > 0; places--)
        {
            if (amount is > long.MaxValue / 10 or < long.MinValue / 10)
                throw new FormatException("Stripe's amount is too large.");
            amount *= 10;
        }
        return amount;
    }
}
