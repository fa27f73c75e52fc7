using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Sandbox;

/// <summary>Reads members that may be missing or null: both mean that the message does not say.</summary>
internal static class SandboxJson
{
    /// <summary>What is told twice could be read in two ways.</summary>
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static JsonElement? Member(this JsonElement it, string name) =>
        it.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement it, string name) => it.Member(name)?.GetString();

    public static string Needed(this JsonElement it, string name) =>
        it.Text(name) is { Length: > 0 } text ? text : throw new FormatException($"`{name}` is missing.");

    public static bool? Flag(this JsonElement it, string name) => it.Member(name)?.GetBoolean();

    public static int? Count(this JsonElement it, string name) => it.Member(name)?.GetInt32();

    public static DateTimeOffset? Time(this JsonElement it, string name) => it.Member(name)?.GetDateTimeOffset();

    public static Money? Money(this JsonElement it, string name) =>
        it.Member(name) is { } money
            ? new Money(money.Member("amount")?.GetInt64() ?? throw new FormatException($"`{name}` has no amount."), money.Needed("currency"))
            : null;

    public static Money NeededMoney(this JsonElement it, string name) => it.Money(name) ?? throw new FormatException($"`{name}` is missing.");

    /// <summary><c>past_due</c> as <c>PastDue</c>; a word the contract does not have is not guessed at.</summary>
    public static T Choice<T>(this JsonElement it, string name)
        where T : struct, Enum
    {
        var word = it.Needed(name);
        return Enum.TryParse<T>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"`{name}` is '{word}', which is not known.");
    }
}
