using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Invoices.Contract;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Store.Contract;

namespace Portal.Host.Demo;

/// <summary>Starts the Sandbox processor as a process of its own, connects it like any other, and reads its books once.</summary>
internal sealed partial class SandboxProcess(
    IServiceScopeFactory scopes,
    IOptions<PortalOptions> portal,
    IHostApplicationLifetime host,
    TimeProvider clock,
    ILogger<SandboxProcess> log
) : BackgroundService
{
    private const string Announcement = "Listening on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "simulator", OperatingSystem.IsWindows() ? "portal-simulator.exe" : "portal-simulator");
        if (!File.Exists(program))
        {
            NotThere(program);
            return;
        }

        // The portal's own address must answer before the processor can notify it.
        var started = new TaskCompletionSource();
        await using (host.ApplicationStarted.Register(started.SetResult))
        {
            await started.Task.WaitAsync(stoppingToken);
        }

        var keys = await KeysAsync(stoppingToken);
        using var process = Start(program, keys);
        try
        {
            var address = await AnnouncedAsync(process, stoppingToken);
            await TryConnectAsync(address, keys, stoppingToken);
            await process.WaitForExitAsync(stoppingToken);
            Ended(process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                // It ends when its input does; a moment later at the latest.
                process.StandardInput.Close();
                if (!process.WaitForExit(2000))
                {
                    process.Kill();
                }
            }
        }
    }

    private Process Start(string program, DemoKeys keys)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        string[] arguments =
        [
            "--api-key",
            keys.ApiKey,
            "--ledger",
            Path.Combine(portal.Value.DataDirectory, "sandbox", "ledger.jsonl"),
            "--seed",
            "1",
            "--buyer-email",
            DemoStore.BuyerEmail,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Directory.CreateDirectory(Path.Combine(portal.Value.DataDirectory, "sandbox"));
        return Process.Start(start) ?? throw new InvalidOperationException("The Sandbox processor did not start.");
    }

    private static async Task<Uri> AnnouncedAsync(Process process, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                return new Uri(line[Announcement.Length..].Trim());
            }
        }

        throw new InvalidOperationException("The Sandbox processor ended before it was ready.");
    }

    private async Task TryConnectAsync(Uri address, DemoKeys keys, CancellationToken ct)
    {
        try
        {
            await ConnectAsync(address, keys, ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The portal is of use without it; a service that throws would stop the host.
            NotConnected(failure);
        }
    }

    private async Task ConnectAsync(Uri address, DemoKeys keys, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var connections = scope.ServiceProvider.GetRequiredService<IConnections>();
        var settings = new Dictionary<string, string>
        {
            ["apiKey"] = keys.ApiKey,
            ["webhookSecret"] = keys.WebhookSecret,
            ["apiBase"] = address.ToString(),
        };
        var known = (await connections.ListAsync(ct)).FirstOrDefault(c => c is { Plugin: DemoStore.Plugin, Name: DemoStore.ConnectionName });
        if (known is null)
        {
            known = await connections.AddAsync(DemoStore.Plugin, DemoStore.ConnectionName, settings, testMode: true, ct);
        }
        else
        {
            await connections.ChangeAsync(known.Id, settings, ct);
        }

        using var http = new HttpClient
        {
            BaseAddress = address,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", keys.ApiKey) },
        };
        var webhook = new { url = portal.Value.Absolute($"/webhooks/{known.Plugin}/{known.PublicId}"), secret = keys.WebhookSecret };
        (await http.PostAsJsonAsync("v1/webhook-endpoint", webhook, ct)).EnsureSuccessStatusCode();

        var stores = scope.ServiceProvider.GetRequiredService<IStore>();
        if (!(await stores.GetAsync(ct)).IsNamed)
        {
            await stores.DescribeAsync(DemoStore.Description, ct);
        }

        await scope.ServiceProvider.GetRequiredService<IImportHistory>().RunAsync(known.Id, clock.GetUtcNow().AddYears(-5), historic: true, null, ct);
        await IssueNewestAsync(scope.ServiceProvider, ct);
        Connected(address);
    }

    /// <summary>What is back-filled has no document yet; the demo buyer shall find one.</summary>
    private static async Task IssueNewestAsync(IServiceProvider services, CancellationToken ct)
    {
        if (
            await services.GetRequiredService<ICustomers>().FindByEmailAsync(DemoStore.BuyerEmail, ct) is { } buyer
            && await services.GetRequiredService<IOrders>().NewestPaidAsync(buyer.Id, ct) is { } order
        )
        {
            await services.GetRequiredService<IInvoices>().IssueAsync(order.Id, ct);
        }
    }

    /// <summary>The demo connection's secrets, made at the first start.</summary>
    private async Task<DemoKeys> KeysAsync(CancellationToken ct)
    {
        var file = Path.Combine(portal.Value.DataDirectory, "sandbox", "keys");
        if (File.Exists(file) && await File.ReadAllLinesAsync(file, ct) is [var api, var secret, ..])
        {
            return new DemoKeys(api, secret);
        }

        var keys = new DemoKeys("sb_key_" + SecretToken.New(), "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllLinesAsync(file, [keys.ApiKey, keys.WebhookSecret], ct);
        return keys;
    }

    [LoggerMessage(LogLevel.Warning, "There is no {Program}: the demo runs without the Sandbox processor")]
    private partial void NotThere(string program);

    [LoggerMessage(LogLevel.Information, "The Sandbox processor answers at {Address} and its books are read")]
    private partial void Connected(Uri address);

    [LoggerMessage(LogLevel.Error, "The Sandbox processor could not be connected")]
    private partial void NotConnected(Exception failure);

    [LoggerMessage(LogLevel.Warning, "The Sandbox processor ended with {Code}")]
    private partial void Ended(int code);

    private sealed record DemoKeys(string ApiKey, string WebhookSecret);
}
