using System.CommandLine;
using Portal.Simulator;
using Portal.Simulator.Engine;

var port = new Option<int>("--port") { Description = "The port on 127.0.0.1; 0 takes a free one." };
var ledger = new Option<string?>("--ledger") { Description = "The ledger's file; without one nothing is kept." };
var webhookUrl = new Option<Uri?>("--webhook-url") { Description = "Who is told about changes." };
var apiKey = new Option<string>("--api-key") { Description = "The key callers of the API must name.", Required = true };
var webhookSecret = new Option<string?>("--webhook-secret") { Description = "whsec_ and base64: signs the webhooks." };
var seed = new Option<int?>("--seed") { Description = "Fills an empty ledger with the demo data of this number." };
var buyer = new Option<string>("--buyer-email") { Description = "The demo buyer's address.", DefaultValueFactory = _ => "ada@example.com" };
var clockOffset = new Option<TimeSpan>("--clock-offset") { Description = "Shifts the clock: HH:MM:SS, also negative." };

var command = new RootCommand("A payment processor to try the portal with. It moves no money. It ends when its standard input closes.")
{
    port,
    ledger,
    webhookUrl,
    apiKey,
    webhookSecret,
    seed,
    buyer,
    clockOffset,
};
command.SetAction(
    async (given, ct) =>
    {
        var options = new SandboxOptions
        {
            Port = given.GetValue(port),
            LedgerFile = given.GetValue(ledger),
            WebhookUrl = given.GetValue(webhookUrl),
            ApiKey = given.GetValue(apiKey)!,
            WebhookSecret = given.GetValue(webhookSecret),
            Seed = given.GetValue(seed),
            BuyerEmail = given.GetValue(buyer)!,
            Clock = new OffsetClock(given.GetValue(clockOffset)),
        };
        try
        {
            await using var app = await SandboxServer.StartAsync(options, ct);
            await Console.Out.WriteLineAsync($"Listening on {app.Urls.First()}");
            await InputClosedAsync(ct);
            await app.StopAsync(CancellationToken.None);
            return 0;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or FormatException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The simulator cannot start: {failure.Message}");
            return 1;
        }
    }
);
return await command.Parse(args).InvokeAsync();

// Whoever started it holds the other end: when that process dies, however it dies, the pipe closes.
static async Task InputClosedAsync(CancellationToken ct)
{
    var input = Console.OpenStandardInput();
    var ignored = new byte[256];
    try
    {
        while (await input.ReadAsync(ignored, ct).AsTask().WaitAsync(ct) > 0) { }
    }
    catch (OperationCanceledException) when (ct.IsCancellationRequested)
    {
        await Console.Error.WriteLineAsync("Stopping.");
    }
}
