using Portal.Access.Contract;
using Portal.Kernel;

namespace Portal.Admin;

/// <summary>What the module writes to the logs.</summary>
internal static class AdminActivity
{
    public static readonly ActivityKind SignedIn = Of("merchant-signed-in", "ActivitySignedIn");
    public static readonly ActivityKind SignedOut = Of("merchant-signed-out", "ActivitySignedOut");
    public static readonly ActivityKind SecondFactorFailed = Of("second-factor-failed", "ActivitySecondFactorFailed");
    public static readonly ActivityKind SetUpDone = Of("set-up-done", "ActivitySetUpDone");
    public static readonly ActivityKind PasswordChanged = Of("merchant-password-changed", "ActivityPasswordChanged");
    public static readonly ActivityKind PasswordReset = Of("merchant-password-reset", "ActivityPasswordReset");
    public static readonly ActivityKind AppOn = Of("authenticator-on", "ActivityAppOn");
    public static readonly ActivityKind AppOff = Of("authenticator-off", "ActivityAppOff");
    public static readonly ActivityKind CodesRenewed = Of("recovery-codes-renewed", "ActivityCodesRenewed");
    public static readonly ActivityKind CodeUsed = Of("recovery-code-used", "ActivityCodeUsed");
    public static readonly ActivityKind InvitationAccepted = Of("invitation-accepted", "ActivityInvitationAccepted");
    public static readonly ActivityKind InvitationRepeated = Of("invitation-repeated", "ActivityInvitationRepeated");
    public static readonly ActivityKind Disabled = Of("merchant-disabled", "ActivityDisabled");
    public static readonly ActivityKind Enabled = Of("merchant-enabled", "ActivityEnabled");
    public static readonly ActivityKind FactorReset = Of("second-factor-reset", "ActivityFactorReset");

    public static readonly ActivityKind[] All =
    [
        SignedIn,
        SignedOut,
        SecondFactorFailed,
        SetUpDone,
        PasswordChanged,
        PasswordReset,
        AppOn,
        AppOff,
        CodesRenewed,
        CodeUsed,
        InvitationAccepted,
        InvitationRepeated,
        Disabled,
        Enabled,
        FactorReset,
        .. Enum.GetValues<MerchantRole>().SelectMany(r => new[] { Added(r), Invited(r), RoleChanged(r) }),
    ];

    public static ActivityKind Added(MerchantRole role) => Of("merchant-added-" + Id(role), $"ActivityAdded{role}");

    public static ActivityKind Invited(MerchantRole role) => Of("merchant-invited-" + Id(role), $"ActivityInvited{role}");

    public static ActivityKind RoleChanged(MerchantRole role) => Of("merchant-made-" + Id(role), $"ActivityMade{role}");

    private static string Id(MerchantRole role) => role.ToString().ToLowerInvariant();

    private static ActivityKind Of(string id, string key) => new(id, typeof(Texts), key);
}
