using Portal.TestSupport;

namespace Portal.BrowserTests;

/// <summary>Somebody else's text on every page that shows it: it stays text, and asks nobody for anything.</summary>
public sealed class MarkupTests : BrowserTest
{
    private const string Marker = "pwned";

    // Element, attribute, URL, script and template contexts; letters that turn around, hide, combine or need four bytes.
    private const string Payload =
        "M1\"'><img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"
        + "<a href=javascript:document.title='pwned'>x</a><style>@import url(http://127.0.0.1:9/x)</style>';document.title='pwned';//"
        + "{{7*7}}${7*7}<!--\u202Ertl\u202C\u200Bzero e\u0301 \U0001F600 &amp; M2";

    [Test]
    [SecurityCase(
        "I2",
        "one payload for every context in 19 fields of customer, order, payment, subscription and invoice, on every page a buyer has, in mails and in the PDF: nothing runs, no report, no foreign request, shown as told"
    )]
    public async Task Markup_in_what_a_processor_tells_stays_text()
    {
        var buyer = await Demo.Sandbox.NewBuyerAsync();
        var webhook = await Demo.WebhookAsync();
        var now = TimeProvider.System.GetUtcNow().AddMinutes(1);
        var address = new
        {
            line1 = Payload,
            line2 = Payload,
            city = Payload,
            state = Payload,
            postalCode = Payload[..40],
            country = "DE",
        };
        await Demo.Sandbox.TellAsync(
            webhook,
            new
            {
                @object = "customer",
                id = buyer.Id,
                updatedAt = now,
                email = buyer.Email,
                name = Payload,
                address,
            },
            new
            {
                @object = "order",
                id = "ord_markup",
                updatedAt = now,
                customer = buyer.Id,
                reference = Payload,
                state = "paid",
                reason = "purchase",
                total = Euros(1190),
                tax = Euros(190),
                placedAt = now,
                paidAt = now,
                lines = new[]
                {
                    new
                    {
                        product = Payload[..100],
                        name = Payload,
                        total = Euros(1190),
                        tax = Euros(190),
                    },
                },
                billing = new
                {
                    name = Payload,
                    businessName = Payload,
                    taxId = Payload[..60],
                    address,
                },
            },
            new
            {
                @object = "payment",
                id = "pay_markup",
                updatedAt = now,
                customer = buyer.Id,
                order = "ord_markup",
                state = "succeeded",
                amount = Euros(1190),
                createdAt = now,
                method = new
                {
                    kind = "card",
                    brand = Payload[..40],
                    lastFour = "<b>4",
                },
                failureCode = Payload[..90],
            },
            new
            {
                @object = "subscription",
                id = "sub_markup",
                updatedAt = now,
                customer = buyer.Id,
                plan = Payload[..100],
                name = Payload,
                state = "active",
                price = Euros(500),
                interval = "month",
                startedAt = now,
                currentPeriodStart = now,
                currentPeriodEnd = now.AddDays(30),
                method = new
                {
                    kind = "card",
                    brand = Payload[..40],
                    lastFour = "<b>4",
                },
            }
        );
        var visitor = await VisitorAsync();
        await visitor.SignInAsync(buyer.Email);

        // The pages that list them, and every page those lead to.
        HashSet<string> seen = [];
        Queue<string> next = new(["/", "/orders", "/payments", "/subscriptions", "/profile/security"]);
        var shown = 0;
        while (next.TryDequeue(out var path))
        {
            if (!seen.Add(path))
            {
                continue;
            }

            await visitor.GoAsync(path);
            (await visitor.Page.TitleAsync()).Should().NotBe(Marker, path);
            shown += (await visitor.Page.Locator("main").InnerTextAsync()).Contains(
                "<script>document.title='pwned'</script>",
                StringComparison.Ordinal
            )
                ? 1
                : 0;
            (await visitor.Page.Locator("main img[src=x], main script:not([src]), main style, a[href^='javascript']").CountAsync())
                .Should()
                .Be(0, path);
            foreach (
                var link in await visitor.Page.Locator("main a[href^='/']").EvaluateAllAsync<string[]>("all => all.map(a => a.getAttribute('href'))")
            )
            {
                if (!link.EndsWith(".pdf", StringComparison.Ordinal) && !link.Contains("processor-file", StringComparison.Ordinal))
                {
                    next.Enqueue(link);
                }
            }
        }

        shown
            .Should()
            .BeGreaterThan(6, "overview, lists, order, subscription, its pages and the invoice show it as it was told: {0}", string.Join(' ', seen));
        await SeesItsInvoiceAsync(visitor, seen.Single(p => p.StartsWith("/invoices/", StringComparison.Ordinal)));
        await SeesItsMailsAsync(visitor, buyer.Email);
    }

    private static async Task SeesItsInvoiceAsync(Visitor visitor, string invoice)
    {
        await visitor.GoAsync(invoice);
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Page.Locator("main a[href$='.pdf']").First.ClickAsync());
        var pdf = await PdfFile.ReadAsync(await download.PathAsync());
        string.Concat(pdf.Text.Split((char[]?)null)).Should().Contain("<script>document.title='pwned'</script>");
    }

    /// <summary>Their HTML, in a page without the portal's policy: what a mail program would show.</summary>
    private static async Task SeesItsMailsAsync(Visitor visitor, string email)
    {
        var mails = Directory
            .EnumerateFiles(Demo.Mails, "*.eml")
            .Select(File.ReadAllText)
            .Where(mail => mail.Contains(email, StringComparison.Ordinal))
            .ToList();
        mails.Should().HaveCountGreaterThan(1, "the sign-in mail and the one about the order");
        var shown = 0;
        foreach (var mail in mails)
        {
            var html = MailFile.Html(mail);
            await visitor.GoAsync("about:blank");
            await visitor.Page.SetContentAsync(html);
            (await visitor.Page.TitleAsync()).Should().NotBe(Marker);
            shown += (await visitor.Page.Locator("body").InnerTextAsync()).Contains("document.title='pwned'", StringComparison.Ordinal) ? 1 : 0;
            (await visitor.Page.Locator("img[src=x], script, a[href^='javascript']").CountAsync()).Should().Be(0);
        }

        shown.Should().BePositive("the mail about the order names what was bought");
    }

    private static object Euros(long amount) => new { amount, currency = "EUR" };
}
