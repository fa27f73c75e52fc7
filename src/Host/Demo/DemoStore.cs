namespace Portal.Host.Demo;

/// <summary>The demo's people and names.</summary>
internal static class DemoStore
{
    public const string Name = "Atelier Nord";
    public const string BuyerEmail = "ada@example.com";
    public const string Plugin = "sandbox";
    public const string ConnectionName = "Sandbox";
}
