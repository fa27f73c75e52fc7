using Portal.Kernel;
using Portal.Processors;

namespace Portal.Subscriptions.Contract;

/// <summary>A subscription as other modules know it.</summary>
/// <param name="PublicId">Its name in URLs.</param>
/// <param name="ConnectionId">The merchant account.</param>
/// <param name="ProcessorId">The processor's id.</param>
/// <param name="CustomerId">Whose; null while that is not known.</param>
/// <param name="Name">As the buyer reads it.</param>
/// <param name="Price">Each period.</param>
/// <param name="CurrentPeriodEnd">End of what is paid for.</param>
public sealed record SubscriptionInfo(
    string PublicId,
    long ConnectionId,
    string ProcessorId,
    CustomerId? CustomerId,
    string? Name,
    Money? Price,
    DateTimeOffset? CurrentPeriodEnd
);

/// <summary>It will end on a known day.</summary>
public sealed record CancellationScheduled(SubscriptionInfo Subscription, DateTimeOffset EndsAt) : IEvent;

/// <summary>It runs on after all.</summary>
public sealed record CancellationTakenBack(SubscriptionInfo Subscription) : IEvent;

/// <summary>It has ended.</summary>
/// <param name="Subscription">Which.</param>
/// <param name="PaidUntil">When what was paid for ends.</param>
public sealed record SubscriptionEnded(SubscriptionInfo Subscription, DateTimeOffset PaidUntil) : IEvent;

/// <summary>The next charge comes up.</summary>
/// <param name="Subscription">Which.</param>
/// <param name="At">When it is charged.</param>
public sealed record RenewalComesUp(SubscriptionInfo Subscription, DateTimeOffset At) : IEvent;
