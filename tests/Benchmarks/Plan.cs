using System.Globalization;

namespace Portal.Benchmarks;

/// <summary>What is measured, and with how much.</summary>
/// <param name="Portal">The published program.</param>
/// <param name="Folder">Where the filled database is kept from one run to the next.</param>
/// <param name="Customers">How many customers.</param>
/// <param name="Orders">How many orders over all of them.</param>
/// <param name="OracleOnly">Leaves out everything but the time oracle.</param>
internal sealed record Plan(string Portal, string Folder, int Customers, int Orders, bool OracleOnly)
{
    public const int Connections = 32;
    public const int Rounds = 3;
    public const int Starts = 5;

    /// <summary>Long enough for the runtime to have compiled the hot paths for good.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    /// <summary>From <c>--portal P --folder F --customers N --orders N --only oracle</c>.</summary>
    public static Plan Read(string[] args)
    {
        var given = args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        return new Plan(
            Path.GetFullPath(given.GetValueOrDefault("--portal", "artifacts/portal/portal")),
            Path.GetFullPath(given.GetValueOrDefault("--folder", "artifacts/bench")),
            int.Parse(given.GetValueOrDefault("--customers", "10000"), CultureInfo.InvariantCulture),
            int.Parse(given.GetValueOrDefault("--orders", "200000"), CultureInfo.InvariantCulture),
            given.GetValueOrDefault("--only") == "oracle"
        );
    }
}
