using Portal.Kernel;

namespace Portal.Admin.Data;

/// <summary>Somebody who administers the portal.</summary>
internal sealed class Merchant
{
    /// <summary>A new account's time to set up a second factor.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    private Merchant() { }

    public Merchant(string email, MerchantRole role, string language, DateTimeOffset now)
    {
        (PublicId, Email, Role, Language) = (Kernel.PublicId.New("mer"), email, role, language);
        (CreatedAt, SecondFactorDueAt) = (now, now + Grace);
    }

    public long Id { get; private set; }

    /// <summary>Her name in URLs.</summary>
    public string PublicId { get; private set; } = "";

    /// <summary>In lower case.</summary>
    public string Email { get; private set; } = "";
    public MerchantRole Role { get; set; } = MerchantRole.Owner;

    /// <summary>Empty until she accepts her invitation.</summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>What she last signed in in; her mails speak it.</summary>
    public string Language { get; set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>From then on every page leads to setting one up.</summary>
    public DateTimeOffset SecondFactorDueAt { get; set; }

    /// <summary>Kept, not deleted: the audit log names her.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public bool IsInvited => PasswordHash.Length == 0;
}
