using Portal.TestSupport;

[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]

namespace Portal.Tests;

/// <summary>The database server ends with the tests, not some time later.</summary>
[SetUpFixture]
public sealed class EndOfRun
{
    [OneTimeTearDown]
    public Task Stop() => PostgresServer.StopSharedAsync();
}
