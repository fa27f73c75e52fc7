namespace Portal.Simulator;

/// <summary>How the Sandbox is started.</summary>
public sealed record SandboxOptions
{
    /// <summary>On 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The ledger's file; null keeps everything in memory only.</summary>
    public string? LedgerFile { get; init; }

    /// <summary>Who is told about changes; null for nobody yet.</summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>Callers of the API name it as their bearer token.</summary>
    public required string ApiKey { get; init; }

    /// <summary><c>whsec_</c> and base64: signs the webhooks.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>Fills an empty ledger with the demo data of this number; null leaves it empty.</summary>
    public int? Seed { get; init; }

    /// <summary>The address of the demo buyer.</summary>
    public string BuyerEmail { get; init; } = "ada@example.com";

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether renewals happen by themselves once they are due; otherwise only on <c>POST /v1/test/tick</c> and <c>advance</c>.</summary>
    public bool RenewByItself { get; init; } = true;
}
