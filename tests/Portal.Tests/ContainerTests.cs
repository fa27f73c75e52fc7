using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Host;
using Portal.Kernel;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>What the host registers, and whether its migrations say what its model says.</summary>
public sealed class ContainerTests
{
    /// <summary>Autofac's adapter knows no keyed services: a single one would end the start with an error that names nothing.</summary>
    [Test]
    public async Task The_host_registers_no_keyed_services()
    {
        using var data = new TempFolder();
        List<string> keyed = [];
        var all = 0;
        await using var app = PortalHost.Build(
            [$"--Portal:DataDirectory={data.Path}", $"--Portal:PublicUrl={PortalUnderTest.ShopUrl}", $"--Plugins:Path={Installation.Plugins}"],
            serving: true,
            services =>
            {
                all = services.Count;
                keyed.AddRange(services.Where(s => s.IsKeyedService).Select(s => $"{s.ServiceType.FullName} with key {s.ServiceKey}"));
            }
        );

        all.Should().BeGreaterThan(100);
        keyed.Should().BeEmpty();
    }

    [TestCase(Db.Sqlite)]
    [TestCase(Db.PostgreSql)]
    public async Task The_migrations_hold_the_whole_model(Db db)
    {
        using var data = new TempFolder();
        string[] database = db == Db.Sqlite ? ["--Database:Provider=Sqlite"] : Installation.ForPostgres("Host=127.0.0.1;Database=nowhere");
        await using var app = PortalHost.Build(
            [
                .. database,
                $"--Portal:DataDirectory={data.Path}",
                $"--Portal:PublicUrl={PortalUnderTest.ShopUrl}",
                $"--Plugins:Path={Installation.Plugins}",
            ],
            serving: false
        );
        await using var scope = app.Services.CreateAsyncScope();

        scope.ServiceProvider.GetRequiredService<PortalDb>().Database.HasPendingModelChanges().Should().BeFalse();
    }
}
