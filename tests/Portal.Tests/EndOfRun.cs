using Portal.Tests.Support;
using Portal.TestSupport;

[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]

namespace Portal.Tests;

/// <summary>The database server ends with the tests, not some time later.</summary>
[SetUpFixture]
public sealed class EndOfRun
{
    [OneTimeTearDown]
    public async Task Stop()
    {
        await Installation.CleanUpAsync();
        await PostgresServer.StopSharedAsync();
    }
}
