using Portal.Access.Contract;

namespace Portal.Notifications;

/// <summary>What the module writes to the logs.</summary>
internal static class NotificationsActivity
{
    public static readonly ActivityKind MailsTriedAgain = new("mails-tried-again", typeof(Texts), "ActivityMailsTriedAgain");

    public static readonly ActivityKind[] All = [MailsTriedAgain];
}
