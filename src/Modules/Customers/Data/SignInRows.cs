using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Customers.Data;

/// <summary>Somebody typed an address. Whether a mail goes out is decided later: the request itself is the same for every address.</summary>
internal sealed class SignInRequest : WorkItem
{
    private SignInRequest() { }

    public SignInRequest(string emailCanonical, string language, string? returnTo, DateTimeOffset now) =>
        (EmailCanonical, Language, ReturnTo, DueAt) = (emailCanonical, language, returnTo, now);

    public string EmailCanonical { get; private set; } = "";
    public string Language { get; private set; } = "";
    public string? ReturnTo { get; private set; }
}

/// <summary>A mailed way in; the token itself is only in the mail.</summary>
internal sealed class SignInLink
{
    private SignInLink() { }

    public SignInLink(CustomerId customerId, string token, string? returnTo, DateTimeOffset now, TimeSpan life) =>
        (CustomerId, TokenHash, ReturnTo, CreatedAt, ExpiresAt) = (customerId, SecretToken.Hash(token), returnTo, now, now + life);

    public long Id { get; private set; }
    public CustomerId CustomerId { get; private set; }
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>The address it was mailed to: using the link proves it.</summary>
    public long? EmailId { get; init; }

    /// <summary>A path of this portal.</summary>
    public string? ReturnTo { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it was used, or replaced by a newer one.</summary>
    public DateTimeOffset? SpentAt { get; private set; }
}
