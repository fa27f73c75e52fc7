using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Host.Mvc;
using Portal.Kernel;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Counting who tries, without a portal around it.</summary>
[NonParallelizable]
public sealed class RateCounterTests
{
    [Test]
    public void Twenty_tries_a_minute_are_free_wherever_the_minute_begins()
    {
        var clock = new FakeClock();
        for (var start = 0; start < 60; start += 7)
        {
            clock.Advance(TimeSpan.FromSeconds(start + 60));
            var counter = new RateCounter(clock);
            for (var tries = 0; tries < 20; tries++)
            {
                counter.Take("ada", 20).Should().BeNull();
                clock.Advance(TimeSpan.FromSeconds(1));
            }

            var wait = counter.Take("ada", 20);
            wait.Should().NotBeNull().And.Subject.As<TimeSpan>().Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
            counter.Take("bert", 20).Should().BeNull("others are not held up");
            clock.Advance(wait!.Value);
            counter.Take("ada", 20).Should().BeNull("after the time told she may try again");
        }
    }

    [SecurityCase("S6", "a million made-up networks cost little memory and lock nobody out")]
    [Test]
    public async Task A_million_networks_fit_into_little_memory_and_lock_nobody_out()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(new FakeClock())
            .AddSingleton(Options.Create(new RateLimitOptions()))
            .BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        app.UseRateLimits();
        app.Run(_ => Task.CompletedTask);
        var limiter = app.Build();
        var taking = new Endpoint(null, new EndpointMetadataCollection(new EnableRateLimitingAttribute(Limits.Secrets)), "takes a secret");

        for (var network = 0; network < 1_000_000; network++)
        {
            await Ask(network % 2 == 0 ? new IPAddress(network) : V6(network));
        }

        var grown = (GC.GetTotalMemory(forceFullCollection: true) - before) / (1024.0 * 1024);
        TestContext.Out.WriteLine($"1,000,000 networks: {grown:0.00} MB more");
        grown.Should().BeLessThan(50);
        List<int> codes = [];
        for (var tries = 0; tries < 22; tries++)
        {
            codes.Add(await Ask(IPAddress.Parse("203.0.113.7")));
        }

        codes.Count(c => c == 200).Should().BeInRange(17, 20, "a network that did nothing yet has its tries, all but a few");
        codes[^1].Should().Be(429);

        async Task<int> Ask(IPAddress address)
        {
            var context = new DefaultHttpContext { Connection = { RemoteIpAddress = address } };
            context.Request.Method = "POST";
            context.SetEndpoint(taking);
            await limiter(context);
            return context.Response.StatusCode;
        }

        static IPAddress V6(int network) => new([0x20, 0x01, 0x0d, 0xb8, .. BitConverter.GetBytes(network), 0, 0, 0, 0, 0, 0, 0, 1]);
    }
}
