namespace Portal.Fixtures.Library;

/// <summary>Says which version it is.</summary>
public static class Greeting
{
    /// <summary>The version.</summary>
    public static string Words { get; } = "Library 2";
}
