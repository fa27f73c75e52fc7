using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.PayFast;

/// <summary>Signed calls to PayFast's API, and the confirmation of notifications.</summary>
internal sealed class PayFastApi(Connection connection)
{
    /// <summary>South Africa's only offset: it keeps no summer time.</summary>
    public static readonly TimeSpan LocalOffset = TimeSpan.FromHours(2);

    private const int LongestReply = 16 * 1024 * 1024;

    /// <summary>PayFast says "try again in a few minutes" and sends no number.</summary>
    private static readonly TimeSpan Breather = TimeSpan.FromMinutes(5);

    /// <summary>PayFast limits how fast a merchant's signatures come and publishes no figure: one call at a time, however many adapters there are.</summary>
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Gates = new(StringComparer.Ordinal);

    private readonly string merchantId = connection["merchantId"] ?? "";
    private readonly string passphrase = connection["passphrase"] ?? "";
    private readonly string api = Base(connection.ApiBase("https://api.payfast.co.za"));
    private readonly string site = Base(connection.ApiBase(connection.TestMode ? "https://sandbox.payfast.co.za" : "https://www.payfast.co.za"));

    /// <summary>Reads something.</summary>
    /// <exception cref="ProcessorException">Also when PayFast refuses.</exception>
    public async Task<Answer> ReadAsync(string path, CancellationToken ct, params KeyValuePair<string, string>[] query)
    {
        var answer = await TryReadAsync(path, ct, query);
        return answer.RefusedWith is { } code ? throw new ProcessorException(ProcessorFault.BadRequest, Describe(path, code)) : answer;
    }

    /// <summary>Reads something PayFast has for some payments and refuses for others.</summary>
    public Task<Answer> TryReadAsync(string path, CancellationToken ct, params KeyValuePair<string, string>[] query) =>
        AskAsync(HttpMethod.Get, path, query, [], ct);

    /// <summary>Changes something. The answer says whether it was refused; any other end is an exception.</summary>
    public async Task<Answer> CommandAsync(HttpMethod method, string path, CancellationToken ct, params KeyValuePair<string, object>[] body)
    {
        var answer = await AskAsync(method, path, [], body, ct);
        return answer.RefusedWith is not null || answer.Data is { ValueKind: JsonValueKind.True } || answer.Words == "true"
            ? answer
            : throw new ProcessorException(ProcessorFault.NoReply, $"PayFast did not say whether it did {Action(path)}.");
    }

    /// <summary>Asks PayFast whether it sent a notification, with the parameters as they came.</summary>
    /// <returns>False when PayFast says it did not.</returns>
    public async Task<bool> ConfirmAsync(ReadOnlyMemory<byte> parameters, CancellationToken ct)
    {
        const string path = "/eng/query/validate";
        using var request = new HttpRequestMessage(HttpMethod.Post, site + path) { Content = new ReadOnlyMemoryContent(parameters) };
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        var (status, text, retryAfter) = await SendAsync(request, path, ct);
        return (status, text.Trim()) switch
        {
            (HttpStatusCode.OK, "VALID") => true,
            (HttpStatusCode.OK, "INVALID") => false,
            (HttpStatusCode.TooManyRequests, _) => throw Limited(path, retryAfter),
            _ => throw new ProcessorException(
                ProcessorFault.NoReply,
                $"PayFast answered neither VALID nor INVALID ({(int)status}) when asked to confirm a notification."
            ),
        };
    }

    /// <summary>An id as part of a path. Ids come from outside and must not lead to another address.</summary>
    public static string Segment(string id) =>
        id.Length > 0 && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
            ? id
            : throw new ProcessorException(ProcessorFault.NotFound, "PayFast has no ids like the one asked for.");

