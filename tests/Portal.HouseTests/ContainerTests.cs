using Microsoft.Extensions.DependencyInjection;

namespace Portal.HouseTests;

/// <summary>Autofac's adapter knows no keyed services: a single one would end the start with an error that names nothing.</summary>
public sealed class ContainerTests
{
    [Test]
    public void Violations_are_reported()
    {
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.AddKeyedSingleton<object>("here");

        Keyed(services).Should().Equal("System.Object with key here");
    }

    internal static IEnumerable<string> Keyed(IServiceCollection services) =>
        services.Where(s => s.IsKeyedService).Select(s => $"{s.ServiceType.FullName} with key {s.ServiceKey}");
}
