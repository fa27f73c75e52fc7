using Portal.Kernel;

namespace Portal.Access.Data;

/// <summary>A signed-in browser.</summary>
internal sealed class Session
{
    private Session() { }

    public Session(Audience audience, long subject, string token, string? userAgent, string? address, DateTimeOffset now, TimeSpan cap)
    {
        (Audience, Subject, PublicId, TokenHash) = (audience, subject, Kernel.PublicId.New("ses"), SecretToken.Hash(token));
        (UserAgent, Address, CreatedAt, LastSeenAt, EndsAt) = (userAgent, address, now, now, now + cap);
    }

    public long Id { get; private set; }

    /// <summary>For the list its owner sees; the cookie's token is something else.</summary>
    public string PublicId { get; private set; } = "";
    public Audience Audience { get; private set; }

    /// <summary>The buyer's or merchant's row number.</summary>
    public long Subject { get; private set; }
    public byte[] TokenHash { get; private set; } = [];
    public string? UserAgent { get; private set; }
    public string? Address { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset LastSeenAt { get; private set; }

    /// <summary>At the latest, however busy.</summary>
    public DateTimeOffset EndsAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }
}
