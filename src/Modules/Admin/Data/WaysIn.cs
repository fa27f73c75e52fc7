using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Admin.Data;

/// <summary>Somebody proved her password and has yet to prove the second factor.</summary>
internal sealed class SignInStep
{
    /// <summary>Wrong codes, then she starts over.</summary>
    public const int MostTries = 5;
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private SignInStep() { }

    public SignInStep(long merchantId, string token, string? returnTo, DateTimeOffset now) =>
        (MerchantId, TokenHash, ReturnTo, ExpiresAt) = (merchantId, SecretToken.Hash(token), returnTo, now + Life);

    public long Id { get; private set; }
    public long MerchantId { get; private set; }
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>A path of this portal.</summary>
    public string? ReturnTo { get; private set; }
    public int Tries { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }
    public DateTimeOffset? SpentAt { get; private set; }
}

/// <summary>What a mailed link to a merchant does.</summary>
internal enum LinkPurpose
{
    Invitation,
    PasswordReset,
}

/// <summary>A mailed link with which a merchant chooses a password; the token itself is only in the mail.</summary>
internal sealed class MerchantLink
{
    private MerchantLink() { }

    public MerchantLink(long merchantId, LinkPurpose purpose, string token, DateTimeOffset now)
    {
        (MerchantId, Purpose, TokenHash, CreatedAt) = (merchantId, purpose, SecretToken.Hash(token), now);
        ExpiresAt = now + (purpose == LinkPurpose.Invitation ? TimeSpan.FromHours(24) : TimeSpan.FromMinutes(30));
    }

    public long Id { get; private set; }
    public long MerchantId { get; private set; }
    public LinkPurpose Purpose { get; private set; }
    public byte[] TokenHash { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it was used, or replaced by a newer one.</summary>
    public DateTimeOffset? SpentAt { get; private set; }
}

/// <summary>Somebody says she forgot her password. Whether a mail goes out is decided later: the request is the same for every address.</summary>
internal sealed class PasswordResetRequest : WorkItem
{
    private PasswordResetRequest() { }

    public PasswordResetRequest(string email, string language, DateTimeOffset now) => (Email, Language, DueAt) = (email, language, now);

    /// <summary>Folded as the accounts' are.</summary>
    public string Email { get; private set; } = "";
    public string Language { get; private set; } = "";
}

/// <summary>How often one address was tried in vain lately, whether there is an account or not.</summary>
internal sealed class FailedTries(byte[] addressHash)
{
    /// <summary>The address itself may be anything somebody typed, a password in the wrong field too.</summary>
    public byte[] AddressHash { get; private set; } = addressHash;
    public int Count { get; set; }
    public DateTimeOffset LastAt { get; set; }

    /// <summary>The next try is looked at from then on.</summary>
    public DateTimeOffset NextAt { get; set; }
}
