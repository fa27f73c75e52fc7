namespace Portal.BrowserTests;

/// <summary>Both languages on both screens.</summary>
internal static class Everywhere
{
    public static IEnumerable<TestCaseData> Cases =>
        from words in new[] { Words.English, Words.German }
        from device in new[] { Device.Desktop, Device.Phone }
        select new TestCaseData(words, device).SetArgDisplayNames(words.Language, device.Name);
}
