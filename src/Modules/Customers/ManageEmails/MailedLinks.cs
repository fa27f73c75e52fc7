using Microsoft.EntityFrameworkCore;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.ManageEmails;

/// <summary>Makes, finds and spends links in mails.</summary>
internal sealed class MailedLinks(PortalDb db, IPublish<MailedLinkMade> made, TimeProvider clock)
{
    private const int PerQuarterHour = 3;
    private const int PerDay = 10;

    /// <summary>Whether a customer may have one more mail sent, or an address may get one more, whoever asks: the limits of sign-in mails.</summary>
    public Task<bool> CustomerMayAsync(Customer customer, CancellationToken ct) => MayAsync(l => l.CustomerId == customer.Id, ct);

    /// <inheritdoc cref="CustomerMayAsync"/>
    public Task<bool> AddressMayAsync(string canonical, CancellationToken ct) => MayAsync(l => l.Canonical == canonical, ct);

    /// <summary>Mails a link. One of the same kind to the same address is replaced by it.</summary>
    public async Task MailAsync(
        LinkKind kind,
        Customer customer,
        string address,
        TimeSpan life,
        string? language,
        CancellationToken ct,
        string? instead = null
    )
    {
        var canonical = EmailAddress.Canonical(address)!;
        await WithdrawAsync(db.Set<MailedLink>().Where(l => l.CustomerId == customer.Id && l.Kind == kind && l.Canonical == canonical), ct);
        var token = SecretToken.New();
        var link = new MailedLink(kind, customer, address.Trim(), token, clock.GetUtcNow(), life) { Instead = instead };
        db.Add(link);
        await db.SaveChangesAsync(ct);
        await made.PublishAsync(new MailedLinkMade(kind, customer.ToInfo(), link.Address, token, link.ExpiresAt, language), ct);
    }

    /// <summary>The link a token opens, as long as it works.</summary>
    public Task<MailedLink?> FindAsync(string token, LinkKind[] kinds, CancellationToken ct) =>
        Living(token, kinds).AsNoTracking().SingleOrDefaultAsync(ct);

    /// <summary>The same, used up by it: of many who press at once one gets it.</summary>
    public async Task<MailedLink?> SpendAsync(string token, LinkKind[] kinds, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var link = await FindAsync(token, kinds, ct);
        return link is not null && await Living(token, kinds).ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct) == 1 ? link : null;
    }

    /// <summary>These no longer work, and neither do sign-in links mailed to her.</summary>
    public async Task WithdrawAllAsync(Customer customer, Func<IQueryable<MailedLink>, IQueryable<MailedLink>> which, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await WithdrawAsync(which(db.Set<MailedLink>().Where(l => l.CustomerId == customer.Id)), ct);
        await db.Set<SignInLink>()
            .Where(l => l.CustomerId == customer.Id && l.SpentAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct);
    }

    private IQueryable<MailedLink> Living(string token, LinkKind[] kinds)
    {
        var (hash, now) = (SecretToken.Hash(token), clock.GetUtcNow());
        return db.Set<MailedLink>().Where(l => l.TokenHash == hash && kinds.Contains(l.Kind) && l.SpentAt == null && l.ExpiresAt > now);
    }

    private async Task<bool> MayAsync(System.Linq.Expressions.Expression<Func<MailedLink, bool>> whose, CancellationToken ct)
    {
        var (quarter, day) = (clock.GetUtcNow().AddMinutes(-15), clock.GetUtcNow().AddDays(-1));
        var asked = db.Set<MailedLink>()
            .Where(whose)
            .Where(l => l.Kind == LinkKind.ConfirmAddress || l.Kind == LinkKind.ConfirmChange || l.Kind == LinkKind.Invitation);
        return await asked.CountAsync(l => l.CreatedAt > quarter, ct) < PerQuarterHour && await asked.CountAsync(l => l.CreatedAt > day, ct) < PerDay;
    }

    private Task<int> WithdrawAsync(IQueryable<MailedLink> links, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return links.Where(l => l.SpentAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct);
    }
}
