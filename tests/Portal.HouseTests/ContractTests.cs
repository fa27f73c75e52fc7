using Portal.Processors;

namespace Portal.HouseTests;

/// <summary>What plugin authors compile against does not change unseen: PublicApi.txt changes with it, and a reviewer reads that.</summary>
public sealed class ContractTests
{
    private static readonly string Locked = Path.Combine(House.Root, "src/Modules/ProcessorContract/PublicApi.txt");

    [Test]
    public void The_contract_is_what_was_agreed_on()
    {
        var actual = string.Join('\n', PublicSurface.Of(typeof(IProcessorPlugin).Assembly.GetExportedTypes())) + "\n";
        if (Environment.GetEnvironmentVariable("PORTAL_ACCEPT_API") == "1")
        {
            File.WriteAllText(Locked, actual);
        }

        var agreed = File.Exists(Locked) ? File.ReadAllText(Locked) : "";
        if (actual != agreed)
        {
            var (before, now) = (agreed.Split('\n'), actual.Split('\n'));
            Assert.Fail(
                "The contract has changed; a plugin built against an earlier one must still load.\n"
                    + string.Join('\n', before.Except(now).Select(l => "- " + l).Concat(now.Except(before).Select(l => "+ " + l)))
                    + "\nIf that is meant: PORTAL_ACCEPT_API=1 dotnet test tests/Portal.HouseTests, and commit PublicApi.txt."
            );
        }
    }

    [Test]
    public void A_change_is_seen()
    {
        var surface = string.Join('\n', PublicSurface.Of([typeof(Sample), typeof(Sample.Copied), typeof(Sample.Kind)]));

        surface
            .Should()
            .Be(
                """
                abstract class Portal.HouseTests.ContractTests.Sample : IDisposable
                  const int Most = 3
                  required string? Name { get; init; }
                  IReadOnlyList<string?> Rows { get; }
                  .ctor()
                  void Dispose()
                  virtual Task<T> FindAsync<T>(string id, int page = 1, CancellationToken ct = default)

                sealed record Portal.HouseTests.ContractTests.Sample.Copied
                  required string Name { get; init; }
                  .ctor()

                enum Portal.HouseTests.ContractTests.Sample.Kind
                  None = 0
                  Some = 1
                """.ReplaceLineEndings("\n")
            );
    }

    public abstract class Sample : IDisposable
    {
        public const int Most = 3;

        public sealed record Copied
        {
            public required string Name { get; init; }
        }

        public enum Kind
        {
            None,
            Some,
        }

        public required string? Name { get; init; }

        public IReadOnlyList<string?> Rows { get; private set; } = [];

        public void Dispose() => GC.SuppressFinalize(this);

        public virtual Task<T> FindAsync<T>(string id, int page = 1, CancellationToken ct = default) => throw new NotSupportedException(id);

        internal static void Unseen() { }
    }
}
