using Portal.Store.Contract;

namespace Portal.Host.Demo;

/// <summary>The demo's people and names.</summary>
internal static class DemoStore
{
    public static StoreDescription Description { get; } =
        new("Atelier Nord", "Atelier Nord GmbH", "Speicherstraße 9\n20457 Hamburg\nGermany", "DE", "DE 123 456 788", "help@atelier-nord.example");

    public const string BuyerEmail = "ada@example.com";
    public const string Plugin = "sandbox";
    public const string ConnectionName = "Sandbox";
}
