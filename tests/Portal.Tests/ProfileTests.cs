using System.Text;
using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Processors;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>What a buyer says of herself: kept, shown, hers from then on, and nothing besides.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class ProfileTests(Db db)
{
    private const string Markup = "\"><img src=x onerror=alert(1)>'</bdi>\u202eعربى 🦊";
    private PortalUnderTest portal = null!;
    private long connection;
    private int buyers;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db);
        connection = (await portal.ConnectSilentAsync()).Id;
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [Test]
    public async Task Everything_she_fills_in_is_there_when_she_comes_back()
    {
        using var browser = await SignedInAsync();
        (string Name, string Value)[] typed =
        [
            ("Name", "Ada Moreau"),
            ("Phone", "+33 (0) 6 12-34-56-78"),
            ("Language", "de"),
            ("Address.Line1", "14 rue de la Charité"),
            ("Address.City", "Lyon"),
            ("Address.PostalCode", "69002"),
            ("Address.Country", "FR"),
            ("ShippingAddress.Line1", "1 Main Street"),
            ("ShippingAddress.City", "Springfield"),
            ("ShippingAddress.Region", "IL"),
            ("ShippingAddress.PostalCode", "62701"),
            ("ShippingAddress.Country", "US"),
            ("IsBusiness", "true"),
            ("BusinessName", "Moreau SARL"),
            ("TaxId", "fr 40 303 265 045"),
            ("Marketing", "true"),
        ];

        var saved = await SaveAsync(browser, typed);
        saved.Location.Should().Be("/profile?saved=true", "{0}", saved);
        var page = await browser.FollowAsync(saved);

        page.Words.Should().Contain("Ihr Profil ist gespeichert.");
        var fields = Browser.Read(await browser.GetAsync("/profile")).Fields;
        fields.Should().Contain(typed.Where(t => t.Name != "TaxId").Select(t => KeyValuePair.Create(t.Name, t.Value)));
        fields["TaxId"].Should().Be("FR40303265045");
        (await ValueAsync(Email, "PhoneNumber")).Should().Be("+33612345678");
    }

    [Test]
    public async Task A_refused_form_keeps_what_was_typed_and_says_beside_each_field_what_is_wrong()
    {
        using var browser = await SignedInAsync();
        var before = await StateAsync();

        var refused = await SaveAsync(
            browser,
            ("Name", "Ada\u0001Moreau"),
            ("Phone", "ring me"),
            ("Address.Line1", "Kept Street 5"),
            ("Address.Country", "DE"),
            ("BusinessName", new string('x', 201)),
            ("TaxId", "DE136695967"),
            ("ShippingAddress.City", "Half of it")
        );

        refused.Code.Should().Be(422);
        string[] wrong =
        [
            "Name",
            "Phone",
            "Address.City",
            "Address.PostalCode",
            "BusinessName",
            "TaxId",
            "ShippingAddress.Line1",
            "ShippingAddress.Country",
        ];
        var invalid = refused.Page.QuerySelectorAll("[aria-invalid=true]");
        invalid.Select(f => f.GetAttribute("name")).Should().BeEquivalentTo(wrong);
        foreach (var field in invalid)
        {
            var sentence = refused.Page.GetElementById(field.GetAttribute("aria-describedby")!);
            sentence!.ClassName.Should().Be("error");
            sentence.TextContent.Should().MatchRegex("[A-Z].+\\.", "{0}", field.OuterHtml);
        }

        refused.Page.QuerySelector("[role=alert]").Should().NotBeNull();
        var fields = Browser.Read(refused).Fields;
        (fields["Address.Line1"], fields["Phone"], fields["TaxId"]).Should().Be(("Kept Street 5", "ring me", "DE136695967"));
        (await StateAsync()).Should().BeEquivalentTo(before);
    }

    [TestCase("DE", "City PostalCode", "Addresses in Germany need a postal code.")]
    [TestCase("US", "City PostalCode Region", "Addresses in United States need a state or region.")]
    [TestCase("IE", "City", "Please enter the town.")]
    [TestCase("SG", "PostalCode", "Addresses in Singapore need a postal code.")]
    [TestCase("AE", "City", "Please enter the town.")]
    [TestCase("ZZ", "City Country", "Please choose a country from the list.")]
    public async Task An_address_needs_what_its_country_uses(string country, string missing, string sentence)
    {
        using var browser = await SignedInAsync();

        var refused = await SaveAsync(browser, ("Address.Line1", "Somewhere 1"), ("Address.Country", country));

        refused
            .Page.QuerySelectorAll("[aria-invalid=true]")
            .Select(f => f.GetAttribute("name"))
            .Should()
            .BeEquivalentTo(missing.Split(' ').Select(m => "Address." + m));
        refused.Words.Should().Contain(sentence);
    }

    [TestCase("+49 30 123456", "+4930123456")]
    [TestCase("0049 (0)30/123456", "+4930123456")]
    [TestCase("‪+972 3-123-4567‬", "+97231234567")]
    [TestCase("٠٠٩٦٦ ١٢٣٤٥٦٧٨", "+96612345678")]
    [TestCase("030 123456", null)]
    [TestCase("911 1234", null)]
    public async Task A_phone_number_is_kept_as_typed_and_in_one_form(string typed, string? number)
    {
        using var browser = await SignedInAsync();

        (await SaveAsync(browser, ("Phone", typed))).Code.Should().Be(302);

        (await ValueAsync(Email, "Phone")).Should().Be(typed);
        (await ValueAsync(Email, "PhoneNumber")).Should().Be(number);
    }

    [TestCase("+")]
    [TestCase("123")]
    [TestCase("12+34 5678")]
    [TestCase("+0123456789")]
    [TestCase("+1234567890123456")]
    [TestCase("call 0123456")]
    public async Task What_is_no_phone_number_is_refused(string typed)
    {
        using var browser = await SignedInAsync();

        var refused = await SaveAsync(browser, ("Phone", typed));

        refused.Code.Should().Be(422);
        refused.Page.QuerySelector("#phone-error")!.TextContent.Should().StartWith("This is not a phone number.");
    }

    [Test]
    public async Task A_language_once_chosen_counts_on_every_device_until_a_newer_choice()
    {
        using var first = await SignedInAsync();
        await SaveAsync(first, ("Language", "de"));
        (await first.GetAsync("/profile")).Title.Should().Be("Profil");

        using var other = await portal.SignedInAsync(Email);
        var page = await other.GetAsync("/orders");
        page.Page.DocumentElement.GetAttribute("lang").Should().Be("de", "her other browser asks for English");
        page.Header("Content-Language").Should().Be("de");
        (await ValueAsync(Email, "Language")).Should().Be("de", "signing in with English leaves her choice alone");
        (await other.GetAsync("/capabilities"))
            .Page.DocumentElement.GetAttribute("lang")
            .Should()
            .Be("de", "pages for everybody follow on her device");

        (await other.GetAsync("/orders?locale=en")).Page.DocumentElement.GetAttribute("lang").Should().Be("en", "what is asked for comes first");
        (await other.GetAsync("/orders")).Page.DocumentElement.GetAttribute("lang").Should().Be("en", "the menu is the newer choice on this device");
        (await first.GetAsync("/orders")).Page.DocumentElement.GetAttribute("lang").Should().Be("de");

        await SaveAsync(first, ("Language", "en"));
        await SaveAsync(first, ("Language", "de"));
        (await other.GetAsync("/orders")).Page.DocumentElement.GetAttribute("lang").Should().Be("de", "now the profile is newer");
    }

    [TestCase("xx")]
    [TestCase("de.9999999999999999999")]
    [TestCase("de.-1")]
    [TestCase("..")]
    [TestCase("zz.1")]
    public async Task A_spoiled_language_cookie_is_as_none(string value)
    {
        using var browser = portal.Open();
        browser.Cookies["portal-locale"] = value;

        var page = await browser.GetAsync("/sign-in");

        page.Code.Should().Be(200);
        page.Page.DocumentElement.GetAttribute("lang").Should().Be("en");
    }

    [Test]
    public async Task Consent_is_asked_for_never_assumed_and_its_history_is_kept()
    {
        using var browser = await SignedInAsync();
        Browser.Read(await browser.GetAsync("/profile")).Fields.Should().NotContainKey("Marketing", "nothing is ticked beforehand");
        await SaveAsync(browser, ("Name", "Without a word on mails"));
        (await ConsentsAsync()).Should().BeEmpty();

        await SaveAsync(browser, ("Marketing", "true"));
        await SaveAsync(browser, ("Name", "Something else"));
        var given = Browser.Read(await browser.GetAsync("/profile"));
        given.Fields["Marketing"].Should().Be("true");
        given.Fields.Remove("Marketing");
        await browser.PostAsync(given.Action, given.Fields);

        (await ConsentsAsync()).Should().Equal("True Profile", "False Profile");
        var page = await browser.GetAsync("/profile");
        page.Words.Should().Contain("You withdrew").And.Contain("You agreed").And.Contain("on this page");
        Browser.Read(page).Fields.Should().NotContainKey("Marketing");
    }

    [Test]
    public async Task Consent_at_a_checkout_counts_once_and_not_against_a_later_withdrawal()
    {
        using var browser = await SignedInAsync();
        var order = Deeds.Order("consent-" + Email, Email, 500, portal.Now.AddHours(-2)) with { MarketingConsent = true };
        await portal.TellAsync(connection, order);
        await portal.TellAsync(connection, order with { AsOf = portal.Now });
        (await ConsentsAsync()).Should().Equal("True Checkout");
        Browser.Read(await browser.GetAsync("/profile")).Fields["Marketing"].Should().Be("true");

        var form = Browser.Read(await browser.GetAsync("/profile"));
        form.Fields.Remove("Marketing");
        await browser.PostAsync(form.Action, form.Fields);
        var older = Deeds.Order("older-" + Email, Email, 500, portal.Now.AddDays(-2)) with { MarketingConsent = true };
        await portal.TellAsync(connection, older);

        Browser.Read(await browser.GetAsync("/profile")).Fields.Should().NotContainKey("Marketing", "her newest word counts");
        (await ConsentsAsync()).Should().HaveCount(3, "each is kept as proof");
    }

    [Test]
    public async Task What_she_set_no_processor_undoes_and_what_she_left_alone_it_may_still_tell()
    {
        var account = new CustomerRecord
        {
            Id = "cus-" + Guid.NewGuid().ToString("N"),
            AsOf = portal.Now.AddDays(-1),
            Email = Email,
            Name = "Told Before",
            Address = new Address
            {
                Line1 = "Old Street 1",
                City = "Bonn",
                PostalCode = "53111",
                Country = "DE",
            },
        };
        NewBuyer();
        account = account with { Email = Email };
        await portal.TellAsync(connection, account);
        using var browser = await portal.SignedInAsync(Email);
        await SaveAsync(browser, ("Name", "Ada Herself"));

        await portal.TellAsync(
            connection,
            account with
            {
                AsOf = portal.Now.AddMinutes(1),
                Name = "Told Later",
                Address = new Address
                {
                    Line1 = "New Street 2",
                    City = "Bonn",
                    PostalCode = "53113",
                    Country = "DE",
                },
            }
        );

        (await ValueAsync(Email, "Name")).Should().Be("Ada Herself");
        (await ValueAsync(Email, "Line1")).Should().Be("New Street 2", "the address is still the processor's word");

        await SaveAsync(browser, ("Name", ""), ("Address.Line1", "Her Street 3"));
        await portal.TellAsync(connection, account with { AsOf = portal.Now.AddMinutes(2), Name = "Told Last" });
        await portal.TellAsync(connection, Deeds.Purchase("named-" + Email, Email, 100, portal.Now, buyer: "Named Once More"));
        (await ValueAsync(Email, "Name")).Should().BeNull("she took it away herself");
        (await ValueAsync(Email, "Line1")).Should().Be("Her Street 3");
    }

    [Test]
    public async Task Her_log_says_what_she_changed_and_not_to_what()
    {
        using var browser = await SignedInAsync();
        await SaveAsync(
            browser,
            ("Name", "Secretive Person"),
            ("Phone", "+49 30 5550001"),
            ("Address.Line1", "Hidden Lane 9"),
            ("Address.City", "Ulm"),
            ("Address.PostalCode", "89073"),
            ("Address.Country", "DE"),
            ("TaxId", "DE136695976"),
            ("Marketing", "true")
        );
        await SaveAsync(browser, ("Name", "Secretive Person"));

        var page = await browser.GetAsync("/profile/security");
        page.Words.Should()
            .ContainAll("Name changed", "Phone number changed", "Billing address changed", "Tax ID changed", "Agreed to news and offers by e-mail")
            .And.NotContainAny("Secretive", "5550001", "Hidden", "136695976", "Delivery address changed", "Business details changed");
        page.Words.Split("Name changed").Should().HaveCount(2, "saving the same again is no change");
    }

    [SecurityCase("Z2", "the profile takes its own fields and no other")]
    [Test]
    public async Task Fields_the_form_does_not_have_change_nothing()
    {
        var bert = NewBuyer();
        await portal.TellAsync(connection, Deeds.Purchase(bert, $"{bert}@example.com", 700, portal.Now));
        var bertsId = (await portal.CustomerAsync($"{bert}@example.com"))!.Id.Value;
        using var browser = await SignedInAsync();
        var before = await StateAsync();
        var (action, fields) = Browser.Read(await browser.GetAsync("/profile"));

        foreach (
            var name in (string[])
                [
                    "Id",
                    "RowId",
                    "CustomerId",
                    "PublicId",
                    "Email",
                    "EmailCanonical",
                    "IsMerchant",
                    "Role",
                    "Price",
                    "Amount",
                    "Currency",
                    "Status",
                    "PaidAt",
                    "ExpiresAt",
                    "DisabledAt",
                    "FoundByEmail",
                    "Own",
                    "Version",
                    "LanguageChosenAt",
                    "PhoneNumber",
                    "LastSignInAt",
                    "CreatedAt",
                    "__proto__",
                    "form.Email",
                    "Address.Id",
                    "Customer.Email",
                    "her",
                    "saved",
                    "Errors[0].Key",
                    "Details.Name",
                ]
        )
        {
            fields[name] = name is "Email" or "EmailCanonical"
                ? "evil@example.com"
                : bertsId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        (await browser.PostAsync(action + $"?CustomerId={bertsId}&Name=Evil&Email=evil@example.com", fields)).Code.Should().Be(302);
        (await StateAsync()).Should().BeEquivalentTo(before, "she sent the form as it stood");

        fields["Name"] = "Only This";
        (await browser.PostAsync(action, fields)).Code.Should().Be(302);
        var after = await StateAsync();
        after.Keys.Where(table => after[table] != before[table]).Should().BeEquivalentTo("customers_customer", "access_activity");
        var changed = Differences(before["customers_customer"], after["customers_customer"]);
        changed.Should().BeSubsetOf(["Only This", "1"], "her name, that it is hers, and the row's version");
    }

    [SecurityCase("I1", "too long or unkeepable fields of the profile are refused")]
    [Test]
    public async Task Oversize_and_what_cannot_be_kept_is_refused()
    {
        using var browser = await SignedInAsync();
        var (action, fields) = Browser.Read(await browser.GetAsync("/profile"));
        var before = await StateAsync();

        var many = fields.Concat(Enumerable.Range(0, 10_000).Select(i => KeyValuePair.Create("f" + i, "1")));
        (await browser.PostAsync(action, many)).Code.Should().Be(400);
        fields["Name"] = new string('x', 10_240);
        (await browser.PostAsync(action, fields)).Code.Should().Be(422);
        fields["TaxId"] = new string('9', 10_240);
        fields["Address.Country"] = "DE";
        (await browser.PostAsync(action, fields)).Words.Should().Contain("It has too few or too many characters for Germany.");

        fields = Browser.Read(await browser.GetAsync("/profile")).Fields;
        fields.Remove("Name");
        foreach (var spoiled in (string[])["a\nb", "a\u001bb", "a\u0085b", "a\uffffb", "\ud800", "\udc00x", "\ufffd"])
        {
            using var content = new MultipartFormDataContent();
            foreach (var (name, value) in fields)
            {
                content.Add(new StringContent(value), name);
            }

            // Half of a surrogate pair, as bytes no encoder would write.
            var bytes = spoiled.SelectMany(c =>
                c is >= '\ud800' and < '\ue000' ? [0xED, (byte)(0xA0 | ((c >> 6) & 0x1F)), 0x80] : Encoding.UTF8.GetBytes([c])
            );
            content.Add(new ByteArrayContent([.. bytes]), "Name");
            var refused = await browser.SendAsync(HttpMethod.Post, action, content);
            refused.Code.Should().Be(422, spoiled);
            refused.Page.GetElementById("name-error")!.TextContent.Should().StartWith("This holds characters that cannot be kept", spoiled);
        }

        var rest = string.Join('&', fields.Select(f => Uri.EscapeDataString(f.Key) + "=" + Uri.EscapeDataString(f.Value)));
        using var nul = new StringContent($"Name=a%00b&{rest}", Encoding.ASCII, "application/x-www-form-urlencoded");
        (await browser.SendAsync(HttpMethod.Post, action, nul)).Code.Should().Be(400, "a form with a NUL is not read at all");
        (await StateAsync()).Should().BeEquivalentTo(before);
    }

    [Test]
    public async Task What_a_processor_told_in_part_need_not_be_completed_to_change_something_else()
    {
        NewBuyer();
        var told = new CustomerRecord
        {
            Id = "cus-half-" + Email,
            AsOf = portal.Now,
            Email = Email,
            Name = new string('n', 300),
            Address = new Address { City = "Bonn", Country = "DE" },
        };
        await portal.TellAsync(connection, told);
        using var browser = await portal.SignedInAsync(Email);

        (await SaveAsync(browser, ("Phone", "+49 30 123456"))).Code.Should().Be(302);
        (await SaveAsync(browser, ("Address.City", "Berlin"))).Code.Should().Be(422, "an address she writes is a whole one");
        (await SaveAsync(browser, ("Address.City", ""), ("TaxId", "DE136695976"))).Code.Should().Be(302, "the country is enough for a tax id");
    }

    [SecurityCase("I2", "what a buyer writes on her profile stays text")]
    [Test]
    public async Task Markup_stays_text_wherever_it_is_shown()
    {
        using var browser = await SignedInAsync();
        await SaveAsync(
            browser,
            ("Name", Markup),
            ("BusinessName", Markup),
            ("Address.Line1", Markup),
            ("Address.City", Markup),
            ("Address.Country", "IE")
        );

        var page = await browser.GetAsync("/profile");
        Browser.Read(page).Fields["Name"].Should().Be(Markup, "as typed");
        foreach (var path in (string[])["/profile", "/", "/profile/security", "/orders"])
        {
            (await browser.GetAsync(path)).Page.QuerySelectorAll("img[src=x], [onerror]").Should().BeEmpty(path);
        }
    }

    [Test]
    public async Task Another_save_at_the_same_moment_loses_nothing()
    {
        using var browser = await SignedInAsync();
        var (action, fields) = Browser.Read(await browser.GetAsync("/profile"));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => browser.PostAsync(action, new Dictionary<string, string>(fields) { ["Name"] = $"Ada {i}" }))
        );

        answers.Should().OnlyContain(a => a.Code == 302);
        (await ValueAsync(Email, "Name")).Should().MatchRegex("^Ada [0-5]$");
    }

    [Test]
    public async Task Countries_are_named_in_her_language_and_browsers_know_what_to_fill_in()
    {
        using var browser = await SignedInAsync();

        var page = (await browser.GetAsync("/profile?locale=de")).Page;

        page.QuerySelectorAll("select[name='Address.Country'] option").Select(o => o.TextContent).Should().Contain(["Deutschland", "Österreich"]);
        page.QuerySelectorAll("main [name]:not([type=hidden]):not([type=checkbox]):not([name=Language])")
            .Where(f => f.Closest("form")!.GetAttribute("action") == "/profile" && f.LocalName != "button")
            .Select(f => f.GetAttribute("autocomplete"))
            .Should()
            .Equal(
                "name",
                "tel",
                "billing address-line1",
                "billing address-line2",
                "billing postal-code",
                "billing address-level2",
                "billing address-level1",
                "billing country",
                "organization",
                "off",
                "shipping address-line1",
                "shipping address-line2",
                "shipping postal-code",
                "shipping address-level2",
                "shipping address-level1",
                "shipping country"
            );
    }

    private string Email => $"profile{buyers}@example.com";

    private string NewBuyer() => $"profile{++buyers}";

    private async Task<Browser> SignedInAsync()
    {
        var id = NewBuyer();
        await portal.TellAsync(connection, Deeds.Purchase(id, Email, 1500, portal.Now.AddDays(-3)));
        return await portal.SignedInAsync(Email);
    }

    private static async Task<Answer> SaveAsync(Browser browser, params (string Name, string Value)[] typed) =>
        await browser.SubmitAsync(await browser.GetAsync("/profile"), "form[action='/profile']", typed);

    private async Task<string?> ValueAsync(string email, string column) =>
        (await portal.ScalarAsync($"""select "{column}" from customers_customer where "Email" = '{email}'""")) is string text ? text : null;

    private async Task<List<string>> ConsentsAsync()
    {
        var her = (await portal.CustomerAsync(Email))!.Id;
        return await portal.InScopeAsync(async s =>
        {
            s.GetRequiredService<Buyer>().Is(her);
            var rows = s.GetRequiredService<PortalDb>().Set<Portal.Customers.Data.Consent>().OrderBy(c => c.Id);
            return (await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.ToListAsync(rows)).ConvertAll(c =>
                $"{c.Given} {c.Source}"
            );
        });
    }

    private async Task<SortedDictionary<string, string>> StateAsync()
    {
        var dump = await portal.DumpAsync();
        dump.Remove("access_session");
        dump.Remove("invoices_pdf_job");
        dump.Remove("notifications_outbox");
        return dump;
    }

    /// <summary>The values that are new, apart from the row's version.</summary>
    private static IEnumerable<string> Differences(string before, string after) =>
        after
            .Split('|')
            .Zip(before.Split('|'))
            .Where(pair => pair.First != pair.Second && !Guid.TryParse(pair.First, out _))
            .Select(pair => pair.First);
}
