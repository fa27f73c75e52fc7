namespace Portal.BrowserTests;

/// <summary>What the portal is looked at with.</summary>
internal sealed record Device(string Name, int Width, int Height, bool IsPhone)
{
    public static Device Desktop { get; } = new("desktop", 1280, 900, IsPhone: false);

    /// <summary>The narrowest that is common.</summary>
    public static Device Phone { get; } = new("phone", 360, 800, IsPhone: true);

    public override string ToString() => Name;
}
