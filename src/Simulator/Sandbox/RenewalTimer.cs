namespace Portal.Simulator.Sandbox;

/// <summary>Looks every second whether something is due.</summary>
internal sealed class RenewalTimer(RenewalRun renewals, ILogger<RenewalTimer> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                renewals.Tick();
            }
            catch (IOException full)
            {
                // A full disk is no reason to stop: the same work is due again in a second.
                log.LogError(full, "The ledger could not be written.");
            }
        }
    }
}
