using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Portal.TestSupport;

namespace Portal.Benchmarks;

/// <summary>One run: everything side by side on the same machine in the same minutes, since absolute figures alone say little.</summary>
internal sealed partial class Run(Plan plan)
{
    private readonly string data = Path.Combine(plan.Folder, string.Create(CultureInfo.InvariantCulture, $"data-{plan.Customers}-{plan.Orders}"));
    private readonly Dictionary<string, string> settings = new()
    {
        // As in production, where the defaults of a demo do not hold.
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["Portal:PublicUrl"] = "http://localhost",
        ["Mail:Transport"] = "Folder",
        ["Logging:LogLevel:Default"] = "Warning",
    };

    public async Task DoAsync()
    {
        Say($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {plan.Customers:N0} customers, {plan.Orders:N0} orders, SQLite");
        await FillAsync();
        if (!plan.OracleOnly)
        {
            await MeasurePagesAsync();
            await MeasureStartAsync();
        }

        await new TimeOracle(plan, data, settings).MeasureAsync();
    }

    private async Task FillAsync()
    {
        var done = Path.Combine(data, "filled");
        if (!File.Exists(done))
        {
            if (Directory.Exists(data))
            {
                Directory.Delete(data, recursive: true); // A fill that was broken off.
            }

            Directory.CreateDirectory(data);
            var began = Stopwatch.GetTimestamp();
            await PortalProcess.RunAsync(
                plan.Portal,
                data,
                settings,
                "demo",
                "--customers",
                plan.Customers.ToString(CultureInfo.InvariantCulture),
                "--orders",
                plan.Orders.ToString(CultureInfo.InvariantCulture),
                "--seed",
                "1"
            );
            await File.WriteAllTextAsync(done, Stopwatch.GetElapsedTime(began).TotalSeconds.ToString("0", CultureInfo.InvariantCulture));
        }

        Say($"Filled in {await File.ReadAllTextAsync(done)} s ({done} keeps it for the next run)");
    }

    private async Task MeasurePagesAsync()
    {
        await using var portal = await PortalProcess.StartAsync(plan.Portal, data, settings);
        Task<string> Command(string[] arguments) => PortalProcess.RunAsync(plan.Portal, data, settings, arguments);
        var seldom = Random.Shared.Next(1, plan.Customers);
        using var often = await SignedIn.AsAsync(portal.Address, EmailOf(0), Command);
        using var few = await SignedIn.AsAsync(portal.Address, EmailOf(seldom), Command);

        var page = new Uri("orders", UriKind.Relative);
        using var bare = BarePage.Start((await often.GetAsync("orders")).Length);
        using var visitor = SignedIn.Client(bare.Address);
        (string Name, HttpClient Http, Load Load)[] measured =
        [
            ("bare Kestrel page", visitor, new Load()),
            ("/orders, thousands of them", often.Http, new Load()),
            ("/orders, a handful", few.Http, new Load()),
        ];
        foreach (var (_, http, _) in measured)
        {
            await UntilItAnswersAsync(http, page);
            await new Load().AddAsync(http, page, Plan.WarmUp);
        }

        // In turns, so that a busy moment of the machine meets all of them.
        for (var round = 0; round < Plan.Rounds; round++)
        {
            foreach (var (_, http, load) in measured)
            {
                await load.AddAsync(http, page, Plan.Round);
            }
        }

        var first = measured[0].Load;
        Say($"\n{Plan.Connections} connections, {Plan.Rounds} rounds of {Plan.Round.TotalSeconds:0} s each, in turns");
        Say($"{"", -28} {"bytes", 8} {"requests/s", 11} {"p50 ms", 8} {"p99 ms", 8} {"of bare", 8}");
        foreach (var (name, _, load) in measured)
        {
            Say(
                $"{name, -28} {load.Size, 8:N0} {load.PerSecond, 11:N0} {load.Percentile(0.5), 8:N1} {load.Percentile(0.99), 8:N1} {load.PerSecond / first.PerSecond, 8:P1}"
            );
        }

        Say($"\nMemory after that load: {MemoryOf(portal.Id):N0} MB");
        await IdOracle.MeasureAsync(often, OrderLink().Match(await few.GetAsync("orders")).Value);
        await MeasurePdfAsync(few);
    }

    /// <summary>Through the product: the invoice is issued, printed, stored and downloaded.</summary>
    private static async Task MeasurePdfAsync(SignedIn buyer)
    {
        const int Parallel = 2;
        var orders = OrderLink().Matches(await buyer.GetAsync("orders")).Select(m => m.Value).Distinct().ToList();
        var page = await buyer.GetAsync("subscriptions");
        var first = true;
        var (made, began) = (0, Stopwatch.GetTimestamp());
        foreach (var pair in orders.Chunk(Parallel))
        {
            made += (await Task.WhenAll(pair.Select(order => MakeAsync(buyer, order, page)))).Count(done => done);
            if (first)
            {
                // The first ones started the browser.
                (first, made, began) = (false, 0, Stopwatch.GetTimestamp());
            }
        }

        var took = Stopwatch.GetElapsedTime(began);
        Say(
            $"PDF: {made} invoices issued, printed and downloaded in {took.TotalSeconds:0.0} s, {made / took.TotalSeconds:0.0} a second, {Parallel} at a time, warm"
        );
    }

    private static async Task<bool> MakeAsync(SignedIn buyer, string order, string page)
    {
        using var made = await buyer.PostAsync("invoices/for/" + order["/orders/".Length..], page);
        if (made.Headers.Location?.OriginalString is not { } invoice || !invoice.StartsWith("/invoices/", StringComparison.Ordinal))
        {
            return false; // Not paid, so not invoiced.
        }

        await buyer.GetAsync(invoice + ".pdf");
        return true;
    }

    /// <summary>As <c>./build.sh run</c> starts it: with the demo, its database there already.</summary>
    private async Task MeasureStartAsync()
    {
        using var folder = new TempFolder();
        var demo = new Dictionary<string, string> { ["Portal:Demo"] = "true" };
        TimeSpan first;
        await using (var portal = await PortalProcess.StartAsync(plan.Portal, folder.Path, demo))
        {
            await portal.SaidAsync(BooksRead());
            first = portal.ReadyAfter;
        }

        await EvictAsync(Path.GetDirectoryName(plan.Portal)!);
        var cold = await StartAsync(folder.Path, demo);
        List<TimeSpan> warm = [];
        while (warm.Count < Plan.Starts)
        {
            warm.Add(await StartAsync(folder.Path, demo));
        }

        var median = warm.Order().ElementAt(Plan.Starts / 2);
        Say($"\nFrom start to /health/ready: first {first.TotalSeconds:0.00} s, making the database");
        Say($"                             second, cold {cold.TotalSeconds:0.00} s");
        Say($"                             second, warm {median.TotalSeconds:0.00} s (median of {Plan.Starts})");

        await using var resting = await PortalProcess.StartAsync(plan.Portal, folder.Path, demo);
        await resting.SaidAsync(BooksRead());
        Say($"Memory at rest: {await RestingMemoryAsync(resting.Id):N0} MB (the demo, after reading the Sandbox's books)");
    }

    private async Task<TimeSpan> StartAsync(string folder, Dictionary<string, string> demo)
    {
        await using var portal = await PortalProcess.StartAsync(plan.Portal, folder, demo);
        return portal.ReadyAfter;
    }

    /// <summary>Takes the program's files out of the page cache, as after a reboot; the runtime's own stay.</summary>
    private static async Task EvictAsync(string folder)
    {
        if (OperatingSystem.IsLinux())
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                using var dd = Process.Start(new ProcessStartInfo("dd", ["if=" + file, "iflag=nocache", "count=0", "status=none"]))!;
                await dd.WaitForExitAsync();
            }
        }
    }

    private static async Task UntilItAnswersAsync(HttpClient http, Uri page)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(page);
                return;
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    /// <summary>Once it has stopped changing.</summary>
    private static async Task<double> RestingMemoryAsync(int process)
    {
        const int AtMost = 20;
        using var each = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var (before, now) = (0d, MemoryOf(process));
        for (var second = 0; second < AtMost && Math.Abs(now - before) > 1; second++)
        {
            await each.WaitForNextTickAsync();
            (before, now) = (now, MemoryOf(process));
        }

        return now;
    }

    private static double MemoryOf(int process)
    {
        using var running = Process.GetProcessById(process);
        return running.WorkingSet64 / 1024d / 1024d;
    }

    private static string EmailOf(int customer) => string.Create(CultureInfo.InvariantCulture, $"buyer{customer:000000}@example.com");

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"/orders/ord_\w+")]
    private static partial Regex OrderLink();

    [GeneratedRegex("The Sandbox processor answers at")]
    private static partial Regex BooksRead();
}
