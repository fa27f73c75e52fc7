using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox;

internal enum HostedPageKind
{
    PaymentMethod,
    Checkout,

    /// <summary>The buyer agrees to something another command asked for.</summary>
    Consent,
}

internal enum HostedPageState
{
    Open,
    Challenge,
    Succeeded,
    Failed,
    Abandoned,
}

internal sealed record HostedPage : Resource
{
    public override string Object => "hosted_page";
    public required HostedPageKind Kind { get; init; }
    public required HostedPageState State { get; init; }
    public required string Url { get; init; }
    public required string ReturnTo { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public string? Customer { get; init; }
    public string? Subscription { get; init; }
    public string? Plan { get; init; }
    public int Quantity { get; init; } = 1;
    public string? Payment { get; init; }
    public string? PaymentMethod { get; init; }

    /// <summary>The test card chosen, while its challenge is open.</summary>
    public string? Card { get; init; }
    public string? Email { get; init; }
    public string? Name { get; init; }
}
