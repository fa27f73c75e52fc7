using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Sandbox;

/// <summary>The answers to commands that are no plain object: refusals, pages, promises.</summary>
internal static class SandboxAnswers
{
    /// <summary>What a command came to.</summary>
    public static Outcome Read(JsonElement body)
    {
        try
        {
            return body.Text("object") switch
            {
                "requires_action" => new Outcome.RequiresAction { Page = Page(body) },
                "pending" => new Outcome.Pending { Reference = body.Text("reference") },
                _ => new Outcome.Succeeded
                {
                    Record = SandboxRecords.Read(body) ?? throw new FormatException("The Sandbox answers with something else."),
                },
            };
        }
        catch (FormatException unreadable)
        {
            // It was done; only the portal's books can no longer be sure how.
            throw new ProcessorException(ProcessorFault.NoReply, unreadable.Message, unreadable);
        }
    }

    public static Outcome.Declined Refusal(JsonElement body)
    {
        var error = body.Member("error") ?? throw new ProcessorException(ProcessorFault.NoReply, "The Sandbox refuses without a reason.");
        return new Outcome.Declined { Code = error.Text("code") ?? "declined", BuyerMessage = error.Text("message") };
    }

    public static HostedPage Page(JsonElement body) =>
        new() { Location = new Uri(body.Needed("url"), UriKind.Absolute), ExpiresAt = body.Time("expires_at") };
}
