namespace Portal.BrowserTests;

/// <summary>What a stranger sees first: the demo buyer's overview.</summary>
public sealed class DemoBuyerTests : BrowserTest
{
    private const string Email = "ada@example.com";

    /// <summary>
    /// With <c>PORTAL_PICTURES=docs/images</c> (a folder of the repository) these tests also save the pictures the README shows:
    /// <c>PORTAL_PICTURES=docs/images ./build.sh test --filter FullyQualifiedName~DemoBuyerTests</c>.
    /// </summary>
    private static string? Pictures => Environment.GetEnvironmentVariable("PORTAL_PICTURES");

    private static IEnumerable<TestCaseData> Devices =>
        from device in new[] { Device.Desktop, Device.Phone }
        select new TestCaseData(device).SetArgDisplayNames(device.Name);

    [TestCaseSource(nameof(Devices))]
    public async Task Her_overview_shows_orders_the_next_payment_and_the_newest_invoice(object screen)
    {
        var device = (Device)screen;
        var visitor = await VisitorAsync(device);

        await visitor.SignInAsync(Email);

        await visitor.Heading.HasTextAsync("Hello, Ada Moreau");
        await visitor.Page.Locator("main a[href^='/orders/']").First.IsShownAsync();
        await visitor.Page.Locator("main a[href^='/subscriptions/']").First.IsShownAsync();
        await visitor.Page.Locator("main a[href^='/invoices/']").First.IsShownAsync();
        await visitor.LookAsync();
        if (Pictures is { Length: > 0 } folder)
        {
            var name = device.IsPhone ? "overview-phone.png" : "overview.png";
            await visitor.PictureAsync(Path.Combine(Demo.Repository, folder, name), whole: false);
        }
    }
}
