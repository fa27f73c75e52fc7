using System.Diagnostics;
using System.Globalization;

namespace Portal.Benchmarks;

/// <summary>Whether the time of an answer tells a buyer that an order is another's rather than nobody's.</summary>
internal static class IdOracle
{
    private const int Samples = 2000;
    private const int WarmUp = 200;

    /// <param name="buyer">Who asks.</param>
    /// <param name="another">Somebody else's order, as a path.</param>
    public static async Task MeasureAsync(SignedIn buyer, string another)
    {
        var nobodys = another[..^1] + (another[^1] == 'a' ? 'b' : 'a');
        string[] paths = [another, nobodys];
        var times = paths.ToDictionary(p => p, _ => new List<double>());
        for (var i = -WarmUp; i < Samples; i++)
        {
            Random.Shared.Shuffle(paths);
            foreach (var path in paths)
            {
                var asked = Stopwatch.GetTimestamp();
                using var answer = await buyer.Http.GetAsync(new Uri(path, UriKind.Relative));
                if (i >= 0)
                {
                    times[path].Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                }

                if ((int)answer.StatusCode != 404)
                {
                    throw new InvalidOperationException($"{path} answered {answer.StatusCode}.");
                }
            }
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\nTime oracle, another's order against none, {Samples} of each in turns: AUC {Auc.Of(times[another], times[nobodys]):0.000}; between 0.45 and 0.55 nothing is told"
            )
        );
    }
}
