using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Portal.Simulator.Engine;

/// <summary>One request to the API: its route values and its body.</summary>
internal sealed record Call(HttpContext Http, string Text)
{
    public string Id => (string)Http.Request.RouteValues["id"]!;

    public string? Query(string name) => Http.Request.Query[name] is [{ Length: > 0 } only] ? only : null;

    public T Body<T>()
        where T : new()
    {
        if (Text.Length == 0)
            return new T();
        try
        {
            return JsonSerializer.Deserialize<T>(Text, Wire.Json) ?? throw Refusal.BadRequest("The body is null.");
        }
        catch (JsonException broken)
        {
            throw Refusal.BadRequest($"The body cannot be read: {broken.Message}");
        }
    }
}

/// <summary>
/// The processor's REST API: who may call, faults on request, commands with idempotency keys, lists.
/// What is specific to a processor are its routes and the work behind them.
/// </summary>
internal sealed class Api(WebApplication app, Books books, FaultSwitches faults, Func<HttpRequest, bool> authorized)
{
    private const int LargestPage = 200;
    private readonly HashSet<string> operations = [FaultSwitches.Every];

    public IReadOnlyCollection<string> Operations => operations;

    /// <summary>Names an operation that is no route but can fail all the same.</summary>
    public void Name(string operation) => operations.Add(operation);

    public void Get(string route, string operation, Func<Call, Answer> work) => Map("GET", route, operation, call => books.Read(() => work(call)));

    /// <summary>A question asked by POST: changes nothing, so no key is needed.</summary>
    public void Ask(string route, string operation, Func<Call, Answer> work) => Map("POST", route, operation, call => books.Read(() => work(call)));

    public void Post(string route, string operation, Func<Call, Answer> work) =>
        Map("POST", route, operation, call => Command(call, operation, work));

    /// <summary>List and get of one table.</summary>
    public void Expose(ITable table)
    {
        Get($"/v1/{table.Collection}", $"{table.Collection}.list", call => List(table, call));
        Get(
            $"/v1/{table.Collection}/{{id}}",
            $"{table.Collection}.get",
            call => Answer.Ok(table.FindAny(call.Id) ?? throw Refusal.NotFound(table.Kind, call.Id))
        );
    }

    /// <summary>For tests and try-outs: never disturbed by a fault, never noted as a command.</summary>
    public void Control(string verb, string route, Func<Call, Task<Answer>> work) =>
        app.MapMethods(
            route,
            [verb],
            async http =>
            {
                var answer = authorized(http.Request) ? await Guarded(async () => await work(await ReadAsync(http))) : Unauthorized;
                await WriteAsync(http, answer.Status, Wire.Write(answer.Body));
            }
        );

    private static Answer Unauthorized { get; } = new Refusal(401, "unauthorized", "The API key is missing or not known.").Answer;

    private void Map(string verb, string route, string operation, Func<Call, Answer> work)
    {
        operations.Add(operation);
        app.MapMethods(route, [verb], http => ServeAsync(http, operation, work));
    }

    private async Task ServeAsync(HttpContext http, string operation, Func<Call, Answer> work)
    {
        if (!authorized(http.Request))
        {
            await WriteAsync(http, Unauthorized.Status, Wire.Write(Unauthorized.Body));
            return;
        }
        var call = await ReadAsync(http);
        var fault = faults.Take(operation);
        if (fault.DelayMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), TimeProvider.System, http.RequestAborted);
        if (await FaultReplies.BeforeAsync(http, fault))
            return;
        http.Items[nameof(Fault)] = fault.Fault;
        var answer = await Guarded(() => Task.FromResult(work(call)));
        await FaultReplies.AfterAsync(http, fault, answer);
    }

    private Answer Command(Call call, string operation, Func<Call, Answer> work)
    {
        var key = (string?)call.Http.Request.Headers["Idempotency-Key"];
        var path = call.Http.Request.Path.Value!;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path + "\n" + call.Text)));
        if (key is { Length: > 255 })
            return Refusal.BadRequest("An idempotency key has at most 255 characters.").Answer;
        return books.Change(() =>
        {
            if (!string.IsNullOrEmpty(key) && books.FindCommand(key) is { } known)
            {
                if (known.Digest != digest)
                    return new Refusal(409, "idempotency_key_reused", "This key came with another request before.").Answer;
                books.Record(known with { Repeated = known.Repeated + 1 });
                return new Answer(known.Status, JsonElement.Parse(known.Answer));
            }
            var answer = Attempt(call, work);
            books.Record(
                new Command
                {
                    Id = books.NextId("cmd"),
                    Operation = operation,
                    Path = path,
                    IdempotencyKey = string.IsNullOrEmpty(key) ? null : key,
                    Digest = digest,
                    Request = call.Text,
                    ReceivedAt = books.Now,
                    Status = answer.Status,
                    Answer = Wire.Write(answer.Body),
                }
            );
            return answer;
        });
    }

    private Answer Attempt(Call call, Func<Call, Answer> work)
    {
        try
        {
            return call.Http.Items[nameof(Fault)] is Fault.Decline
                ? throw Refusal.Declined("card_declined", "Your card was declined.")
                : books.Change(() => work(call));
        }
        catch (Refusal refusal)
        {
            return refusal.Answer;
        }
    }

    private static Answer List(ITable table, Call call)
    {
        var since = DateTimeOffset.MinValue;
        if (
            call.Query("changed_since") is { } text
            && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out since)
        )
            throw Refusal.BadRequest("`changed_since` is not a time.");
        var limit = LargestPage / 2;
        if (
            call.Query("limit") is { } wanted
            && (!int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LargestPage)
        )
            throw Refusal.BadRequest($"`limit` is 1 to {LargestPage}.");
        var page = table.ReadPage(since, call.Query("after"), limit);
        return Answer.Ok(
            new
            {
                @object = "list",
                data = page.Data.Cast<object>(),
                next = page.Next,
            }
        );
    }

    private static async Task<Answer> Guarded(Func<Task<Answer>> work)
    {
        try
        {
            return await work();
        }
        catch (Refusal refusal)
        {
            return refusal.Answer;
        }
    }

    private static async Task<Call> ReadAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        return new Call(http, await reader.ReadToEndAsync(http.RequestAborted));
    }

    private static Task WriteAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json, http.RequestAborted);
    }
}
