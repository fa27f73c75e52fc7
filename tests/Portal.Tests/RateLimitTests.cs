using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Portal.Kernel;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Nobody tries as often as she likes.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class RateLimitTests(Db db)
{
    [TestCase("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [TestCase("203.0.113.7", "::ffff:203.0.113.7", true)]
    [TestCase("203.0.113.7", "203.0.113.8", false)]
    public async Task A_network_is_one_address_or_a_64(string first, string second, bool same)
    {
        await using var portal = await StartAsync("--RateLimits:SecretsPerMinute=2", "--Portal:TrustedProxies:0=127.0.0.1");
        using var nobody = portal.Open();
        await TryAsync(nobody, first);
        await TryAsync(nobody, first);

        (await TryAsync(nobody, second)).Code.Should().Be(same ? 429 : 410);
    }

    [Test]
    public async Task Made_up_addresses_count_from_a_trusted_proxy_only()
    {
        await using var portal = await StartAsync("--RateLimits:SecretsPerMinute=3", "--Portal:TrustedProxies:0=10.9.8.7");
        using var nobody = portal.Open();
        List<int> codes = [];
        for (var i = 0; i < 6; i++)
        {
            codes.Add((await TryAsync(nobody, $"198.51.100.{i}")).Code);
        }

        codes.Should().Equal(410, 410, 410, 429, 429, 429);
    }

    [Test]
    public async Task Every_form_of_a_buyer_has_a_limit_of_her_own()
    {
        await using var portal = await StartAsync("--RateLimits:FormsPerMinute=3");
        using var ada = await BuyerAsync(portal, "ada");
        using var bert = await BuyerAsync(portal, "bert");
        var token = await ada.TokenAsync();
        List<Answer> answers = [];
        for (var i = 0; i < 5; i++)
        {
            answers.Add(await ada.PostAsync("/profile/security/sessions/ses_none/end", [new(Browser.TokenField, token)]));
        }

        answers.Select(a => a.Code).Should().Equal(404, 404, 404, 429, 429);
        answers[^1].Title.Should().NotBeEmpty("it is a page like any other");
        answers[^1].Header("Retry-After").Should().MatchRegex("^([1-9]|[1-5][0-9]|60)$");
        (await ada.GetAsync("/")).Code.Should().Be(200, "looking is free");
        (await bert.PostAsync("/profile/security/sessions/ses_none/end", [new(Browser.TokenField, await bert.TokenAsync())])).Code.Should().Be(404);
    }

    [Test]
    public async Task Every_route_that_takes_a_secret_is_limited_and_every_form_is()
    {
        await using var portal = await StartAsync();
        var endpoints = ((IEndpointRouteBuilder)portal.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().ToList();

        endpoints.Where(TakesSecret).Select(e => e.RoutePattern.RawText).Should().Contain(["sign-in/{token}", "admin/sign-in", "admin/setup"]);
        Unlimited(endpoints).Should().BeEmpty();
    }

    [Test]
    public void A_route_without_a_limit_is_found()
    {
        Unlimited([
                Endpoint(nameof(Careless.Field)),
                Endpoint(nameof(Careless.Form)),
                Endpoint(nameof(Careless.Header)),
                Endpoint(nameof(Careless.Fine)),
            ])
            .Should()
            .Equal("Field", "Form", "Header");
        Unlimited([Endpoint("{licenseKey}", nameof(Careless.Fine))]).Should().Equal("{licenseKey}");

        static RouteEndpoint Endpoint(string pattern, string? method = null) =>
            new(
                _ => Task.CompletedTask,
                RoutePatternFactory.Parse(pattern),
                0,
                new EndpointMetadataCollection(
                    new HttpMethodMetadata(["POST"]),
                    new ControllerActionDescriptor
                    {
                        Parameters =
                        [
                            .. typeof(Careless)
                                .GetMethod(method ?? pattern)!
                                .GetParameters()
                                .Select(p => new ControllerParameterDescriptor
                                {
                                    Name = p.Name!,
                                    ParameterInfo = p,
                                    ParameterType = p.ParameterType,
                                }),
                        ],
                    }
                ),
                pattern
            );
    }

    private static IEnumerable<string?> Unlimited(IEnumerable<RouteEndpoint> endpoints) =>
        endpoints
            .Where(e => TakesSecret(e) && e.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName != Limits.Secrets)
            .Select(e => e.RoutePattern.RawText);

    /// <summary>By the names in its address, and, where it takes a form, of its fields. A page that shows the form takes nothing.</summary>
    private static bool TakesSecret(RouteEndpoint endpoint)
    {
        var names = endpoint.RoutePattern.Parameters.Select(p => p.Name);
        if (
            endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is { } action
            && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") != true
        )
        {
            names = names.Concat(action.Parameters.SelectMany(Names));
        }

        return names.Any(SecretNames.Includes);
    }

    private static IEnumerable<string> Names(Microsoft.AspNetCore.Mvc.Abstractions.ParameterDescriptor parameter) =>
        parameter
            .ParameterType.GetProperties()
            .Where(p =>
                parameter.ParameterType.Assembly != typeof(string).Assembly
                && p.SetMethod is not null
                && p.PropertyType != typeof(bool)
                && p.GetCustomAttribute<BindNeverAttribute>() is null
            )
            .Select(p => p.Name)
            .Append(parameter.Name)
            .Append(parameter.BindingInfo?.BinderModelName ?? "")
            .Append(
                ((ControllerParameterDescriptor)parameter).ParameterInfo.GetCustomAttributes().OfType<IModelNameProvider>().FirstOrDefault()?.Name
                    ?? ""
            );

    private Task<PortalUnderTest> StartAsync(params string[] settings) =>
        PortalUnderTest.StartAsync(db, new PortalSetup { Settings = settings, Clock = new FakeClock() });

    private static Task<Answer> TryAsync(Browser browser, string from) =>
        browser.GetAsync("/sign-in/" + new string('x', 43), ("X-Forwarded-For", from));

    private static async Task<Browser> BuyerAsync(PortalUnderTest portal, string name)
    {
        await portal.TellAsync((await portal.ConnectSilentAsync(name)).Id, Deeds.Purchase(name, name + "@example.com", 1000, portal.Now));
        return await portal.SignedInAsync(name + "@example.com");
    }

    /// <summary>Actions as nobody should write them, and one as it should be.</summary>
    private static class Careless
    {
        public static void Field(string code) => _ = code;

        public static void Form(Typed form) => _ = form;

        public static void Header([FromHeader(Name = "X-Api-Key")] string given) => _ = given;

        public static void Fine(string id, string postalCode) => _ = (id, postalCode);
    }

    private sealed record Typed
    {
        public string? NewPassword { get; init; }
    }
}
