using System.Diagnostics;
using System.Globalization;
using Portal.TestSupport;

namespace Portal.Benchmarks;

/// <summary>
/// Whether the time of an answer tells addresses the portal knows from others. The figure is the chance that a known one's answer took
/// longer than an unknown one's: one half tells nothing, 0 or 1 everything.
/// </summary>
internal sealed class TimeOracle(Plan plan, string data, IReadOnlyDictionary<string, string> settings)
{
    private const int Samples = 2000;
    private const int WarmUp = 200;
    private const double Lowest = 0.45;
    private const double Highest = 0.55;
    private static readonly Uri SignInForm = new("sign-in", UriKind.Relative);
    private static readonly Uri CodeForm = new("sign-in/code", UriKind.Relative);

    public async Task MeasureAsync()
    {
        Console.WriteLine($"\nTime oracle, {Samples} of each kind, interleaved, over one connection; between {Lowest} and {Highest} nothing is told");
        await using (var portal = await StartAsync(new() { ["Mail:Transport"] = "Folder" }))
        {
            await CompareAsync(portal.Address, "sign-in, one address", SignInForm, One);
            await CompareAsync(portal.Address, "code, one address", CodeForm, One);
            await CompareAsync(portal.Address, "sign-in, an address each", SignInForm, Each);
            await CompareAsync(portal.Address, "code, an address each", CodeForm, Each);
        }

        await using (var portal = await StartAsync(Smtp(port: 1)))
        {
            await CompareAsync(portal.Address, "sign-in, mail server away", SignInForm, Each);
        }

        await using var silent = new SmtpSink(silent: true);
        await using (var portal = await StartAsync(Smtp(silent.Port)))
        {
            await CompareAsync(portal.Address, "sign-in, mail server silent", SignInForm, Each);
        }
    }

    private static int One(int sample) => 1;

    /// <summary>Each gets its mail; one address gets but three.</summary>
    private static int Each(int sample) => 10 + sample;

    private Task<PortalProcess> StartAsync(Dictionary<string, string> mail)
    {
        var all = settings.Concat(mail).Append(new("RateLimits:SecretsPerMinute", "1000000"));
        return PortalProcess.StartAsync(plan.Portal, data, all.GroupBy(s => s.Key).ToDictionary(g => g.Key, g => g.Last().Value));
    }

    /// <summary>Sends one form for known and unknown addresses in turns.</summary>
    /// <param name="address">Where the portal is.</param>
    /// <param name="what">What the line is called.</param>
    /// <param name="form">The page of the form.</param>
    /// <param name="numberOf">Which address the sample is about.</param>
    private static async Task CompareAsync(Uri address, string what, Uri form, Func<int, int> numberOf)
    {
        using var visitor = await SignedIn.NobodyAsync(address, form);
        string[] kinds = ["buyer", "nobod"];
        var times = kinds.ToDictionary(k => k, _ => new List<double>());
        for (var i = -WarmUp; i < Samples; i++)
        {
            Random.Shared.Shuffle(kinds);
            foreach (var kind in kinds)
            {
                var email = string.Create(CultureInfo.InvariantCulture, $"{kind}{numberOf(Math.Max(i, 0)):000000}@example.com");
                using var fields = visitor.Fields(("Email", email), ("Code", "000000"));
                var asked = Stopwatch.GetTimestamp();
                using var answer = await visitor.Http.PostAsync(form, fields);
                if (i >= 0)
                {
                    times[kind].Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                }

                if ((int)answer.StatusCode is not (302 or 422))
                {
                    throw new InvalidOperationException($"{form} answered {answer.StatusCode}.");
                }
            }
        }

        var (known, unknown) = (Sorted(times["buyer"]), Sorted(times["nobod"]));
        var figure = Auc.Of(known, unknown);
        FormattableString line =
            $"{what, -28} known {known[Samples / 2], 6:0.00} ms  unknown {unknown[Samples / 2], 6:0.00} ms  AUC {figure:0.000}{(figure is >= Lowest and <= Highest ? "" : "  TELLS")}";
        Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static Dictionary<string, string> Smtp(int port) =>
        new()
        {
            ["Mail:Transport"] = "Smtp",
            ["Mail:Host"] = "127.0.0.1",
            ["Mail:Port"] = port.ToString(CultureInfo.InvariantCulture),
            ["Mail:Security"] = "None",
        };

    private static double[] Sorted(List<double> times) => [.. times.Order()];
}
