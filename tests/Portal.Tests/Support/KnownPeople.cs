using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Tests.Support;

/// <summary>People of whom the portal knows everything it can know about anybody, each with words nobody else has.</summary>
internal static class KnownPeople
{
    public static string Email(string name) => name + "@example.com";

    /// <summary>The word that stands in everything that would tell who she was: names, addresses, her own words.</summary>
    public static string Canary(string name) => "Canary" + name;

    /// <summary>Somebody who bought, subscribed, canceled and has ended; signed in, with mails and an invoice.</summary>
    /// <returns>Her browser.</returns>
    public static async Task<Browser> LiveAsync(this PortalUnderTest portal, long connection, string name)
    {
        var now = portal.Now;
        await portal.TellAsync(connection, Account(name, now.AddDays(-30)));
        await portal.TellAsync(
            connection,
            [
                Order(name, now.AddDays(-20)),
                Payment(name, now.AddDays(-20)),
                new RefundRecord
                {
                    Id = "ref-" + name,
                    AsOf = now.AddDays(-5),
                    PaymentId = "pay-" + name,
                    Amount = new Money(300, "EUR"),
                    State = RefundState.Succeeded,
                },
                new DisputeRecord
                {
                    Id = "dis-" + name,
                    AsOf = now.AddDays(-4),
                    PaymentId = "pay-" + name,
                    Amount = new Money(500, "EUR"),
                    State = DisputeState.Won,
                },
                Method(name, now.AddDays(-20)),
                Subscription(name, now.AddDays(-20), SubscriptionState.Active),
            ]
        );
        var unpaid = Order(name, now.AddDays(-3)) with { Id = "open-" + name, State = OrderState.Pending, PaidAt = null };
        await portal.TellAsync(connection, unpaid);

        var browser = await portal.SignedInAsync(Email(name));
        var subscription = (string)
            (await portal.ScalarAsync($"""select "PublicId" from subscriptions_subscription where "ProcessorId" = 'sub-{name}'"""))!;
        var page = await browser.GetAsync($"/subscriptions/{subscription}/cancel");
        if (page.Page.QuerySelector("main form[method=post]") is not null)
        {
            await browser.SubmitAsync(page, null, ("Words", Canary(name) + " leaves"));
        }

        await portal.EndAsync(connection, name);
        return browser;
    }

    /// <summary>Her subscription is over.</summary>
    public static Task EndAsync(this PortalUnderTest portal, long connection, string name) =>
        portal.TellAsync(connection, Subscription(name, portal.Now, SubscriptionState.Canceled) with { EndedAt = portal.Now });

    public static CustomerRecord Account(string name, DateTimeOffset at) =>
        new()
        {
            Id = "cus-" + name,
            AsOf = at,
            Email = Email(name),
            Name = Canary(name),
            Address = Address(name),
        };

    public static OrderRecord Order(string name, DateTimeOffset at) =>
        Deeds.Order(name, Email(name), 2500, at, name: "=Field notes") with
        {
            Customer = Reference(name),
            Billing = new BillingDetail
            {
                Name = Canary(name),
                BusinessName = Canary(name) + " Ltd",
                TaxId = "DE" + Canary(name),
                Address = Address(name),
            },
        };

    public static PaymentRecord Payment(string name, DateTimeOffset at) =>
        Deeds.Payment(name, Email(name), 2500, at) with
        {
            Customer = Reference(name),
            PayAt = new Uri("https://pay.example.test/" + Canary(name)),
        };

    public static PaymentMethodRecord Method(string name, DateTimeOffset at) =>
        new()
        {
            Id = "pm-" + name,
            AsOf = at,
            Customer = Reference(name),
            Method = new PaymentMethod
            {
                Kind = "card",
                Brand = Canary(name),
                LastFour = "4242",
            },
            Default = true,
        };

    public static SubscriptionRecord Subscription(string name, DateTimeOffset at, SubscriptionState state) =>
        Deeds.Subscription(name, Email(name), at) with
        {
            Name = "Atelier Pro",
            Customer = Reference(name),
            State = state,
            ManageAt = new Uri("https://manage.example.test/" + Canary(name)),
            Method = new PaymentMethod { Kind = "card", Brand = Canary(name) },
        };

    public static CustomerReference Reference(string name) =>
        new()
        {
            Id = "cus-" + name,
            Email = Email(name),
            Name = Canary(name),
        };

    /// <summary>Asks for a copy and waits for the mail.</summary>
    /// <returns>The path of the mailed link.</returns>
    public static async Task<string> ExportedAsync(this PortalUnderTest portal, Browser browser, string email)
    {
        var before = (await portal.MailsAsync(email, "data-export")).Count;
        var asked = await browser.SubmitAsync(await browser.GetAsync("/profile/data/export"));
        asked.Location.Should().Be("/profile/data", "{0}", asked);
        var mails = await Poller.UntilAsync(() => portal.MailsAsync(email, "data-export"), m => m.Count > before, "the mail about the copy");
        var line = mails[0].Text.Split("\r\n").Single(l => l.Contains("/profile/data/link/", StringComparison.Ordinal));
        return new Uri(line.Trim()).AbsolutePath;
    }

    /// <summary>A ZIP's files as text, by name; PDFs as Latin-1.</summary>
    public static Dictionary<string, string> Unzip(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        var files = new Dictionary<string, string>();
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            var raw = content.ToArray();
            files[entry.FullName] = (entry.FullName.EndsWith(".pdf", StringComparison.Ordinal) ? Encoding.Latin1 : Encoding.UTF8).GetString(raw);
        }

        return files;
    }

    public static List<JsonElement> Rows(this Dictionary<string, string> files, string table) =>
        [.. JsonDocument.Parse(files[table + ".json"]).RootElement.EnumerateArray()];

    /// <summary>Runs a recurring task now.</summary>
    public static Task RunTaskAsync(this PortalUnderTest portal, string task) =>
        portal.InScopeAsync(s => s.GetRequiredService<IEnumerable<IRecurringTask>>().Single(t => t.Name == task).RunAsync(CancellationToken.None));

    private static Address Address(string name) =>
        new()
        {
            Line1 = Canary(name) + " Street 1",
            City = Canary(name) + "ville",
            PostalCode = "12345",
            Country = "DE",
        };
}
