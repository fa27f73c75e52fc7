using Portal.Access.Contract;

namespace Portal.Access;

/// <summary>The module's own lines.</summary>
internal static class AccessActivity
{
    public static readonly ActivityKind SessionEnded = new("session-ended", typeof(Texts), "ActivitySessionEnded");
    public static readonly ActivityKind SessionsEnded = new("sessions-ended", typeof(Texts), "ActivitySessionsEnded");
    public static readonly ActivityKind PasskeyAdded = new("passkey-added", typeof(Texts), "ActivityPasskeyAdded");
    public static readonly ActivityKind PasskeyRenamed = new("passkey-renamed", typeof(Texts), "ActivityPasskeyRenamed");
    public static readonly ActivityKind PasskeyRemoved = new("passkey-removed", typeof(Texts), "ActivityPasskeyRemoved");
    public static readonly ActivityKind SignedInWithPasskey = new("signed-in-passkey", typeof(Texts), "ActivitySignedInWithPasskey");

    public static readonly ActivityKind[] All = [SessionEnded, SessionsEnded, PasskeyAdded, PasskeyRenamed, PasskeyRemoved, SignedInWithPasskey];
}
