using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Simulator.Engine;

/// <summary>Plays the faults that show in a reply.</summary>
internal static class FaultReplies
{
    /// <summary>True when the fault was the whole answer and nothing is to be done.</summary>
    public static async Task<bool> BeforeAsync(HttpContext http, FaultSwitch fault)
    {
        switch (fault.Fault)
        {
            case Fault.DropBefore:
                http.Abort();
                return true;
            case Fault.Error500:
                await WriteAsync(http, 500, "application/json", """{"error":{"code":"internal","message":"Something went wrong."}}""");
                return true;
            case Fault.Html502:
                await WriteAsync(http, 502, "text/html", "<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>");
                return true;
            case Fault.RateLimited:
                http.Response.Headers.RetryAfter = fault.RetryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture);
                await WriteAsync(http, 429, "application/json", """{"error":{"code":"rate_limited","message":"Too many requests."}}""");
                return true;
            default:
                return false;
        }
    }

    public static async Task AfterAsync(HttpContext http, FaultSwitch fault, Answer answer)
    {
        var json = Wire.Write(answer.Body);
        switch (fault.Fault)
        {
            case Fault.LostReply:
                http.Abort();
                return;
            case Fault.Pending when answer.Status == 200 && http.Request.Method == "POST":
                await WriteAsync(http, 202, "application/json", """{"object":"pending","reference":"sandbox"}""");
                return;
            case Fault.Truncated:
                await WriteAsync(http, answer.Status, "application/json", json[..(json.Length / 2)]);
                return;
            case Fault.WrongAmount:
                await WriteAsync(http, answer.Status, "application/json", WithWrongAmounts(json));
                return;
            default:
                await WriteAsync(http, answer.Status, "application/json", json);
                return;
        }
    }

    public static string WithWrongAmounts(string json)
    {
        var root = JsonNode.Parse(json);
        Spoil(root);
        return root!.ToJsonString(Wire.Json);
    }

    private static void Spoil(JsonNode? node)
    {
        if (node is JsonObject money && money["currency"] is JsonValue && money["amount"] is JsonValue amount)
            money["amount"] = amount.GetValue<long>() * 10;
        else if (node is JsonObject thing)
            foreach (var member in thing)
                Spoil(member.Value);
        else if (node is JsonArray list)
            foreach (var item in list)
                Spoil(item);
    }

    private static Task WriteAsync(HttpContext http, int status, string mediaType, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        http.Response.StatusCode = status;
        http.Response.ContentType = mediaType;
        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }
}
