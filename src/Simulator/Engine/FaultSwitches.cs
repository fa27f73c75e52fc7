namespace Portal.Simulator.Engine;

internal enum Fault
{
    None,
    Delay,
    Error500,
    Html502,
    RateLimited,

    /// <summary>The connection is closed; nothing was done.</summary>
    DropBefore,

    /// <summary>It was done; the connection is closed.</summary>
    LostReply,
    Decline,

    /// <summary>It was done; the answer says that this will be decided later.</summary>
    Pending,

    /// <summary>It was done; the answer stops in the middle.</summary>
    Truncated,

    /// <summary>It was done; every amount in the answer is ten times too high.</summary>
    WrongAmount,
}

/// <summary>What goes wrong for an operation: <c>subscriptions.cancel</c>, or <c>*</c> for those without a switch of their own.</summary>
internal sealed record FaultSwitch
{
    public string Operation { get; init; } = FaultSwitches.Every;

    public Fault Fault { get; init; }

    public int DelayMs { get; init; }

    /// <summary>Seconds, for <see cref="Engine.Fault.RateLimited"/>.</summary>
    public int RetryAfter { get; init; } = 1;

    /// <summary>How often; null for until switched off.</summary>
    public int? Times { get; init; }
}

/// <summary>What goes wrong with webhooks.</summary>
internal sealed record WebhookFaults
{
    /// <summary>Held back until switched on again.</summary>
    public bool Off { get; init; }

    /// <summary>Never sent.</summary>
    public bool Lose { get; init; }

    public int DelayMs { get; init; }

    /// <summary>How many times more each is sent.</summary>
    public int Duplicate { get; init; }

    /// <summary>The newest first.</summary>
    public bool Reverse { get; init; }

    public bool BadSignature { get; init; }

    public bool WrongAmount { get; init; }
}

/// <summary>Everything that goes wrong on request; switched while the server runs.</summary>
internal sealed class FaultSwitches
{
    public const string Every = "*";

    private readonly Lock gate = new();
    private readonly Dictionary<string, FaultSwitch> switches = [];

    public event Action? WebhooksChanged;

    public WebhookFaults Webhooks { get; private set; } = new();

    public IReadOnlyList<FaultSwitch> On
    {
        get
        {
            lock (gate)
                return [.. switches.Values];
        }
    }

    public void Set(FaultSwitch wanted)
    {
        lock (gate)
        {
            if (wanted is { Fault: Fault.None, Operation: Every })
                switches.Clear();
            else if (wanted.Fault == Fault.None)
                switches.Remove(wanted.Operation);
            else
                switches[wanted.Operation] = wanted;
        }
    }

    public void Set(WebhookFaults wanted)
    {
        Webhooks = wanted;
        WebhooksChanged?.Invoke();
    }

    /// <summary>What goes wrong this time.</summary>
    public FaultSwitch Take(string operation)
    {
        lock (gate)
        {
            var found = switches.GetValueOrDefault(operation) ?? switches.GetValueOrDefault(Every);
            if (found?.Times is { } left)
            {
                if (left <= 1)
                    switches.Remove(found.Operation);
                else
                    switches[found.Operation] = found with { Times = left - 1 };
            }
            return found ?? new FaultSwitch();
        }
    }
}
