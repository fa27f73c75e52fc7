namespace Portal.Kernel;

/// <summary>A module's place in the buyer's navigation and on her overview.</summary>
public sealed record PortalSection
{
    /// <summary>Where it is: <c>/orders</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Its name, read in the current culture.</summary>
    public required Func<string> Label { get; init; }

    /// <summary>Smaller comes first.</summary>
    public required int Order { get; init; }

    /// <summary>The view component shown on the overview; null for none.</summary>
    public string? OverviewComponent { get; init; }
}

/// <summary>A module's place in the merchant's navigation.</summary>
public sealed record AdminSection
{
    /// <summary>Where it is: <c>/admin/connections</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Its name, read in the current culture.</summary>
    public required Func<string> Label { get; init; }

    /// <summary>Smaller comes first.</summary>
    public required int Order { get; init; }

    /// <summary>The view component that says on the dashboard what needs a person; null for none.</summary>
    public string? DashboardComponent { get; init; }
}
