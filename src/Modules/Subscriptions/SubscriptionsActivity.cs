using Portal.Access.Contract;

namespace Portal.Subscriptions;

/// <summary>What the module writes to the logs.</summary>
internal static class SubscriptionsActivity
{
    public static readonly ActivityKind ActionsTriedAgain = new("subscription-actions-tried-again", typeof(Texts), "ActivityActionsTriedAgain");

    public static readonly ActivityKind[] All = [ActionsTriedAgain];
}
