using Portal.Kernel;

namespace Portal.Admin.Contract;

/// <summary>Somebody is invited to administer the portal.</summary>
/// <param name="Email">Whom.</param>
/// <param name="By">Who invites: an address.</param>
/// <param name="Token">For the link. It exists here and in the mail; the portal keeps its hash.</param>
/// <param name="ExpiresAt">When it stops working.</param>
/// <param name="Language">The language to write in.</param>
public sealed record MerchantInvited(string Email, string By, string Token, DateTimeOffset ExpiresAt, string Language) : IEvent;

/// <summary>A merchant forgot her password.</summary>
/// <param name="Email">Whom.</param>
/// <param name="Token">For the link. It exists here and in the mail; the portal keeps its hash.</param>
/// <param name="ExpiresAt">When it stops working.</param>
/// <param name="Language">The language to write in.</param>
public sealed record MerchantPasswordForgotten(string Email, string Token, DateTimeOffset ExpiresAt, string Language) : IEvent;

/// <summary>What changed about how a merchant gets in.</summary>
public enum MerchantChange
{
    /// <summary>Her password.</summary>
    PasswordChanged,

    /// <summary>An authenticator app was set up.</summary>
    AppOn,

    /// <summary>The authenticator app was taken away.</summary>
    AppOff,

    /// <summary>An owner took away her second factor.</summary>
    FactorReset,

    /// <summary>There are new recovery codes.</summary>
    CodesRenewed,

    /// <summary>A recovery code was used.</summary>
    CodeUsed,
}

/// <summary>How a merchant gets in changed: she is told, in case it was not her.</summary>
/// <param name="Id">Her name in URLs.</param>
/// <param name="Email">Her address.</param>
/// <param name="Change">What changed.</param>
/// <param name="At">When.</param>
/// <param name="Language">The language to write in.</param>
public sealed record MerchantSecurityChanged(string Id, string Email, MerchantChange Change, DateTimeOffset At, string Language) : IEvent;
