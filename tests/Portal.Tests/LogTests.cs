using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Tests.Support;

namespace Portal.Tests;

/// <summary>However much an operator logs, no line holds what signs somebody in.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class LogTests(Db db)
{
    [TestCase("--Logging:LogLevel:Default=Trace")]
    [TestCase("--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace")]
    [TestCase("--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Trace")]
    public async Task Tokens_are_in_no_line(params string[] settings)
    {
        using var lines = new Lines();
        await using var portal = await PortalUnderTest.StartAsync(
            db,
            new PortalSetup { Settings = settings, Adjust = services => services.AddLogging(logs => logs.AddProvider(lines)) }
        );
        await portal.TellAsync((await portal.ConnectSilentAsync()).Id, Deeds.Purchase("1", "ada@example.com", 1000, portal.Now));
        using var ada = portal.Open();
        var link = await portal.LinkAsync(ada, "ada@example.com");
        var token = link.Split('/')[^1];
        await ada.SubmitAsync(await ada.GetAsync(link));
        await ada.GetAsync("/");
        await ada.GetAsync(link);
        await ada.SendAsync(HttpMethod.Put, link, null);
        await ada.GetAsync(link + "/further");
        await ada.PostAsync("/profile/security/sign-out-everywhere", [new(Browser.TokenField, await ada.TokenAsync())]);

        lines.All.Should().Contain(l => l.Contains("Debug", StringComparison.Ordinal), "the lines are seen at all");
        lines.All.Where(l => l.Contains(token, StringComparison.Ordinal)).Should().BeEmpty();
        lines.All.Where(l => ada.Cookies.Values.Any(c => l.Contains(c, StringComparison.Ordinal))).Should().BeEmpty();
    }

    /// <summary>Every line with its values and with what was put around it.</summary>
    private sealed class Lines : ILoggerProvider, ISupportExternalScope
    {
        private readonly ConcurrentQueue<string> all = new();
        private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

        public IReadOnlyCollection<string> All => all;

        public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

        public void Dispose() { }

        private sealed class Line(Lines lines, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => lines.scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            )
            {
                var text = $"{logLevel} {category} {formatter(state, exception)} {exception} {Values(state)}";
                lines.scopes.ForEachScope((scope, _) => text += " " + scope + Values(scope), 0);
                lines.all.Enqueue(text);
            }

            private static string Values(object? state) =>
                state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values.Select(v => $"{v.Key}={v.Value}")) : "";
        }
    }
}
