using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Sandbox;

/// <summary>Speaks HTTP with the Sandbox and says what a failure means.</summary>
internal sealed class SandboxApi(Connection connection)
{
    public const string KeySetting = "apiKey";

    // Where the simulator listens when it is started by hand.
    private readonly Uri address = connection.ApiBase("http://127.0.0.1:5081");

    public Task<Reply> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, null, null, ct);

    /// <summary>A question asked by POST: it changes nothing, so it needs no key and may always be asked again.</summary>
    public Task<Reply> AskAsync(string path, object body, CancellationToken ct) => SendAsync(HttpMethod.Post, path, null, body, ct);

    public Task<Reply> CommandAsync(string path, string idempotencyKey, object body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, path, idempotencyKey, body, ct);

    private async Task<Reply> SendAsync(HttpMethod verb, string path, string? idempotencyKey, object? body, CancellationToken ct)
    {
        // Only a command can have happened without our knowing.
        var unsure = idempotencyKey is null ? ProcessorFault.NotSent : ProcessorFault.NoReply;
        using var request = new HttpRequestMessage(verb, new Uri(address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", connection[KeySetting] ?? "");
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        try
        {
            using var reply = await connection.Http.SendAsync(request, ct);
            var text = await reply.Content.ReadAsStringAsync(ct);
            return reply.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.PaymentRequired => Read(reply.StatusCode, text, unsure),
                HttpStatusCode.TooManyRequests => throw new ProcessorException(
                    ProcessorFault.RateLimited,
                    "The Sandbox asks to be left alone for a while."
                )
                {
                    RetryAfter = RetryAfter(reply.Headers.RetryAfter),
                },
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw new ProcessorException(
                    ProcessorFault.BadCredentials,
                    "The Sandbox refuses the API key."
                ),
                HttpStatusCode.NotFound => throw new ProcessorException(ProcessorFault.NotFound, $"The Sandbox knows no {path}."),
                >= HttpStatusCode.InternalServerError => throw new ProcessorException(unsure, Answered(reply.StatusCode)),
                _ => throw new ProcessorException(ProcessorFault.BadRequest, Answered(reply.StatusCode)),
            };
        }
        catch (HttpRequestException failure)
        {
            var fault = NeverConnected(failure.HttpRequestError) ? ProcessorFault.NotSent : unsure;
            throw new ProcessorException(fault, $"The Sandbox cannot be reached: {failure.HttpRequestError}.", failure);
        }
        catch (OperationCanceledException timeout) when (!ct.IsCancellationRequested)
        {
            throw new ProcessorException(unsure, "The Sandbox did not answer in time.", timeout);
        }
    }

    private static Reply Read(HttpStatusCode status, string text, ProcessorFault unsure)
    {
        try
        {
            var body = JsonElement.Parse(text);
            return body.ValueKind == JsonValueKind.Object
                ? new Reply(status, body)
                : throw new ProcessorException(unsure, "The Sandbox answers with something else.");
        }
        catch (JsonException broken)
        {
            throw new ProcessorException(unsure, "The Sandbox's answer is not whole.", broken);
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when date > connection.Clock.GetUtcNow() => date - connection.Clock.GetUtcNow(),
            _ => null,
        };

    private static string Answered(HttpStatusCode status) => $"The Sandbox answered {(int)status}.";

    private static bool NeverConnected(HttpRequestError error) =>
        error is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
}

/// <summary>An answer that can be read: 200, 202 for not yet, 402 for a refusal.</summary>
internal sealed record Reply(HttpStatusCode Status, JsonElement Body);
