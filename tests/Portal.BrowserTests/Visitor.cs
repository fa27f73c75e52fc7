using System.Collections.Concurrent;
using System.Diagnostics;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>Somebody with a browser of her own. Whatever goes wrong beside what a test looks at is noted all along.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private readonly IBrowserContext context;
    private readonly Device device;
    private readonly ConcurrentQueue<string> problems = new();
    private readonly HashSet<int> expected = [];
    private string? mailBefore;

    private Visitor(IBrowserContext context, IPage page, Device device, Words words)
    {
        (this.context, Page, this.device, Words) = (context, page, device, words);
        page.Console += (_, message) => Note(message);
        page.PageError += (_, error) => problems.Enqueue($"{page.Url} threw {error}");
        context.Request += (_, request) => Note(request);
    }

    public IPage Page { get; }

    public Words Words { get; }

    /// <summary>The page's heading.</summary>
    public ILocator Heading => Page.Locator("main h1");

    /// <summary>Errors in the console, reports of the content security policy, requests to other origins.</summary>
    public IReadOnlyCollection<string> Problems => problems;

    public static async Task<Visitor> OpenAsync(Device device, Words words, bool scripts = true)
    {
        var context = await Demo.Browser.NewContextAsync(
            new()
            {
                BaseURL = Demo.Address.AbsoluteUri,
                Locale = words.Locale,
                ViewportSize = new() { Width = device.Width, Height = device.Height },
                IsMobile = device.IsPhone,
                HasTouch = device.IsPhone,
                JavaScriptEnabled = scripts,
                ReducedMotion = ReducedMotion.Reduce,
                AcceptDownloads = true,
            }
        );
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        await context.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', e => console.error(`The policy forbids ${e.violatedDirective} ${e.blockedURI}`))"
        );
        return new Visitor(context, await context.NewPageAsync(), device, words);
    }

    /// <summary>The browser reports an answer of this status as an error of its own; here it is what is tested.</summary>
    public void Expects(int status) => expected.Add(status);

    public Task GoAsync(string path) => Page.GotoAsync(path);

    /// <summary>Follows the one link that leads there.</summary>
    public Task FollowAsync(string path) => Page.Locator($"main a[href='{path}']").First.ClickAsync();

    /// <summary>Goes to a section of the navigation.</summary>
    public Task TabAsync(string path) => Page.Locator($"nav.tabs a[href='{path}']").ClickAsync();

    /// <summary>Sign-in to overview, by the mail in the demo's mailbox.</summary>
    /// <param name="email">Whose account.</param>
    /// <param name="look">Whether the pages on the way are examined.</param>
    public async Task SignInAsync(string email, bool look = false)
    {
        await AskForLinkAsync(email, look);
        if (!await MailComesAsync(email))
        {
            // Somebody the processor has told of a moment ago may not have been known yet.
            await AskForLinkAsync(email);
        }

        await OpenMailAsync(email, look);
        await Page.Locator("main a[href*='/sign-in/']").First.ClickAsync();
        await Heading.HasTextAsync(Words.Welcome);
        await LookIfAsync(look);
        await Page.Locator("main button").ClickAsync();
        await Page.WaitForURLAsync(Demo.Address.AbsoluteUri);
    }

    /// <summary>Asks for a link on the sign-in page.</summary>
    public async Task AskForLinkAsync(string email, bool look = false)
    {
        await GoAsync("/demo/mailbox");
        var before = SignInMail(email).Locator("a");
        mailBefore = await before.CountAsync() > 0 ? await before.GetAttributeAsync("href") : null;
        await GoAsync("/sign-in");
        await Heading.HasTextAsync(Words.SignIn);
        await LookIfAsync(look);
        await Page.FillAsync("input[type=email]", email);
        await Page.Locator("main form[action='/sign-in'] button").ClickAsync();
        await Heading.HasTextAsync(Words.CheckMail);
        await LookIfAsync(look);
    }

    /// <summary>Opens the newest mail with a sign-in link.</summary>
    public async Task OpenMailAsync(string email, bool look = false)
    {
        await GoAsync("/demo/mailbox");
        var row = SignInMail(email);
        await ReloadUntilAsync(row);
        await LookIfAsync(look);
        await row.Locator("a").ClickAsync();
        await Heading.HasTextAsync(Words.SignInSubject);
        await LookIfAsync(look);
    }

    /// <summary>For what happens behind a page, such as a webhook that comes in: asks again until it shows.</summary>
    public async Task ReloadUntilAsync(ILocator shown) =>
        (await AppearsAsync(shown, Patience)).Should().BeTrue($"{shown} should appear on {Page.Url}");

    /// <summary>What every page must be: in the asked language, with one heading, no wider than the screen, and without a fault axe can find.</summary>
    public async Task LookAsync()
    {
        (await Page.Locator("html").GetAttributeAsync("lang")).Should().Be(Words.Language, $"of {Page.Url}");
        (await Page.Locator("main h1").CountAsync()).Should().Be(1, $"{Page.Url} has one heading");
        (await Page.TitleAsync()).Should().NotBeNullOrWhiteSpace();
        var width = await Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth");
        width.Should().BeLessThanOrEqualTo(device.Width, $"{Page.Url} should not scroll sideways");

        // Put in once and asked twice: its own runner would open a page of its own for every answer.
        await Page.EvaluateAsync(Axe);
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await FineAsync("{}", "light");

        // Of all rules only this one depends on the colors.
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await FineAsync("{ runOnly: ['color-contrast'] }", "dark");
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    /// <summary>Presses Tab until an element has the focus; each one on the way must show that it has it.</summary>
    public async Task TabToAsync(string selector)
    {
        const int Most = 60;
        for (var presses = 0; presses < Most; presses++)
        {
            await Page.Keyboard.PressAsync("Tab");

            // After the last element the browser starts over, by way of the page itself.
            if (await Page.EvaluateAsync<bool>("document.activeElement === document.body"))
            {
                continue;
            }

            var focused = Page.Locator("*:focus");
            var shown = await focused.EvaluateAsync<bool>(
                """
                e => {
                  const shows = style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
                  const box = e.getBoundingClientRect();
                  return box.width > 0 && box.bottom > 0 && box.top < innerHeight && (shows(getComputedStyle(e)) || shows(getComputedStyle(e, "::after")));
                }
                """
            );
            shown.Should().BeTrue($"the focus should be visible on {await focused.EvaluateAsync<string>("e => e.outerHTML.slice(0, 200)")}");
            if (await focused.EvaluateAsync<bool>("(e, selector) => e.matches(selector)", selector))
            {
                return;
            }
        }

        Assert.Fail($"Tab never reaches {selector} on {Page.Url}.");
    }

    /// <summary>Saves what she sees now.</summary>
    public Task<byte[]> PictureAsync(string path, bool whole) => Page.ScreenshotAsync(new() { Path = path, FullPage = whole });

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    /// <summary>The newest sign-in mail to an address, unless it is the one that was there before this visitor asked.</summary>
    private ILocator SignInMail(string email) =>
        Page.Locator("li.row")
            .Filter(new() { HasText = email })
            .Filter(new() { HasText = Words.SignInSubject, HasNot = Page.Locator($"a[href='{mailBefore}']") })
            .First;

    /// <summary>Whether a sign-in mail comes within a few seconds.</summary>
    public async Task<bool> MailComesAsync(string email)
    {
        await GoAsync("/demo/mailbox");
        return await AppearsAsync(SignInMail(email), Patience / 3);
    }

    private async Task<bool> AppearsAsync(ILocator shown, TimeSpan patience)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await shown.IsVisibleAsync())
        {
            if (Stopwatch.GetElapsedTime(began) > patience)
            {
                return false;
            }

            await Page.ReloadAsync();
        }

        return true;
    }

    private Task LookIfAsync(bool look) => look ? LookAsync() : Task.CompletedTask;

    private async Task FineAsync(string options, string scheme)
    {
        var violations = await Page.EvaluateAsync<string[]>(
            $$"""
            async () => {
              const found = await axe.run(document, { resultTypes: ["violations"], ...{{options}} });
              return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html} ${n.failureSummary}`));
            }
            """
        );
        violations.Should().BeEmpty($"axe should find nothing on {Page.Url}, {scheme}, {device}");
    }

    private void Note(IConsoleMessage message)
    {
        if (message.Type is "error" or "warning" && !expected.Any(status => message.Text.Contains($"status of {status}", StringComparison.Ordinal)))
        {
            problems.Enqueue($"{Page.Url} says {message.Text}");
        }
    }

    private void Note(IRequest request)
    {
        var url = new Uri(request.Url);
        if (url.Scheme is "http" or "https" && !Demo.Address.IsBaseOf(url))
        {
            problems.Enqueue($"{Page.Url} asked another origin for {url}");
        }
    }
}

internal static class LocatorSentences
{
    public static Task HasTextAsync(this ILocator shown, string text) => Assertions.Expect(shown).ToContainTextAsync(text);

    public static Task IsShownAsync(this ILocator shown) => Assertions.Expect(shown).ToBeVisibleAsync();

    /// <summary>Its text with plain spaces.</summary>
    public static async Task<string> TextAsync(this ILocator shown) => PlainSpaces.In(await shown.InnerTextAsync());
}

internal static class PlainSpaces
{
    /// <summary>Amounts hold spaces that do not break.</summary>
    public static string In(string text) => text.Replace('\u00a0', ' ').Replace('\u202f', ' ').Trim();
}
