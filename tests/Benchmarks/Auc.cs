namespace Portal.Benchmarks;

/// <summary>The chance that one of the first takes longer than one of the second: one half tells nothing, 0 or 1 everything.</summary>
internal static class Auc
{
    public static double Of(IReadOnlyCollection<double> first, IReadOnlyCollection<double> second)
    {
        var sorted = second.Order().ToArray();
        var pairs = first.Sum(time => (Below(sorted, time, orEqual: false) + Below(sorted, time, orEqual: true)) / 2d);
        return pairs / first.Count / second.Count;
    }

    private static int Below(double[] sorted, double time, bool orEqual)
    {
        var (from, to) = (0, sorted.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = sorted[middle] < time || (orEqual && sorted[middle] <= time) ? (middle + 1, to) : (from, middle);
        }

        return from;
    }
}
