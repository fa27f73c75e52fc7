using System.Diagnostics;

namespace Portal.Benchmarks;

/// <summary>How one page answered.</summary>
internal sealed class Load
{
    private readonly List<double> milliseconds = [];
    private TimeSpan measured;

    /// <summary>Of the page, in bytes.</summary>
    public int Size { get; private set; }

    public double PerSecond => milliseconds.Count / measured.TotalSeconds;

    /// <summary>The time within which this share of the requests was answered.</summary>
    public double Percentile(double share)
    {
        milliseconds.Sort();
        return milliseconds[(int)Math.Min(milliseconds.Count - 1, milliseconds.Count * share)];
    }

    /// <summary>Asks for a page over and over on all connections, as fast as it comes, for as long as said.</summary>
    public async Task AddAsync(HttpClient http, Uri page, TimeSpan duration)
    {
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, Plan.Connections).Select(_ => Task.Run(() => AskAsync(http, page, began, duration))));
        measured += Stopwatch.GetElapsedTime(began);
        foreach (var (times, size) in all)
        {
            milliseconds.AddRange(times);
            Size = size;
        }
    }

    private static async Task<(List<double> Times, int Size)> AskAsync(HttpClient http, Uri page, long began, TimeSpan duration)
    {
        List<double> times = [];
        var size = 0;
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            var asked = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync(page);
            answer.EnsureSuccessStatusCode();
            size = (await answer.Content.ReadAsByteArrayAsync()).Length;
            times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        return (times, size);
    }
}
