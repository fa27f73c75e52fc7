using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.Data;

/// <summary>
/// Somebody typed an address. Whether a mail goes out is decided later: the request is the same for every address, and so is its code,
/// which for an unknown address nobody is ever mailed.
/// </summary>
internal sealed class SignInRequest : WorkItem
{
    /// <summary>So many wrong tries end a code.</summary>
    public const int MostWrongTries = 5;

    private SignInRequest() { }

    public SignInRequest(string emailCanonical, string language, string? returnTo, DateTimeOffset now) =>
        (EmailCanonical, Language, ReturnTo, DueAt) = (emailCanonical, language, returnTo, NextSecond(now));

    public string EmailCanonical { get; private set; } = "";
    public string Language { get; private set; } = "";
    public string? ReturnTo { get; private set; }

    /// <summary>Encrypted rather than hashed: whoever reads a dump would go through a million codes in no time.</summary>
    public byte[]? SealedCode { get; private set; }

    /// <summary>When a mail was written, or would have been for a known address; null when the limits spoke against it.</summary>
    public DateTimeOffset? MailedAt { get; private set; }

    /// <summary>When the code and the link stop working.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    public int WrongTries { get; private set; }

    public void Mail(byte[] sealedCode, DateTimeOffset now, TimeSpan life) => (SealedCode, MailedAt, ExpiresAt) = (sealedCode, now, now + life);

    /// <summary>
    /// All requests of a second are worked together. What is done for a known address and not for others then falls on whoever asks
    /// at that moment, not on the answer to this request, where it could be measured.
    /// </summary>
    private static DateTimeOffset NextSecond(DateTimeOffset now)
    {
        var begun = now.Ticks % TimeSpan.TicksPerSecond;
        return begun == 0 ? now : now.AddTicks(TimeSpan.TicksPerSecond - begun);
    }
}

/// <summary>A mailed way in; the token itself is only in the mail.</summary>
internal sealed class SignInLink
{
    private SignInLink() { }

    public SignInLink(CustomerId customerId, string token, SignInRequest request, DateTimeOffset now, TimeSpan life) =>
        (CustomerId, TokenHash, RequestId, ReturnTo, CreatedAt, ExpiresAt) = (
            customerId,
            SecretToken.Hash(token),
            request.Id,
            request.ReturnTo,
            now,
            now + life
        );

    public long Id { get; private set; }
    public CustomerId CustomerId { get; private set; }
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>Whose code is the same way in: using one spends the other. Null for links from before there were codes.</summary>
    public long? RequestId { get; private set; }

    /// <summary>The address it was mailed to: using the link proves it.</summary>
    public long? EmailId { get; init; }

    /// <summary>A path of this portal.</summary>
    public string? ReturnTo { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it was used, or replaced by a newer one.</summary>
    public DateTimeOffset? SpentAt { get; private set; }
}

internal static class SignInRows
{
    /// <summary>The link mailed with this token, whatever became of it.</summary>
    public static IQueryable<SignInLink> WithToken(this IQueryable<SignInLink> links, string token)
    {
        var hash = SecretToken.Hash(token);
        return links.Where(l => l.TokenHash == hash);
    }

    /// <summary>Those that still let somebody in.</summary>
    public static IQueryable<SignInLink> Living(this IQueryable<SignInLink> links, DateTimeOffset now) =>
        links.Where(l => l.SpentAt == null && l.ExpiresAt > now);

    /// <summary>What was mailed for an address, or would have been.</summary>
    public static IQueryable<SignInRequest> MailedFor(this IQueryable<SignInRequest> requests, string emailCanonical) =>
        requests.Where(r => r.EmailCanonical == emailCanonical && r.MailedAt != null);

    /// <summary>Holds a customer's row until the transaction ends. Whoever touches her links takes it first, so that nobody waits for each other.</summary>
    public static Task<int> LockAsync(this IQueryable<Customer> customers, CustomerId id, CancellationToken ct) =>
        customers.Where(c => c.RowId == id.Value).ExecuteUpdateAsync(set => set.SetProperty(c => c.Version, c => c.Version), ct);
}
