using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Portal.Connections.Contract;
using Portal.Host.Demo;

namespace Portal.Host.Commands;

/// <summary><c>portal demo</c>: deterministic load data, written through the same intake as a processor's records.</summary>
internal static class DemoCommand
{
    public static Command Make(string[] settings)
    {
        var customers = new Option<int>("--customers") { DefaultValueFactory = _ => 100, Description = "How many customers." };
        var orders = new Option<int>("--orders") { DefaultValueFactory = _ => 1000, Description = "How many orders over all of them." };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "The same seed makes the same data." };
        var command = new Command("demo", "Fills the database with demo or load data.") { customers, orders, seed };
        command.SetAction(
            (parsed, ct) =>
                PortalCommand.InScopeAsync(
                    settings,
                    async services =>
                    {
                        var started = Stopwatch.GetTimestamp();
                        var plan = new DemoPlan(parsed.GetValue(customers), parsed.GetValue(orders), parsed.GetValue(seed));
                        await services.GetRequiredService<DemoData>().FillAsync(plan, ct);
                        Console.WriteLine(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{plan.Customers} customers and {plan.Orders} orders in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s. One of them: {DemoData.EmailOf(0)}"
                            )
                        );
                        return 0;
                    }
                )
        );
        return command;
    }
}
