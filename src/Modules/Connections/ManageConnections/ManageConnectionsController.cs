using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access.Contract;
using Portal.Connections.CallProcessor;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Kernel;
using Portal.Processors;
using ConnectionInfo = Portal.Connections.Contract.ConnectionInfo;

namespace Portal.Connections.ManageConnections;

/// <summary>The merchant's accounts at processors: what they are, how they do, and their settings.</summary>
[Route("admin/connections")]
[ForMerchants]
internal sealed class ManageConnectionsController(
    PortalDb db,
    IConnections connections,
    ConnectionSecrets secrets,
    PluginCatalog plugins,
    IPluginSentences sentences,
    CheckConnection check,
    IActivityLog log,
    IOptions<PortalOptions> portal
) : Controller
{
    [HttpGet]
    public async Task<IActionResult> ManageConnections(bool removed, CancellationToken ct)
    {
        var health = await connections.HealthAsync(ct);
        var accounts = await db.Set<ConnectedAccount>().AsNoTracking().ToDictionaryAsync(a => a.Id, ct);
        return View(
            new ConnectionsView(
                [.. health.Where(h => accounts.ContainsKey(h.Info.Id)).Select(h => Card(h, secrets.TryOpen(accounts[h.Info.Id])))],
                [.. plugins.All.Select(p => new PluginLine(p, sentences.Reason(p)))],
                removed
            )
        );
    }

    [HttpGet("new")]
    [OwnersOnly]
    public IActionResult AddConnection(string? plugin)
    {
        if (plugin is null)
        {
            return View(
                "ChoosePlugin",
                plugins.Active.Select(p => p.Plugin!).OrderBy(p => p.DisplayName, StringComparer.InvariantCultureIgnoreCase).ToList()
            );
        }

        return plugins.Find(plugin)?.Plugin is { } found
            ? View("AddConnection", new AddConnectionView(found, new ConnectionForm(), null))
            : NotFound();
    }

    [HttpPost("new")]
    [OwnersOnly]
    public async Task<IActionResult> AddConnection(string? plugin, ConnectionForm form, CancellationToken ct)
    {
        if (plugin is null || plugins.Find(plugin)?.Plugin is not { } found)
        {
            return NotFound();
        }

        ConnectionInfo added;
        try
        {
            added = await connections.AddAsync(plugin, form.Name ?? "", form.Given(), form.TestMode, ct);
        }
        catch (ConnectionRefusedException refused)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View("AddConnection", new AddConnectionView(found, form, sentences.Reason(refused)));
        }

        return ToPage(added.PublicId, "saved", await check.RunAsync(added, ct));
    }

    [HttpGet("{id}")]
    public async Task<IActionResult> EditConnection(string id, CheckVerdict? check, bool saved, bool kept, CancellationToken ct) =>
        await FindAsync(id, ct) is { } account
            ? View("EditConnection", await PageAsync(account, new ConnectionForm(), null, check, saved, kept, ct))
            : NotFound();

    [HttpPost("{id}")]
    [OwnersOnly]
    public async Task<IActionResult> EditConnection(string id, ConnectionForm form, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } account)
        {
            return NotFound();
        }

        try
        {
            var plugin = plugins.Find(account.Plugin)?.Plugin ?? throw new ConnectionRefusedException("PluginNotActive", account.Plugin);
            await connections.ChangeAsync(account.Id, form.Changed(plugin), ct);
        }
        catch (ConnectionRefusedException refused)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View("EditConnection", await PageAsync(account, form, sentences.Reason(refused), null, saved: false, kept: false, ct));
        }

        return ToPage(id, "saved", await check.RunAsync(account.ToInfo(account.Plugin), ct));
    }

    [HttpPost("{id}/mode")]
    [OwnersOnly]
    public async Task<IActionResult> ChangeMode(string id, ConnectionMode? mode, CancellationToken ct)
    {
        var account = await db.Set<ConnectedAccount>().SingleOrDefaultAsync(a => a.PublicId == id, ct);
        if (account is null)
        {
            return NotFound();
        }

        if (mode is not { } chosen || !Enum.IsDefined(chosen))
        {
            return BadRequest();
        }

        await db.InTransactionAsync(
            async () =>
            {
                account.Mode = chosen;
                await db.SaveChangesAsync(ct);
                await log.RecordAsync(ConnectionsActivity.ModeChanged(chosen), null, [account.Name], ct);
            },
            ct
        );
        return ToPage(id, "saved", null);
    }

    [HttpPost("{id}/check")]
    [OwnersOnly]
    public async Task<IActionResult> CheckNow(string id, CancellationToken ct)
    {
        if (await connections.FindAsync(id, ct) is not { } connection)
        {
            return NotFound();
        }

        await log.RecordAsync(ConnectionsActivity.Checked, null, [connection.Name], ct);
        return ToPage(id, "checked", await check.RunAsync(connection, ct));
    }

    [HttpPost("{id}/remove")]
    [OwnersOnly]
    public async Task<IActionResult> Remove(string id, CancellationToken ct)
    {
        if (await connections.FindAsync(id, ct) is null)
        {
            return NotFound();
        }

        return await connections.RemoveAsync(id, ct) ? LocalRedirect("~/admin/connections?removed=true") : ToPage(id, "kept", null);
    }

    private LocalRedirectResult ToPage(string id, string what, CheckVerdict? verdict) =>
        LocalRedirect($"~/admin/connections/{Uri.EscapeDataString(id)}?{what}=true" + (verdict is null ? "" : $"&check={verdict}"));

    private Task<ConnectedAccount?> FindAsync(string id, CancellationToken ct) =>
        db.Set<ConnectedAccount>().AsNoTracking().SingleOrDefaultAsync(a => a.PublicId == id, ct);

    private async Task<EditConnectionView> PageAsync(
        ConnectedAccount account,
        ConnectionForm form,
        string? refused,
        CheckVerdict? verdict,
        bool saved,
        bool kept,
        CancellationToken ct
    )
    {
        var health = (await connections.HealthAsync(ct)).Single(h => h.Info.Id == account.Id);
        var settings = secrets.TryOpen(account);
        var known = settings ?? new Dictionary<string, string>();
        var plugin = plugins.Find(account.Plugin)?.Plugin;
        return new EditConnectionView(
            Card(health, settings),
            plugin is null ? [] : SettingField.Of(plugin, known, form.Settings),
            SettingField.ApiBase(known, form.Settings),
            refused,
            verdict is { } v && Enum.IsDefined(v) ? v : null,
            saved,
            kept
        );
    }

    private ConnectionCard Card(ConnectionHealth health, IReadOnlyDictionary<string, string>? settings)
    {
        var plugin = plugins.Find(health.Info.Plugin)?.Plugin;
        return new ConnectionCard(
            health,
            portal.Value.Absolute($"/webhooks/{health.Info.Plugin}/{health.Info.PublicId}"),
            plugin is not null,
            plugin?.ProcessorType.IsAssignableTo(typeof(IReceiveWebhooks)) == true,
            plugin is null || settings is null || ConnectionSettings.CanVerify(plugin, settings),
            settings is not null
        );
    }
}

