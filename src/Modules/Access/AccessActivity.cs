using Portal.Access.Contract;

namespace Portal.Access;

/// <summary>The module's own lines.</summary>
internal static class AccessActivity
{
    public static readonly ActivityKind SessionEnded = new("session-ended", typeof(Texts), "ActivitySessionEnded");
    public static readonly ActivityKind SessionsEnded = new("sessions-ended", typeof(Texts), "ActivitySessionsEnded");

    public static readonly ActivityKind[] All = [SessionEnded, SessionsEnded];
}
