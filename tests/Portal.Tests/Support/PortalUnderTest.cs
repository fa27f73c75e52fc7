using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Host;
using Portal.Kernel;
using Portal.Notifications.Contract;
using Portal.Processors;
using Portal.TestSupport;
using ConnectionInfo = Portal.Connections.Contract.ConnectionInfo;

namespace Portal.Tests.Support;

/// <summary>How a portal is started for a fixture.</summary>
internal sealed record PortalSetup
{
    /// <summary>Settings as <c>--Section:Key=value</c>, after the tests' own.</summary>
    public string[] Settings { get; init; } = [];

    /// <summary>Null for the real time.</summary>
    public FakeClock? Clock { get; init; }

    /// <summary>The name buyers reach it by.</summary>
    public string PublicUrl { get; init; } = PortalUnderTest.ShopUrl;

    /// <summary>Prints PDFs with the system's Chromium; without it, every issued invoice would start one.</summary>
    public bool Pdf { get; init; }

    /// <summary>Composed but not started: no pages, and no worker but the test's own.</summary>
    public bool Idle { get; init; }

    /// <summary>Changes the composition.</summary>
    public Action<IServiceCollection>? Adjust { get; init; }
}

/// <summary>The real portal on a free port, in Production, with a database and a data directory of its own.</summary>
internal sealed class PortalUnderTest : IAsyncDisposable
{
    public const string ShopUrl = "https://shop.example.test";
    private const int Remembered = 40;
    private static readonly ConcurrentQueue<string> Words = new();

    private readonly WebApplication app;
    private readonly PortalSetup setup;
    private readonly string[] database;
    private bool stopped;

    private PortalUnderTest(WebApplication app, PortalSetup setup, string[] database, TempFolder data) =>
        (this.app, this.setup, this.database, Data) = (app, setup, database, data);

    public TempFolder Data { get; }

    public Uri Address => new(app.Urls.First());

    public IServiceProvider Services => app.Services;

    public WebApplication App => app;

    public FakeClock Clock => setup.Clock ?? throw new InvalidOperationException("This portal runs in real time.");

    public DateTimeOffset Now => (setup.Clock ?? TimeProvider.System).GetUtcNow();

    /// <summary>The host's name in requests.</summary>
    public string HostName => new Uri(setup.PublicUrl).Host;

    public static async Task<PortalUnderTest> StartAsync(Db db, PortalSetup? setup = null)
    {
        var data = new TempFolder();
        return await StartAsync(setup ?? new PortalSetup(), await Installation.FreshDatabaseAsync(db, data.Path), data);
    }

    /// <summary>The last warnings of any portal, for a test that waited in vain.</summary>
    public static string LastWords() => string.Join('\n', Words);

    /// <summary>Stops this one and starts another on the same database and data.</summary>
    public async Task<PortalUnderTest> RestartAsync()
    {
        await StopAsync();
        return await StartAsync(setup, database, Data);
    }

    /// <summary>Another node on the same database and data.</summary>
    public Task<PortalUnderTest> SecondNodeAsync() => StartAsync(setup, database, Data);

    /// <summary>Runs a verb of the program on the same database and data.</summary>
    public Task<CommandLine.Run> RunAsync(params string[] arguments) => CommandLine.RunAsync(database, Data.Path, arguments);

    public Browser Open() => new(Address, HostName);

    public async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    public Task InScopeAsync(Func<IServiceProvider, Task> work) =>
        InScopeAsync(async services =>
        {
            await work(services);
            return true;
        });

    public Task<T> AskAsync<T>(Func<PortalDb, Task<T>> ask) => InScopeAsync(s => ask(s.GetRequiredService<PortalDb>()));

    /// <summary>A single value by SQL.</summary>
    public Task<object?> ScalarAsync(string sql) =>
        AskAsync(async db =>
        {
            await db.Database.OpenConnectionAsync();
#pragma warning disable CA2100 // The tests' own text.
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = sql;
#pragma warning restore CA2100
            return await command.ExecuteScalarAsync();
        });

