using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Portal.PluginTests;

/// <summary>Holds requests against the processor's official document: path, verb, query and form parameters, required ones, enum values.</summary>
/// <remarks>The documents are reduced. What they leave out is named by the plugin's tests, and must truly be left out.</remarks>
public sealed class OpenApiCheck
{
    private static readonly ConcurrentDictionary<string, OpenApiDocument> Documents = new();

    private readonly OpenApiDocument document;
    private readonly IReadOnlyCollection<string> leftOut;
    private readonly string host;

    private OpenApiCheck(OpenApiDocument document, IReadOnlyCollection<string> leftOut)
    {
        this.document = document;
        this.leftOut = leftOut;
        host = new Uri(document.Servers![0].Url!).Host;
        foreach (var known in leftOut)
        {
            var (method, path) = (known.Split(' ')[0], known.Split(' ')[1]);
            if (Operation(method, path) is not null)
                throw new InvalidOperationException($"The document has {known}, so it need not be excepted.");
        }
    }

    /// <summary>The check for a processor; null where its document is not at hand.</summary>
    public static OpenApiCheck? For(string id, IReadOnlyCollection<string> leftOut) =>
        Repository.Shared("processors", "openapi", id + ".json") is { } file
            ? new OpenApiCheck(
                Documents.GetOrAdd(
                    file,
                    path =>
                    {
                        using var content = new MemoryStream(File.ReadAllBytes(path));
                        return OpenApiDocument.Load(content, "json").Document
                            ?? throw new InvalidDataException($"{path} is not an OpenAPI document.");
                    }
                ),
                leftOut
            )
            : null;

    /// <summary>What is wrong with a request; null when the document knows it so, or is not about its host.</summary>
    public string? Judge(RecordedCall call)
    {
        if (call.Address.Host != host || leftOut.Any(known => known == $"{call.Method} {Shape(call.Address.AbsolutePath)}"))
            return null;
        var what = $"{call.Method} {call.Address.AbsolutePath}";
        if (Operation(call.Method, call.Address.AbsolutePath) is not { } operation)
            return $"The document knows no {what}.";

        var parameters = (operation.Parameters ?? []).Where(parameter => parameter.In == ParameterLocation.Query).ToList();
        foreach (var (name, value) in call.Query)
        {
            if (
                parameters.Find(parameter => parameter.Name == name || parameter.Name == Root(name)) is not { } parameter
                || Wrong(parameter.Schema, parameter.Name == name ? [] : Steps(name)[1..], value) is not null
            )
                return $"{what} knows no query parameter {name} = {value}.";
        }
        if (parameters.Find(parameter => parameter.Required && call.Query.All(pair => Root(pair.Key) != parameter.Name)) is { } needed)
            return $"{what} requires the query parameter {needed.Name}.";

        var form =
            operation.RequestBody?.Content is { } contents && contents.TryGetValue("application/x-www-form-urlencoded", out var content)
                ? content.Schema
                : null;
        foreach (var (name, value) in call.Form)
        {
            if (form is null || Wrong(form, Steps(name), value) is { } wrong)
                return $"{what} knows no form field {name} = {value}.";
        }
        return form?.Required?.FirstOrDefault(field => call.Form.All(pair => Root(pair.Key) != field)) is { } missing
            ? $"{what} requires the form field {missing}."
            : null;
    }

    private OpenApiOperation? Operation(string method, string path) =>
        document
            .Paths.Where(known => Fits(known.Key, path))
            // A literal segment is nearer than a placeholder: /invoices/create_preview is not an invoice.
            .OrderBy(known => known.Key.Count(sign => sign == '{'))
            .Select(known => known.Value.Operations?.GetValueOrDefault(HttpMethod.Parse(method)))
            .FirstOrDefault(operation => operation is not null);

    private static bool Fits(string template, string path)
    {
        var (wanted, given) = (template.Split('/'), path.Split('/'));
        return wanted.Length == given.Length
            && wanted.Zip(given).All(pair => pair.First == pair.Second || pair.First.StartsWith('{') && pair.Second.Length > 0);
    }

    // Ids are told by their digits or capitals; resource names have none.
    private static string Shape(string path) =>
        string.Join('/', path.Split('/').Select((step, at) => at > 1 && step.Any(sign => char.IsAsciiDigit(sign) || char.IsAsciiLetterUpper(sign)) ? "{}" : step));

    private static string Root(string name) => Steps(name)[0];

    private static string[] Steps(string name) => name.Replace("]", "", StringComparison.Ordinal).Split('[');

    private static string? Wrong(IOpenApiSchema? schema, string[] steps, string value)
    {
        if (schema is null)
            return null;
        if (schema.AnyOf is { Count: > 0 } choices)
            return choices.Any(choice => Wrong(choice, steps, value) is null) ? null : "no choice fits";
        if (steps.Length > 0)
        {
            if (schema.Items is not null)
                return steps[0].Length == 0 || steps[0].All(char.IsAsciiDigit) ? Wrong(schema.Items, steps[1..], value) : "not an index";
            if (schema.Properties is { Count: > 0 } properties)
                return properties.TryGetValue(steps[0], out var property) ? Wrong(property, steps[1..], value) : "unknown";
            return schema.AdditionalProperties is not null || schema.Type is null or JsonSchemaType.Object ? null : "has no fields";
        }
        if (schema.Enum is { Count: > 0 } allowed)
            return allowed.Any(choice => choice is JsonValue text && text.TryGetValue<string>(out var word) && word == value) ? null : "not allowed";
        return schema.Type switch
        {
            { } type when type.HasFlag(JsonSchemaType.Integer) => long.TryParse(value, CultureInfo.InvariantCulture, out _) ? null : "not a number",
            { } type when type.HasFlag(JsonSchemaType.Boolean) => value is "true" or "false" ? null : "neither true nor false",
            { } type when type.HasFlag(JsonSchemaType.Object) || type.HasFlag(JsonSchemaType.Array) => "not a single value",
            _ => null,
        };
    }
}
