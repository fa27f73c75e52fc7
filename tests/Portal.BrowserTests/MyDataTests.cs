using System.IO.Compression;

namespace Portal.BrowserTests;

/// <summary>A buyer takes a copy of her data with her; the page follows its making by itself, and works as well without scripts.</summary>
public sealed class MyDataTests : BrowserTest
{
    private static IEnumerable<TestCaseData> Cases =>
        from scripts in new[] { true, false }
        select new TestCaseData(scripts).SetArgDisplayNames(scripts ? "with scripts" : "without scripts");

    [TestCaseSource(nameof(Cases))]
    public async Task She_asks_for_a_copy_and_downloads_it(bool scripts)
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync("lindenhof-eur");
        var visitor = await VisitorAsync(Device.Phone, scripts: scripts);
        await visitor.SignInAsync(buyer.Email);
        await visitor.GoAsync("/profile/data");
        await visitor.FollowAsync("/profile/data/export");
        await LookAsync(visitor, scripts);

        await visitor.Page.Locator("main form button").ClickAsync();
        var download = visitor.Page.Locator("main a[download]");
        if (scripts)
        {
            await download.WaitForAsync();
        }
        else
        {
            await visitor.ReloadUntilAsync(download);
        }

        await LookAsync(visitor, scripts);
        var file = await visitor.Page.RunAndWaitForDownloadAsync(() => download.ClickAsync());
        file.SuggestedFilename.Should().MatchRegex(@"^my-data-\d{4}-\d\d-\d\d\.zip$");
        using var zip = await ZipFile.OpenReadAsync(await file.PathAsync());
        zip.Entries.Select(e => e.FullName).Should().Contain(["README.txt", "orders.json", "orders.csv"]);
        zip.Entries.Should().Contain(e => e.FullName.EndsWith(".pdf"));
    }

    /// <summary>The examination itself is a script.</summary>
    private static Task LookAsync(Visitor visitor, bool scripts) => scripts ? visitor.LookAsync() : Task.CompletedTask;
}
