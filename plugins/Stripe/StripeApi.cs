using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Stripe;

/// <summary>Stripe's REST API: form-encoded requests, JSON replies, faults told apart.</summary>
/// <remarks>Source: docs.stripe.com/api (authentication, errors, idempotent requests, pagination, versioning) and docs.stripe.com/rate-limits.</remarks>
internal sealed class StripeApi(Connection connection)
{
    public const string Version = "2026-06-24.dahlia";

    private const int Tries = 3;
    private const long LargestReply = 16 * 1024 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly string[] DocumentHosts = ["pay.stripe.com", "files.stripe.com"];

    private readonly Uri address = connection.ApiBase("https://api.stripe.com");

    /// <summary>Reads one thing.</summary>
    /// <exception cref="ProcessorException">It could not be read.</exception>
    public async Task<JsonElement> GetAsync(string path, Fields query, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Get, path + query.AsQuery(), null, null, ct)).Body();

    /// <summary>Reads a list page by page.</summary>
    public async IAsyncEnumerable<StripePage> PagesAsync(
        string path,
        Fields query,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        query = query.With("limit", "100");
        string? last = null;
        while (true)
        {
            var asOf = connection.Clock.GetUtcNow();
            var page = await GetAsync(
                path,
                last is null ? query : query.With("starting_after", last),
                ct
            );
            var items = page.Items("data").ToList();
            yield return new StripePage(asOf, items);
            if (page.Truth("has_more") is not true || items.Count == 0)
                yield break;
            var next = items[^1].Needed("id");
            if (next == last)
                throw new FormatException("Stripe's list does not move on.");
            last = next;
        }
    }

    /// <summary>Sends a command. A refusal is an answer and comes back in the reply.</summary>
    /// <exception cref="ProcessorException">It is not known, or certain not to have happened, for another reason than a refusal.</exception>
    public Task<StripeReply> PostAsync(
        string path,
        Fields form,
        string idempotencyKey,
        CancellationToken ct
    ) => SendAsync(HttpMethod.Post, path, form, idempotencyKey, ct);

    /// <summary>Deletes. Stripe takes no idempotency key here, so it is sent once.</summary>
    public Task<StripeReply> DeleteAsync(string path, CancellationToken ct) =>
        SendAsync(HttpMethod.Delete, path, null, null, ct);

    /// <summary>Opens a document by its signed link. The key is not sent along: the link is proof enough and another host serves it.</summary>
    public async Task<InvoiceFile> OpenAsync(Uri link, CancellationToken ct)
    {
        for (var hop = 0; hop < 3; hop++)
        {
            if (!MayRead(link))
                throw new ProcessorException(
                    ProcessorFault.BadRequest,
                    "Stripe's document link points to a host that is not Stripe's."
                );
            var reply = await AskAsync(() => new HttpRequestMessage(HttpMethod.Get, link), ct);
            if (
                (int)reply.StatusCode is 301 or 302 or 303 or 307 or 308
                && reply.Headers.Location is { } next
            )
            {
                reply.Dispose();
                link = new Uri(link, next);
                continue;
            }
            var mediaType = reply.Content.Headers.ContentType?.MediaType;
            if (reply.IsSuccessStatusCode && mediaType == "application/pdf")
                return new InvoiceFile
                {
                    Content = await reply.Content.ReadAsStreamAsync(ct),
                    MediaType = mediaType,
                };
            var fault = reply.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone
                ? ProcessorFault.NotFound
                : ProcessorFault.NoReply;
            var status = (int)reply.StatusCode;
            reply.Dispose();
            throw new ProcessorException(fault, $"Stripe answered {status} without a document.");
        }
        throw new ProcessorException(
            ProcessorFault.BadRequest,
            "Stripe's document link redirects too often."
        );
    }

    private bool MayRead(Uri link) =>
        link.Scheme == address.Scheme && link.Authority == address.Authority
        || link.Scheme == Uri.UriSchemeHttps
            && link.IsDefaultPort
            && DocumentHosts.Contains(link.Host);

    private async Task<StripeReply> SendAsync(
        HttpMethod method,
        string path,
        Fields? form,
        string? idempotencyKey,
        CancellationToken ct
    )
    {
        var mayRepeat = method == HttpMethod.Get || idempotencyKey is not null;
        for (var attempt = 1; ; attempt++)
        {
            ProcessorException failure;
            bool? shouldRetry = null;
            try
            {
                using var reply = await AskAsync(Request, ct);
                if (reply.IsSuccessStatusCode)
                    return new StripeReply(await ReadAsync(reply, ct), null);
                if (reply.Headers.TryGetValues("Stripe-Should-Retry", out var advice))
                    shouldRetry = advice.FirstOrDefault() == "true";
                var error = StripeError.Read(
                    reply.StatusCode,
                    await ErrorAsync(reply, ct),
                    RetryAfter(reply)
                );
                if (error.IsAnswer)
                    return new StripeReply(default, error);
                failure = error.ToException();
                shouldRetry ??= error.Status is 409 or 429 or >= 500;
            }
            catch (ProcessorException exception)
            {
                failure = exception;
            }

            if (
                attempt == Tries
                || !mayRepeat
                || shouldRetry is false
                || failure.RetryAfter > LongestWait
            )
                throw failure;
            var wait = failure.RetryAfter ?? TimeSpan.FromMilliseconds(250 << attempt);
            await Task.Delay(wait + wait * (Jitter() * 0.25), connection.Clock, ct);
        }

        HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(method, address.AbsoluteUri.TrimEnd('/') + path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key());
            request.Headers.Add("Stripe-Version", Version);
            if (idempotencyKey is not null)
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            if (form is not null)
                request.Content = form.AsForm();
            return request;
        }
    }

    private string Key()
    {
        var key = connection["apiKey"]?.Trim() ?? "";
        // A key with a line break or the like would throw further down with the key in the message.
        return key.Length > 0 && key.All(sign => sign is > ' ' and <= '~')
            ? key
            : throw new ProcessorException(
                ProcessorFault.BadCredentials,
                "The Stripe key is missing or has characters no key has."
            );
    }

    private async Task<HttpResponseMessage> AskAsync(
        Func<HttpRequestMessage> compose,
        CancellationToken ct
    )
    {
        ct.ThrowIfCancellationRequested();
        using var request = compose();
        try
        {
            return await connection.Http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                ct
            );
        }
        catch (HttpRequestException exception)
        {
            throw NeverArrived(exception)
                ? new ProcessorException(
                    ProcessorFault.NotSent,
                    "Stripe could not be reached.",
                    exception
                )
                : new ProcessorException(
                    ProcessorFault.NoReply,
                    "The connection to Stripe broke before it answered.",
                    exception
                );
        }
        catch (OperationCanceledException exception) when (!ct.IsCancellationRequested)
        {
            throw new ProcessorException(
                ProcessorFault.NoReply,
                "Stripe did not answer in time.",
                exception
            );
        }
    }

    private static bool NeverArrived(HttpRequestException exception) =>
        exception.HttpRequestError
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError
        || exception.InnerException
            is SocketException
            {
                SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound
            };

    private static async Task<JsonElement> ReadAsync(
        HttpResponseMessage reply,
        CancellationToken ct
    )
    {
        try
        {
            await reply.Content.LoadIntoBufferAsync(LargestReply, ct);
            using var body = await JsonDocument.ParseAsync(
                await reply.Content.ReadAsStreamAsync(ct),
                cancellationToken: ct
            );
            return body.RootElement.ValueKind == JsonValueKind.Object
                ? body.RootElement.Clone()
                : throw new ProcessorException(
                    ProcessorFault.NoReply,
                    "Stripe's reply is not an object."
                );
        }
        catch (JsonException)
        {
            // Not kept as the inner exception: its message may quote the body.
            throw new ProcessorException(ProcessorFault.NoReply, "Stripe's reply is not JSON.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ProcessorException(
                ProcessorFault.NoReply,
                "Stripe's reply broke off or is too large.",
                exception
            );
        }
        catch (OperationCanceledException exception) when (!ct.IsCancellationRequested)
        {
            throw new ProcessorException(
                ProcessorFault.NoReply,
                "Stripe's reply did not come to its end in time.",
                exception
            );
        }
    }

    /// <summary>The error of a failed reply; undefined when a proxy in between answered with something else.</summary>
    private static async Task<JsonElement> ErrorAsync(
        HttpResponseMessage reply,
        CancellationToken ct
    )
    {
        try
        {
            return (await ReadAsync(reply, ct)).Part("error");
        }
        catch (Exception exception) when (exception is ProcessorException or FormatException)
        {
            return default;
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage reply) =>
        reply.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date > connection.Clock.GetUtcNow()
                ? date - connection.Clock.GetUtcNow()
                : TimeSpan.Zero,
            _ => null,
        };

