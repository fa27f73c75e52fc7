using Microsoft.Extensions.DependencyInjection;
using Portal.Customers.Data;
using Portal.Host.Commands;
using Portal.Invoices.Contract;
using Portal.Orders.Contract;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Every route of the portal against who may use it. A route that is not thought of here fails.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class RouteTests(Db db)
{
    /// <summary>What the id in a buyer's route names.</summary>
    private static readonly Dictionary<string, string> Named = new()
    {
        ["/orders/{id}"] = "ord",
        ["/payments/{id}"] = "pay",
        ["/subscriptions/{id}"] = "sub",
        ["/subscriptions/{id}/cancel"] = "sub",
        ["/subscriptions/{id}/undo-cancel"] = "sub",
        ["/subscriptions/{id}/payment-method"] = "sub",
        ["/invoices/{id}"] = "inv",
        ["/invoices/{id}.pdf"] = "inv",
        ["/invoices/{id}/processor-file"] = "inv",
        ["/invoices/for/{orderId}"] = "ord",
        ["/profile/security/sessions/{id}/end"] = "ses",
        ["/profile/security/passkeys/{id}"] = "psk",
        ["/profile/security/passkeys/{id}/remove"] = "psk",
        ["/profile/emails/{id}/remove"] = "adr",
        ["/profile/data/exports/{id}"] = "exp",
        ["/profile/data/link/{token}"] = "exl",
    };

    /// <summary>Own things that need not be there: nothing more to see than with another's id.</summary>
    private static readonly string[] MayBeMissing = ["/invoices/{id}/processor-file"];

    /// <summary>Routes that change something without an anti-forgery token, each because no cookie counts there.</summary>
    private static readonly string[] Exempt = ["/webhooks/{plugin}/{connectionId}"];

    /// <summary>Leads back to where a second factor is set up while there is none.</summary>
    private static readonly string[] OnlyWithSecondFactor = ["/admin/security/recovery-codes", "/admin/security/recovery-codes.txt"];

    private PortalUnderTest portal = null!;
    private Browser ada = null!;
    private Dictionary<string, string> adas = null!;
    private Dictionary<string, string> berts = null!;

    private IReadOnlyList<RouteRow> Routes => RoutesCommand.Read(portal.App);

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db);
        var connection = (await portal.ConnectSilentAsync()).Id;
        adas = await SellAsync(connection, "ada");
        berts = await SellAsync(connection, "bert");
        ada = await portal.SignedInAsync("ada@example.com");
        using var bert = await portal.SignedInAsync("bert@example.com");
        (adas["adr"], berts["adr"]) = (await FurtherEmailAsync("ada"), await FurtherEmailAsync("bert"));
        adas["ses"] = await SessionAsync("ada@example.com");
        berts["ses"] = await SessionAsync("bert@example.com");
        adas["psk"] = await PasskeyAsync(ada);
        berts["psk"] = await PasskeyAsync(bert);
        (adas["exp"], adas["exl"]) = await ExportAsync(ada, "ada@example.com");
        (berts["exp"], berts["exl"]) = await ExportAsync(bert, "bert@example.com");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        ada.Dispose();
        await portal.DisposeAsync();
    }

    [SecurityCase("Z1", "a new route with an id fails until it is in the matrix")]
    [Test]
    public void Every_route_of_a_buyer_with_an_id_is_known_here() =>
        Routes
            .Where(r => r.Audience == "buyer" && r.Pattern.Contains('{', StringComparison.Ordinal))
            .Select(r => r.Pattern)
            .Distinct()
            .Should()
            .BeEquivalentTo(Named.Keys);

    [SecurityCase("Z1", "another's id, one of another kind and a random one: the same answer, nothing changed")]
    [Test]
    public async Task Anothers_thing_answers_exactly_like_one_that_is_not_there()
    {
        var token = await ada.TokenAsync();
        var before = await StateAsync();
        foreach (var route in Routes.Where(r => Named.ContainsKey(r.Pattern)))
        {
            var kind = Named[route.Pattern];
            var another = await AskAsync(route, berts[kind], token);
            var wrongKind = await AskAsync(route, berts[kind == "ord" ? "pay" : "ord"], token);
            var nothing = await AskAsync(route, $"{kind}_0123456789abcdefghijkl", token);
            foreach (var odd in (string[])["1", "0", "-1", berts[kind][..^1], berts[kind] + "x", berts[kind].ToUpperInvariant()])
            {
                Describe(await AskAsync(route, odd, token)).Should().Be(Describe(nothing), "{0} of {1}", odd, route);
            }

            Describe(another).Should().Be(Describe(nothing), "{0}", route);
            Describe(wrongKind).Should().Be(Describe(nothing), "{0}", route);
            nothing.Code.Should().Be(404, "{0}", route);
        }

        (await StateAsync()).Should().BeEquivalentTo(before);
    }

    [SecurityCase("Z1", "her own id opens every one of them")]
    [Test]
    public async Task Her_own_things_are_there()
    {
        foreach (var route in Routes.Where(r => Named.ContainsKey(r.Pattern) && r.Verb == "GET" && !MayBeMissing.Contains(r.Pattern)))
        {
            var own = await AskAsync(route, adas[Named[route.Pattern]], "");
            own.Code.Should().BeOneOf([200, 503], "{0} is hers; without Chromium only the PDF is missing", route);
        }
    }

    [SecurityCase("Z1", "nobody, a session that is over and a merchant's session open nothing of a buyer's")]
    [Test]
    public async Task Nobody_is_sent_to_sign_in()
    {
        using var nobody = portal.Open();
        using var over = await portal.SignedInAsync("ada@example.com");
        var (cookie, lastToken) = (over.Cookies[Browser.SessionCookie], await over.TokenAsync());
        await over.SubmitAsync(await over.GetAsync("/"), "form[action='/sign-out']");
        using var merchant = await portal.SignedInMerchantAsync();
        foreach (var (browser, token) in ((Browser, string)[])[(nobody, await nobody.TokenAsync()), (over, lastToken), (merchant, lastToken)])
        {
            foreach (var route in Routes.Where(r => r.Audience == "buyer"))
            {
                if (browser == over)
                {
                    over.Cookies[Browser.SessionCookie] = cookie;
                }

                var answer = await AskAsync(route, Named.TryGetValue(route.Pattern, out var kind) ? adas[kind] : "", token, browser);
                answer.Code.Should().Be(302, "{0}", route);
                answer.Location.Should().StartWith("/sign-in", "{0}", route);
            }
        }
    }

    [SecurityCase("Z3", "no merchant's page for nobody or a buyer, of every verb it has")]
    [Test]
    public async Task A_merchants_page_is_never_shown_to_anybody_else()
    {
        using var nobody = portal.Open();
        var before = await StateAsync();
        foreach (var route in Routes.Where(r => r.Audience == "merchant"))
        {
            foreach (var browser in (Browser[])[nobody, ada])
            {
                var token = await browser.TokenAsync();
                var answer = await AskAsync(route, "con_0123456789abcdefghijkl", token, browser);
                answer.Code.Should().Be(302, "{0}", route);
                answer.Location.Should().StartWith("/admin/sign-in", "{0}", route);
            }
        }

        (await StateAsync()).Should().BeEquivalentTo(before);
    }

    [Test]
    [SecurityCase("Z3", "nor however the path is written, whatever the verb, whichever header claims another path or verb: raw requests")]
    public async Task No_spelling_of_a_merchants_path_opens_it()
    {
        var cookie = "Cookie: " + string.Join("; ", ada.Cookies.Select(c => $"{c.Key}={c.Value}"));
        var before = await StateAsync();
        foreach (var path in Routes.Where(r => r.Audience == "merchant").Select(r => Fill(r.Pattern, "x")).Distinct())
        {
            (string Verb, string Path)[] tries =
            [
                .. ((string[])["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]).Select(v => (v, path)),
                .. (
                    (string[])
                        [
                            path + "/",
                            "/" + path,
                            path + ";x",
                            path + "%2f",
                            path + "/.",
                            path.Replace("/admin", "/%61dmin", StringComparison.Ordinal),
                            path.Replace("/admin", "/%2561dmin", StringComparison.Ordinal),
                            path.Replace("/admin", "/./admin", StringComparison.Ordinal),
                            path.Replace("/admin", "/admin%2e", StringComparison.Ordinal),
                            path.Replace("/admin", "\\admin", StringComparison.Ordinal),
                            path.ToUpperInvariant(),
                            "/orders/.." + path,
                            "/orders/%2e%2e" + path,
                            "http://evil.test" + path,
                        ]
                ).Select(p => ("GET", p)),
            ];
            foreach (var (verb, target) in tries)
            {
                var answer = await Wire.AskAsync(
                    portal.Address,
                    portal.HostName,
                    verb,
                    target,
                    cookie,
                    "X-HTTP-Method-Override: GET",
                    "X-Original-URL: " + path,
                    "X-Rewrite-URL: " + path
                );
                answer.Code.Should().BeOneOf([302, 400, 404, 405], "{0} {1}", verb, target);
                if (answer.Code == 302)
                {
                    answer.Header("Location").Should().StartWith("/admin/sign-in", "{0} {1}", verb, target);
                }
            }
        }

        (await StateAsync()).Should().BeEquivalentTo(before);
    }

    [Test]
    [SecurityCase("Z3", "a merchant's session opens every one of them, so the others were really refused; set-up is gone once done")]
    public async Task A_merchant_gets_in_and_set_up_is_over()
    {
        using var merchant = await portal.SignedInMerchantAsync();
        foreach (var route in Routes.Where(r => r is { Audience: "merchant", Verb: "GET" } && !OnlyWithSecondFactor.Contains(r.Pattern)))
        {
            var path = Fill(route.Pattern, "x");
            (await merchant.GetAsync(path)).Code.Should().Be(route.Pattern.Contains('{', StringComparison.Ordinal) ? 404 : 200, "{0}", route);
        }

        using var nobody = portal.Open();
        (await merchant.GetAsync("/admin/setup")).Code.Should().Be(404);
        (await nobody.GetAsync("/admin/setup")).Code.Should().Be(404);
    }

    [SecurityCase("E3", "every changing route but webhooks wants a token")]
    [Test]
    public void Every_route_that_changes_something_wants_an_anti_forgery_token() =>
        Routes.Where(r => r.Verb is not ("GET" or "HEAD" or "OPTIONS") && !r.Antiforgery).Select(r => r.Pattern).Should().BeEquivalentTo(Exempt);

    [SecurityCase("E3", "no token, another's, a blank one or another content type: refused, nothing changed")]
    [Test]
    public async Task Without_its_own_anti_forgery_token_nothing_is_changed()
    {
        using var nobody = portal.Open();
        var anothers = await nobody.TokenAsync();
        var before = await StateAsync();
        foreach (var route in Routes.Where(r => r.Antiforgery && r.Audience != "merchant"))
        {
            var path = Fill(route.Pattern, Named.TryGetValue(route.Pattern, out var kind) ? adas[kind] : "x");
            var method = new HttpMethod(route.Verb);
            foreach (
                var fields in (KeyValuePair<string, string>[][])
                    [
                        [],
                        [new(Browser.TokenField, anothers)],
                        [new(Browser.TokenField, "")],
                    ]
            )
            {
                using var content = new FormUrlEncodedContent([.. fields, new("Email", "ada@example.com")]);
                (await ada.SendAsync(method, path, content)).Code.Should().Be(400, "{0}", route);
            }

            using var text = new StringContent("Email=ada@example.com");
            (await ada.SendAsync(method, path, text)).Code.Should().Be(400, "{0}", route);
        }

        (await StateAsync()).Should().BeEquivalentTo(before);
        (await ada.GetAsync("/")).Code.Should().Be(200, "she was not signed out either");
    }

    [SecurityCase("E3", "no page changes anything by being looked at")]
    [Test]
    public async Task Looking_at_every_page_changes_nothing()
    {
        var before = await StateAsync();
        foreach (var route in Routes.Where(r => r.Verb == "GET" && r.Audience is "buyer" or "public"))
        {
            await AskAsync(route, Named.TryGetValue(route.Pattern, out var kind) ? adas[kind] : "x", "");
        }

        var after = await StateAsync();
        before.Remove("access_activity");
        after.Remove("access_activity").Should().BeTrue("that her data was fetched is a line in her log");
        after.Should().BeEquivalentTo(before);
    }

    private async Task<string> FurtherEmailAsync(string name)
    {
        var customer = (await portal.CustomerAsync($"{name}@example.com"))!.Id;
        return await portal.AskAsync(async data =>
        {
            var email = new CustomerEmail(customer, $"{name}.further@example.com", EmailOrigin.Buyer, portal.Now);
            data.Add(email);
            await data.SaveChangesAsync();
            return email.PublicId;
        });
    }

    private async Task<string> SessionAsync(string email) =>
        (string)
            (
                await portal.ScalarAsync(
                    $"""select "PublicId" from access_session where "Subject" = {(await portal.CustomerAsync(email))!.Id} order by "Id" desc"""
                )
            )!;

    private async Task<string> PasskeyAsync(Browser browser)
    {
        await browser.AddPasskeyAsync();
        return (string)(await portal.ScalarAsync("select \"PublicId\" from access_passkey order by \"Id\" desc"))!;
    }

    private async Task<(string Id, string Token)> ExportAsync(Browser browser, string email)
    {
        var link = await portal.ExportedAsync(browser, email);
        var her = (await portal.CustomerAsync(email))!.Id;
        var id = (string)(await portal.ScalarAsync($"""select "PublicId" from customers_data_export where "CustomerId" = {her}"""))!;
        return (id, link["/profile/data/link/".Length..]);
    }

    private async Task<Answer> AskAsync(RouteRow route, string id, string token, Browser? browser = null)
    {
        using var content = route.Verb == "GET" ? null : new FormUrlEncodedContent([new(Browser.TokenField, token)]);
        return await (browser ?? ada).SendAsync(new HttpMethod(route.Verb), Fill(route.Pattern, id), content);
    }

    private static string Fill(string pattern, string id) => System.Text.RegularExpressions.Regex.Replace(pattern, "{[^}]*}", id);

    private static string Describe(Answer answer) =>
        string.Join(
            '\n',
            [
                $"{answer.Code} {answer.Location}",
                .. answer
                    .Headers.Where(h => h.Key != "Date")
                    .OrderBy(h => h.Key, StringComparer.Ordinal)
                    .Select(h => $"{h.Key}: {string.Join(',', h.Value)}"),
                answer.Masked,
            ]
        );

    /// <summary>All rows but those that time alone changes: when a session was last seen, and attempts at what cannot be done here.</summary>
    private async Task<SortedDictionary<string, string>> StateAsync()
    {
        var dump = await portal.DumpAsync();
        dump.Remove("access_session");
        dump.Remove("invoices_pdf_job");
        dump.Remove("notifications_outbox");
        return dump;
    }

    private async Task<Dictionary<string, string>> SellAsync(long connection, string name)
    {
        var email = $"{name}@example.com";
        await portal.TellAsync(
            connection,
            [.. Deeds.Purchase(name, email, 2500, portal.Now.AddDays(-1)), Deeds.Subscription(name, email, portal.Now)]
        );
        var things = new Dictionary<string, string>();
        foreach (var (kind, table) in ((string, string)[])[("ord", "orders_order"), ("pay", "orders_payment"), ("sub", "subscriptions_subscription")])
        {
            things[kind] = (string)(await portal.ScalarAsync($"""select "PublicId" from {table} where "ProcessorId" = '{kind}-{name}'"""))!;
        }

        things["inv"] = await portal.InScopeAsync(async s =>
        {
            var customer = (await s.GetRequiredService<Portal.Customers.Contract.ICustomers>().FindByEmailAsync(email, CancellationToken.None))!.Id;
            var order = await s.GetRequiredService<IOrders>().NewestPaidAsync(customer, CancellationToken.None);
            return (await s.GetRequiredService<IInvoices>().IssueAsync(order!.Id, CancellationToken.None))!;
        });
        return things;
    }
}