/// <summary>One connection as it does.</summary>
/// <param name="Health">Which, and how it does.</param>
/// <param name="WebhookUrl">Where its processor sends deliveries.</param>
/// <param name="Usable">Whether its plugin is active.</param>
/// <param name="TellsByWebhook">Whether its processor sends deliveries at all.</param>
/// <param name="CanVerify">False while the secret is missing without which the webhook address answers 404.</param>
/// <param name="Readable">False when its settings cannot be decrypted.</param>
internal sealed record ConnectionCard(ConnectionHealth Health, Uri WebhookUrl, bool Usable, bool TellsByWebhook, bool CanVerify, bool Readable)
{
    public ConnectionInfo Info => Health.Info;

    /// <summary>A single account is often named after its processor.</summary>
    public bool IsNamedLikeProcessor => string.Equals(Info.Processor, Info.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Its webhook address is closed until somebody enters the secret.</summary>
    public bool LacksSecret => Usable && TellsByWebhook && !CanVerify;

    /// <summary>Its processor should have told something by now, and has not.</summary>
    public bool IsSilent => Usable && TellsByWebhook && Info.Mode != ConnectionMode.Off && Health.LastWebhookAt is null;
}

/// <summary>A folder of the plugins folder.</summary>
/// <param name="Plugin">What was found.</param>
/// <param name="Reason">What is wrong and how to mend it; null when it is in use.</param>
internal sealed record PluginLine(PluginStatus Plugin, string? Reason);

/// <summary>The list.</summary>
internal sealed record ConnectionsView(IReadOnlyList<ConnectionCard> Connections, IReadOnlyList<PluginLine> Plugins, bool Removed);

/// <summary>A connection to be.</summary>
internal sealed record AddConnectionView(IProcessorPlugin Plugin, ConnectionForm Form, string? Refused)
{
    private static readonly Dictionary<string, string> Nothing = [];

    public IReadOnlyList<SettingField> Fields => SettingField.Of(Plugin, Nothing, Form.Settings);
    public string? ApiBase => SettingField.ApiBase(Nothing, Form.Settings);
}

/// <summary>A connection's page.</summary>
internal sealed record EditConnectionView(
    ConnectionCard Card,
    IReadOnlyList<SettingField> Fields,
    string? ApiBase,
    string? Refused,
    CheckVerdict? Check,
    bool Saved,
    bool Kept
);

/// <summary>On the dashboard: connections and plugins that need a person.</summary>
internal sealed class ConnectionTroublesViewComponent(IConnections connections, PluginCatalog plugins, IPluginSentences sentences) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        var health = await connections.HealthAsync(HttpContext.RequestAborted);
        return View(
            "/ManageConnections/ConnectionTroubles.cshtml",
            new ConnectionTroubles(
                health.Count == 0,
                [.. health.Where(IsSilent)],
                [.. health.Where(h => h.RestsUntil is not null)],
                [.. plugins.All.Where(p => p.State != PluginState.Active).Select(p => new PluginLine(p, sentences.Reason(p)))]
            )
        );
    }

    private bool IsSilent(ConnectionHealth health) =>
        health is { LastWebhookAt: null, Info.Mode: not ConnectionMode.Off }
        && plugins.Find(health.Info.Plugin)?.Plugin!.ProcessorType.IsAssignableTo(typeof(IReceiveWebhooks)) == true;
}

/// <summary>What needs a person.</summary>
/// <param name="None">There is no connection at all.</param>
/// <param name="Silent">Their processors have never told anything.</param>
/// <param name="Resting">Their plugins fail.</param>
/// <param name="Plugins">Folders that are not in use.</param>
internal sealed record ConnectionTroubles(
    bool None,
    IReadOnlyList<ConnectionHealth> Silent,
    IReadOnlyList<ConnectionHealth> Resting,
    IReadOnlyList<PluginLine> Plugins
);