#pragma warning disable CA5394 // Spreading retries needs no secrecy.
    private static double Jitter() => Random.Shared.NextDouble();
#pragma warning restore CA5394
}

/// <summary>One page of a list, and when it was asked for.</summary>
internal readonly record struct StripePage(DateTimeOffset AsOf, IReadOnlyList<JsonElement> Items);

/// <summary>What a command came to: a body, or an error that is an answer.</summary>
internal readonly record struct StripeReply(JsonElement Found, StripeError? Error)
{
    /// <summary>The body.</summary>
    /// <exception cref="ProcessorException">Stripe answered with an error.</exception>
    public JsonElement Body() => Error is null ? Found : throw Error.ToException();
}

/// <summary>An error reply, reduced to what is safe to log.</summary>
internal sealed record StripeError(
    int Status,
    string? Type,
    string? Code,
    string? DeclineCode,
    string? BuyerMessage,
    TimeSpan? RetryAfter
)
{
    public static StripeError Read(HttpStatusCode status, JsonElement error, TimeSpan? retryAfter)
    {
        var type = Word("type");
        // Stripe writes only the messages of card errors for the buyer's eyes.
        return new(
            (int)status,
            type,
            Word("code"),
            Word("decline_code"),
            type == "card_error" ? Plain("message") : null,
            retryAfter
        );

        string? Plain(string name) =>
            error.ValueKind == JsonValueKind.Object
            && error.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;

        // Only words of Stripe's vocabulary: free text may quote the key or the buyer's data.
        string? Word(string name) =>
            Plain(name) is { Length: > 0 and <= 64 } word
            && word.All(sign =>
                char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '_'
            )
                ? word
                : null;
    }

    /// <summary>Whether the command was understood and refused, as opposed to not being dealt with.</summary>
    public bool IsAnswer => Status is 400 or 402 or 404;

    /// <summary>Whether the refusal is about this payment and final, so that the buyer should hear of it.</summary>
    public bool IsDecline =>
        Status == 402
        || Type == "card_error"
        || Code
            is "charge_already_refunded"
                or "charge_disputed"
                or "refund_disputed_payment"
                or "balance_insufficient"
                or "invoice_not_editable";

    /// <summary>Whether the buyer must first agree at her bank.</summary>
    public bool NeedsBuyer =>
        Code
            is "authentication_required"
                or "invoice_payment_intent_requires_action"
                or "subscription_payment_intent_requires_action"
                or "payment_intent_action_required"
        || DeclineCode is "authentication_required";

    public ProcessorException ToException()
    {
        var what = string.Join(", ", new[] { Type, Code }.Where(word => word is not null));
        var fault = Status switch
        {
            401 or 403 => ProcessorFault.BadCredentials,
            404 => ProcessorFault.NotFound,
            // The first request with this key is still at work: what it comes to is not known.
            409 => ProcessorFault.NoReply,
            429 => ProcessorFault.RateLimited,
            408 or >= 500 => ProcessorFault.NoReply,
            _ => ProcessorFault.BadRequest,
        };
        return new ProcessorException(
            fault,
            $"Stripe answered {Status}{(what.Length > 0 ? $" ({what})" : "")}."
        )
        {
            RetryAfter = RetryAfter,
        };
    }
}

/// <summary>Fields of a query or a form, in order; nested names as Stripe writes them: <c>items[0][price]</c>.</summary>
internal sealed record Fields(IReadOnlyList<KeyValuePair<string, string>> Pairs)
{
    public static readonly Fields None = new([]);

    public static Fields Of(string name, string value) => None.With(name, value);

    /// <summary>One more field; none when the value is null. An empty value unsets the field at Stripe.</summary>
    public Fields With(string name, string? value) =>
        value is null ? this : new([.. Pairs, new(name, value)]);

    public Fields With(string name, DateTimeOffset moment) =>
        With(
            name,
            moment.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)
        );

    public string AsQuery() =>
        Pairs.Count == 0
            ? ""
            : "?"
                + string.Join(
                    '&',
                    Pairs.Select(pair =>
                        Uri.EscapeDataString(pair.Key) + "=" + Uri.EscapeDataString(pair.Value)
                    )
                );

    public FormUrlEncodedContent AsForm() => new(Pairs);
}
