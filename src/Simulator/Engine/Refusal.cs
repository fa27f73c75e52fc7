namespace Portal.Simulator.Engine;

/// <summary>The request is answered with an error and changes nothing.</summary>
internal sealed class Refusal(int status, string code, string message) : Exception(message)
{
    public Answer Answer => new(status, new { error = new { code, message = Message } });

    public static Refusal BadRequest(string message) => new(400, "bad_request", message);

    public static Refusal NotFound(string kind, string id) => new(404, "not_found", $"There is no {kind} '{id}'.");

    /// <summary>Understood and refused for good: a declined card, a rule of the processor.</summary>
    public static Refusal Declined(string code, string message) => new(402, code, message);
}

/// <summary>What an operation answers.</summary>
internal sealed record Answer(int Status, object Body)
{
    public static Answer Ok(object body) => new(200, body);
}
