namespace Portal.Access.ShowSecurity;

/// <summary>What people call the browser and system behind a User-Agent: enough to recognize one's own, no more.</summary>
internal static class BrowserNames
{
    // The order decides: Edge and Opera call themselves Chrome, Chrome calls itself Safari.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    /// <summary><c>Firefox · Windows</c>; empty when neither is known.</summary>
    public static string Of(string? userAgent)
    {
        string?[] names = [Find(Browsers, userAgent), Find(Systems, userAgent)];
        return string.Join(" · ", names.OfType<string>());
    }

    private static string? Find((string Mark, string Name)[] marks, string? userAgent) =>
        marks.FirstOrDefault(m => userAgent?.Contains(m.Mark, StringComparison.Ordinal) == true).Name;
}
