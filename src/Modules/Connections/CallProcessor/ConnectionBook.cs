using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Connections.CallProcessor;

/// <summary>The merchant's connections: the rows and the ways to their processors.</summary>
internal sealed class ConnectionBook(
    PortalDb db,
    PluginCatalog plugins,
    Adapters adapters,
    ConnectionSecrets secrets,
    IActivityLog log,
    TimeProvider clock
) : IConnections
{
    public async Task<IReadOnlyList<ConnectionInfo>> ListAsync(CancellationToken ct) =>
        [.. (await db.Set<ConnectedAccount>().AsNoTracking().OrderBy(a => a.Id).ToListAsync(ct)).Select(Info)];

    public async Task<IReadOnlyList<ConnectionHealth>> HealthAsync(CancellationToken ct)
    {
        var inbox = await db.Set<InboxDelivery>()
            .GroupBy(d => d.ConnectionId)
            .Select(g => new
            {
                g.Key,
                Last = g.Max(d => d.ReceivedAt),
                Parked = g.Count(d => d.State == WorkState.Parked),
            })
            .ToDictionaryAsync(g => g.Key, ct);
        return
        [
            .. (await ListAsync(ct)).Select(c =>
                inbox.TryGetValue(c.Id, out var told)
                    ? new ConnectionHealth(c, told.Last, told.Parked, adapters.RestsUntil(c.Id))
                    : new ConnectionHealth(c, null, 0, adapters.RestsUntil(c.Id))
            ),
        ];
    }

    public async Task<ConnectionInfo?> FindAsync(string publicId, CancellationToken ct) =>
        await db.Set<ConnectedAccount>().AsNoTracking().SingleOrDefaultAsync(a => a.PublicId == publicId, ct) is { } account ? Info(account) : null;

    public async Task<ConnectedProcessor?> OpenAsync(long connectionId, CancellationToken ct)
    {
        var account = await db.Set<ConnectedAccount>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == connectionId, ct);
        if (account is null || account.Mode == ConnectionMode.Off)
        {
            return null;
        }

        return adapters.Open(account);
    }

    public async Task<ConnectionInfo> AddAsync(
        string plugin,
        string name,
        IReadOnlyDictionary<string, string> settings,
        bool testMode,
        CancellationToken ct
    )
    {
        if (plugins.Find(plugin) is not { } status)
        {
            throw new ConnectionRefusedException("PluginNotActive", plugin);
        }

        name = name.Trim();
        if (name.Length is 0 or > 100 || name.Any(char.IsControl))
        {
            throw new ConnectionRefusedException("NameNotAllowed");
        }

        var kept = ConnectionSettings.Check(status.Plugin!, settings);
        var says = status.Plugin!.TestModeOf(kept);
        if (testMode && says == false)
        {
            throw new ConnectionRefusedException("ModeContradicts", status.Plugin.DisplayName);
        }

        var account = new ConnectedAccount(plugin, name, says ?? testMode, secrets.Seal(kept), clock.GetUtcNow());
        try
        {
            await db.InTransactionAsync(
                async () =>
                {
                    db.Add(account);
                    await db.SaveChangesAsync(ct);
                    await log.RecordAsync(ConnectionsActivity.Added, null, [account.Name, plugin], ct);
                },
                ct
            );
        }
        catch (DbUpdateException failure) when (db.IsDuplicate(failure))
        {
            db.ChangeTracker.Clear();
            throw new ConnectionRefusedException("NameTaken", name);
        }

        return Info(account);
    }

    public async Task ChangeAsync(long connectionId, IReadOnlyDictionary<string, string> settings, CancellationToken ct)
    {
        var account = await db.Set<ConnectedAccount>().SingleAsync(a => a.Id == connectionId, ct);
        var plugin = plugins.Find(account.Plugin)?.Plugin ?? throw new ConnectionRefusedException("PluginNotActive", account.Plugin);
        var merged = secrets.TryOpen(account)?.ToDictionary() ?? [];

        // Else whoever gets hold of a merchant's session could have the secrets she cannot read sent to an address of her own.
        if (
            settings.TryGetValue(ConnectionSettings.ApiBase, out var apiBase)
            && apiBase.Trim() != merged.GetValueOrDefault(ConnectionSettings.ApiBase, "")
            && plugin.Settings.Any(s => s.Secret && merged.ContainsKey(s.Name) && !settings.ContainsKey(s.Name))
        )
        {
            throw new ConnectionRefusedException("SecretsNeededAgain");
        }

        var before = merged.ToDictionary();
        foreach (var (name, value) in settings)
        {
            merged[name] = value;
        }

        var kept = ConnectionSettings.Check(plugin, merged);
        if (plugin.TestModeOf(kept) is { } says && says != account.TestMode)
        {
            throw new ConnectionRefusedException("ModeChanged", plugin.DisplayName);
        }

        var changed = before.Keys.Union(kept.Keys).Where(n => before.GetValueOrDefault(n) != kept.GetValueOrDefault(n)).Order(StringComparer.Ordinal);
        await db.InTransactionAsync(
            async () =>
            {
                account.ProtectedSettings = secrets.Seal(kept);
                await db.SaveChangesAsync(ct);
                await log.RecordAsync(ConnectionsActivity.Changed, null, [account.Name, string.Join(", ", changed)], ct);
            },
            ct
        );
    }

    public async Task<bool> RemoveAsync(string publicId, CancellationToken ct)
    {
        var account = await db.Set<ConnectedAccount>().SingleOrDefaultAsync(a => a.PublicId == publicId, ct);
        if (account is null)
        {
            return false;
        }

        // Whatever other modules know of it came by a delivery or out of its books.
        if (account.SyncedUntil is not null || await db.Set<InboxDelivery>().AnyAsync(d => d.ConnectionId == account.Id, ct))
        {
            return false;
        }

        await db.InTransactionAsync(
            async () =>
            {
                db.Remove(account);
                await db.SaveChangesAsync(ct);
                await log.RecordAsync(ConnectionsActivity.Removed, null, [account.Name], ct);
            },
            ct
        );
        return true;
    }

    private ConnectionInfo Info(ConnectedAccount account) => account.ToInfo(plugins.Find(account.Plugin)?.Plugin?.DisplayName ?? account.Plugin);
}
