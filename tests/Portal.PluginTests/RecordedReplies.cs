using System.Net;
using System.Text;
using System.Text.Json;

namespace Portal.PluginTests;

/// <summary>
/// Answers an adapter's requests from recorded replies and nothing else. Every file of the folder holds one reply or an array:
/// <c>{ "request": { "method", "path", "query": {}, "form": {} }, "status", "headers": {}, "json" | "text", "mediaType" }</c>.
/// A query or form field must be as recorded; <c>"*"</c> takes any value, <c>null</c> means absent. Fields not named are free in
/// the query and refused in the form, since a form changes something.
/// </summary>
public sealed class RecordedReplies(string folder, OpenApiCheck? check = null) : HttpMessageHandler
{
    private readonly List<Recording> recordings = Load(folder);
    private readonly List<RecordedCall> calls = [];
    private readonly List<string> mistakes = [];

    /// <summary>Whether anything is recorded at all.</summary>
    public bool IsEmpty => recordings.Count == 0;

    /// <summary>What was asked so far.</summary>
    public IReadOnlyList<RecordedCall> Calls => calls;

    /// <summary>Requests that are not recorded or break the processor's own document.</summary>
    public IReadOnlyList<string> Mistakes => mistakes;

    /// <summary>Something to happen instead of the recorded reply; null lets it be answered as recorded.</summary>
    public Func<RecordedCall, CancellationToken, Task<HttpResponseMessage?>>? Fault { get; set; }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var call = new RecordedCall(
            request.Method.Method,
            request.RequestUri!,
            body,
            request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase)
        );
        calls.Add(call);
        if (check?.Judge(call) is { } wrong)
            throw Mistake(wrong);
        if (Fault is not null && await Fault(call, cancellationToken) is { } instead)
            return instead;
        var recording =
            recordings.FirstOrDefault(recording => recording.Matches(call))
            ?? throw Mistake($"Not recorded: {call.Method} {Uri.UnescapeDataString(call.Address.ToString())} {Uri.UnescapeDataString(body)}");
        return recording.Reply();
    }

    // Also kept aside, because an adapter may catch what it is thrown.
    private UnrecordedCallException Mistake(string what)
    {
        mistakes.Add(what);
        return new UnrecordedCallException(what);
    }

    private static List<Recording> Load(string folder) =>
        !Directory.Exists(folder)
            ? []
            :
            [
                .. Directory
                    .EnumerateFiles(folder, "*.json")
                    .Order(StringComparer.Ordinal)
                    .Select(file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement)
                    .SelectMany(root => root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToList() : [root])
                    .Select(element => new Recording(element)),
            ];

    private sealed class Recording(JsonElement recorded)
    {
        private readonly JsonElement request = recorded.GetProperty("request");

        public bool Matches(RecordedCall call)
        {
            var path = request.GetProperty("path").GetString()!;
            var asked = path.StartsWith('/') ? call.Address.AbsolutePath : call.Address.GetLeftPart(UriPartial.Path);
            return request.GetProperty("method").GetString() == call.Method
                && path == asked
                && Fits("query", call.Query, strict: false)
                && Fits("form", call.Form, strict: true);
        }

        public HttpResponseMessage Reply()
        {
            var isJson = recorded.TryGetProperty("json", out var json);
            var reply = new HttpResponseMessage(
                recorded.TryGetProperty("status", out var status) ? (HttpStatusCode)status.GetInt32() : HttpStatusCode.OK
            )
            {
                Content = new StringContent(
                    isJson ? json.GetRawText() : recorded.GetProperty("text").GetString()!,
                    Encoding.UTF8,
                    recorded.TryGetProperty("mediaType", out var mediaType) ? mediaType.GetString()! : "application/json"
                ),
            };
            if (recorded.TryGetProperty("headers", out var headers))
            {
                foreach (var header in headers.EnumerateObject())
                    reply.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
            }
            return reply;
        }

        private bool Fits(string part, IReadOnlyList<KeyValuePair<string, string>> fields, bool strict)
        {
            var wanted = request.TryGetProperty(part, out var told) ? told.EnumerateObject().ToList() : [];
            return wanted.TrueForAll(field =>
                    field.Value.ValueKind == JsonValueKind.Null
                        ? fields.All(pair => pair.Key != field.Name)
                        : fields.Any(pair => pair.Key == field.Name && field.Value.GetString() is var value && (value == "*" || value == pair.Value))
                ) && (!strict || fields.All(pair => wanted.Exists(field => field.Name == pair.Key)));
        }
    }
}

/// <summary>One request an adapter sent.</summary>
/// <param name="Method">The verb.</param>
/// <param name="Address">Where to.</param>
/// <param name="Body">The body as text.</param>
/// <param name="Headers">All headers.</param>
public sealed record RecordedCall(string Method, Uri Address, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Whether it may change something.</summary>
    public bool IsWrite => Method is not ("GET" or "HEAD");

    /// <summary>The decoded query.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query => Decode(Address.Query.TrimStart('?'));

    /// <summary>The decoded form; empty when the body is none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Form =>
        Headers.TryGetValue("Content-Type", out var type) && type.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal)
            ? Decode(Body)
            : [];

    private static List<KeyValuePair<string, string>> Decode(string text) =>
        [
            .. text.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .Select(pair => KeyValuePair.Create(WebUtility.UrlDecode(pair[0]), WebUtility.UrlDecode(pair.ElementAtOrDefault(1) ?? ""))),
        ];
}

/// <summary>An adapter asked something nobody recorded, or in a way the processor does not know.</summary>
public sealed class UnrecordedCallException(string message) : Exception(message);