    public async Task<long> CountAsync(string table, string where = "1=1") =>
        Convert.ToInt64(await ScalarAsync($"select count(*) from {table} where {where}"), System.Globalization.CultureInfo.InvariantCulture);

    public Task ExecuteAsync(string sql) => AskAsync(db => db.Database.ExecuteSqlRawAsync(sql));

    /// <summary>Every value of every table as text, to search through or to compare.</summary>
    public Task<SortedDictionary<string, string>> DumpAsync() =>
        AskAsync(async db =>
        {
            await db.Database.OpenConnectionAsync();
            var dump = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var table in db.Model.GetEntityTypes().Select(e => e.GetTableName()).OfType<string>().Distinct())
            {
                await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // A name of the model's.
                command.CommandText = $"select * from \"{table}\" order by 1";
#pragma warning restore CA2100
                await using var reader = await command.ExecuteReaderAsync();
                dump[table] = await ReadAllAsync(reader);
            }

            return dump;
        });

    // --- What a merchant and a processor do ------------------------------------------------------------------------

    /// <summary>Connects a processor.</summary>
    public Task<ConnectionInfo> ConnectAsync(string plugin, string name, IReadOnlyDictionary<string, string> settings, bool testMode = false) =>
        InScopeAsync(s => s.GetRequiredService<IConnections>().AddAsync(plugin, name, settings, testMode, CancellationToken.None));

    /// <summary>A Sandbox connection whose processor answers nothing: for records that are told directly.</summary>
    public Task<ConnectionInfo> ConnectSilentAsync(string name = "Silent") =>
        ConnectAsync(
            "sandbox",
            name,
            new Dictionary<string, string>
            {
                ["apiKey"] = "key",
                ["webhookSecret"] = Signatures.Secret,
                ["apiBase"] = "http://127.0.0.1:1",
            }
        );

    /// <summary>Takes in records as if the processor had told them.</summary>
    public Task TellAsync(long connection, params ProcessorRecord[] records) => TellAsync(connection, historic: false, records);

    public async Task TellAsync(long connection, bool historic, params ProcessorRecord[] records)
    {
        var waiting = await InScopeAsync(s =>
            s.GetRequiredService<IRecordIntake>().ApplyAsync(connection, records, historic, null, CancellationToken.None)
        );
        waiting.Should().BeNull("the records told are complete");
    }

    public Task<CustomerInfo?> CustomerAsync(string email) =>
        InScopeAsync(s => s.GetRequiredService<ICustomers>().FindByEmailAsync(email, CancellationToken.None));

    // --- What a buyer does ------------------------------------------------------------------------------------------

    /// <summary>The mails written so far to an address, newest first, with their texts.</summary>
    public Task<List<OutboxMailContent>> MailsAsync(string to, string? kind = null) =>
        InScopeAsync(async s =>
        {
            var outbox = s.GetRequiredService<IOutbox>();
            List<OutboxMailContent> mails = [];
            foreach (var entry in await outbox.NewestAsync(1000, CancellationToken.None))
            {
                if (entry.To == to && (kind is null || entry.Kind == kind))
                {
                    mails.Add((await outbox.FindAsync(entry.Id, CancellationToken.None))!);
                }
            }

            return mails;
        });

    /// <summary>Asks for a link and takes it from the mail.</summary>
    /// <returns>Its path: <c>/sign-in/…</c>.</returns>
    public async Task<string> LinkAsync(Browser browser, string email, string? returnTo = null) =>
        LinkIn(await SignInMailAsync(browser, email, returnTo));

    /// <summary>Asks for a mail and waits for it.</summary>
    public async Task<OutboxMailContent> SignInMailAsync(Browser browser, string email, string? returnTo = null)
    {
        var before = (await MailsAsync(email, "sign-in")).Count;

        // With a way back, since whoever is signed in and has none is sent on.
        var page = await browser.GetAsync("/sign-in?returnTo=" + Uri.EscapeDataString(returnTo ?? "/"));
        var sent = await browser.SubmitAsync(page, null, ("Email", email));
        sent.Location.Should().Be("/sign-in/sent", "{0}", sent);

        // Requests are worked at the end of their second, which a clock that stands still would never reach.
        setup.Clock?.Advance(TimeSpan.FromTicks((TimeSpan.TicksPerSecond - Now.Ticks % TimeSpan.TicksPerSecond) % TimeSpan.TicksPerSecond));
        return (await Poller.UntilAsync(() => MailsAsync(email, "sign-in"), m => m.Count > before, "the sign-in mail"))[0];
    }

    /// <summary>Until every sign-in that was asked for is decided on.</summary>
    public Task SignInsDecidedAsync() =>
        Poller.UntilAsync(async () => await CountAsync("customers_sign_in_request", "\"State\" <> 'Done'") == 0, "the requests to be worked");

    public static string LinkIn(OutboxMailContent mail)
    {
        var line = mail.Text.Split("\r\n").Single(l => l.Contains("/sign-in/", StringComparison.Ordinal));
        return new Uri(line.Trim()).AbsolutePath;
    }

    public static string CodeIn(OutboxMailContent mail) => mail.Text.Split("\r\n").Single(l => l.Length == 6 && l.All(char.IsAsciiDigit));

    /// <summary>A browser that has signed in the way people do: form, mail, link, button.</summary>
    public async Task<Browser> SignedInAsync(string email)
    {
        var browser = Open();
        var link = await LinkAsync(browser, email);
        var answer = await browser.SubmitAsync(await browser.GetAsync(link));
        answer.Location.Should().Be("/", "{0}", answer);
        return browser;
    }

    public async Task StopAsync()
    {
        if (!stopped)
        {
            stopped = true;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Installation.ForgetAsync(database);
        Data.Dispose();
    }

    private static async Task<PortalUnderTest> StartAsync(PortalSetup setup, string[] database, TempFolder data)
    {
        string[] settings =
        [
            .. database,
            "--urls=http://127.0.0.1:0",
            $"--Portal:DataDirectory={data.Path}",
            $"--Portal:PublicUrl={setup.PublicUrl}",
            $"--Plugins:Path={Installation.Plugins}",
            "--Mail:Transport=Folder",
            "--Mail:From=shop@shop.example.test",
            "--RateLimits:SecretsPerMinute=1000000",
            "--RateLimits:FormsPerMinute=1000000",
            .. setup.Pdf ? (string[])[] : [$"--Pdf:ChromiumPath={data.Combine("no-chromium")}"],
            .. setup.Settings,
        ];
        var app = PortalHost.Build(
            settings,
            serving: true,
            services =>
            {
                services.AddLogging(logs => logs.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddProvider(new Listener()));
                if (setup.Clock is { } clock)
                {
                    services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
                }

                setup.Adjust?.Invoke(services);
            }
        );
        if (!setup.Idle)
        {
            await app.StartAsync();
        }

        return new PortalUnderTest(app, setup, database, data);
    }

    private static async Task<string> ReadAllAsync(DbDataReader reader)
    {
        var text = new System.Text.StringBuilder();
        while (await reader.ReadAsync())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                var value = reader.GetValue(i);
                text.Append(value is byte[] bytes ? Convert.ToHexString(bytes) + "/" + System.Text.Encoding.Latin1.GetString(bytes) : value)
                    .Append('|');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Keeps the last warnings.</summary>
    private sealed class Listener : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Words.Enqueue(
                    formatter(state, exception)
                        + (exception is null ? "" : "\n    " + exception.ToString()[..Math.Min(900, exception.ToString().Length)])
                );
                while (Words.Count > Remembered)
                {
                    Words.TryDequeue(out _);
                }
            }
        }

        public void Dispose() { }
    }
}