    private async Task<Answer> AskAsync(
        HttpMethod method,
        string path,
        KeyValuePair<string, string>[] query,
        KeyValuePair<string, object>[] body,
        CancellationToken ct
    )
    {
        var gate = Gates.GetOrAdd(merchantId, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(ct);
        try
        {
            using var request = Sign(method, path, query, body);
            var (status, text, retryAfter) = await SendAsync(request, path, ct);
            return Judge(path, status, text, retryAfter);
        }
        finally
        {
            gate.Release();
        }
    }

    private HttpRequestMessage Sign(HttpMethod method, string path, KeyValuePair<string, string>[] query, KeyValuePair<string, object>[] body)
    {
        KeyValuePair<string, string>[] headers =
        [
            new("merchant-id", merchantId),
            new("version", "v1"),
            new("timestamp", connection.Clock.GetUtcNow().ToOffset(LocalOffset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)),
        ];
        var fields = body.Select(field => KeyValuePair.Create(field.Key, Convert.ToString(field.Value, CultureInfo.InvariantCulture)!));
        var signature = PayFastSignature.OfApiCall([.. headers, .. query, .. fields], passphrase);

        // The sandbox is the same host, told apart by this flag alone; PayFast leaves it out of the signature.
        var sent = connection.TestMode ? query.Append(new("testing", "true")) : query;
        var request = new HttpRequestMessage(method, api + path + QueryString(sent));
        foreach (var (name, value) in headers.Append(new("signature", signature)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content =
            body.Length > 0 ? new StringContent(JsonSerializer.Serialize(new Dictionary<string, object>(body)), Encoding.UTF8, "application/json")
            : method == HttpMethod.Get ? null
            // Without a Content-Length of 0 PayFast answers 411.
            : new ByteArrayContent([]);
        return request;
    }

    private async Task<(HttpStatusCode Status, string Text, RetryConditionHeaderValue? RetryAfter)> SendAsync(
        HttpRequestMessage request,
        string path,
        CancellationToken ct
    )
    {
        try
        {
            using var response = await connection.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            await response.Content.LoadIntoBufferAsync(LongestReply, ct);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(ct), response.Headers.RetryAfter);
        }
        catch (HttpRequestException failure) when (NeverLeft(failure))
        {
            throw new ProcessorException(ProcessorFault.NotSent, $"PayFast could not be reached for {Action(path)}.", failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new ProcessorException(ProcessorFault.NoReply, $"PayFast's reply to {Action(path)} was lost.", failure);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new ProcessorException(ProcessorFault.NoReply, $"PayFast did not reply to {Action(path)} in time.", late);
        }
    }

    /// <summary>PayFast reports failures in the HTTP status, in the envelope of a 200, or in both; the envelope's code may be a text.</summary>
    private Answer Judge(string path, HttpStatusCode status, string text, RetryConditionHeaderValue? retryAfter)
    {
        var http = (int)status;
        var json = Parse(text);
        var told = json?.Whole("code");
        var failed = http is < 200 or > 299 || json?.Words("status") == "failed" || (told is not null && json?.Words("status") != "success");
        if (!failed)
        {
            return new Answer { Text = text, Data = Unwrap(json) };
        }

        var code =
            told is >= 400 and <= 599 ? (int)told
            : http is >= 200 and <= 299 ? 400
            : http;
        return code switch
        {
            429 => throw Limited(path, retryAfter),
            401 or 403 => throw new ProcessorException(ProcessorFault.BadCredentials, Describe(path, code)),
            404 => throw new ProcessorException(ProcessorFault.NotFound, Describe(path, code)),
            >= 300 and <= 399 => throw new ProcessorException(ProcessorFault.BadRequest, Describe(path, code)),
            408 or < 400 or > 499 => throw new ProcessorException(ProcessorFault.NoReply, Describe(path, code)),
            _ => new Answer { Text = text, RefusedWith = code },
        };
    }

    /// <summary>The data of an envelope; of the bare object some calls answer with; null when the reply is no JSON.</summary>
    private static JsonElement? Unwrap(JsonElement? json) =>
        json switch
        {
            { ValueKind: JsonValueKind.Object } root when root.TryGetProperty("data", out var data) => Unwrap(data),
            { ValueKind: JsonValueKind.Object } root when root.TryGetProperty("response", out var response) => response,
            _ => json,
        };

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // The history is CSV and an outage is HTML: whoever needs JSON says so where it is missing.
            return null;
        }
    }

    private ProcessorException Limited(string path, RetryConditionHeaderValue? retryAfter) =>
        new(ProcessorFault.RateLimited, Describe(path, 429))
        {
            RetryAfter = retryAfter?.Delta ?? (retryAfter?.Date - connection.Clock.GetUtcNow()) ?? Breather,
        };

    private static bool NeverLeft(HttpRequestException failure) =>
        failure.HttpRequestError
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError
        || failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound };

    private static string QueryString(IEnumerable<KeyValuePair<string, string>> query)
    {
        var joined = string.Join('&', query.Select(field => $"{field.Key}={PayFastSignature.Encode(field.Value)}"));
        return joined.Length == 0 ? "" : "?" + joined;
    }

    private static string Describe(string path, int code) =>
        string.Create(CultureInfo.InvariantCulture, $"PayFast answered {code} to {Action(path)}.");

    /// <summary>What a message may say of an address: never the token, which stands for someone's card.</summary>
    private static string Action(string path) =>
        string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part.All(char.IsAsciiLetterLower)));

    private static string Base(Uri address) => address.AbsoluteUri.TrimEnd('/');
}

/// <summary>What PayFast answered.</summary>
internal sealed record Answer
{
    /// <summary>The reply as it came: the history is CSV.</summary>
    public required string Text { get; init; }

    /// <summary>The data without their envelope; null when the reply is no JSON.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>The code of a refusal.</summary>
    public int? RefusedWith { get; init; }

    /// <summary>The data as an object.</summary>
    /// <exception cref="ProcessorException">They are none: an outage page, a proxy's words.</exception>
    public JsonElement Object =>
        Data is { ValueKind: JsonValueKind.Object } data
            ? data
            : throw new ProcessorException(ProcessorFault.NoReply, "PayFast's reply is not the JSON it documents.");

    /// <summary>The data as a text: in production PayFast sends <c>"true"</c> where it documents <c>true</c>.</summary>
    public string? Words => Data is { ValueKind: JsonValueKind.String } data ? data.GetString() : null;
}

/// <summary>Reads numbers and texts wherever PayFast swaps them.</summary>
internal static class PayFastJson
{
    /// <summary>A whole number, also when it comes as a text.</summary>
    public static long? Whole(this JsonElement json, string name) =>
        long.TryParse(json.Words(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A text, also when it comes as a number; null when it is absent or empty.</summary>
    public static string? Words(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            }
            : null;
}
