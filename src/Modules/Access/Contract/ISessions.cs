using Portal.Kernel;

namespace Portal.Access.Contract;

/// <summary>A signed-in browser, as its owner sees it.</summary>
/// <param name="Id">Its public id: ends it, signs nobody in.</param>
/// <param name="UserAgent">What the browser called itself; null when it said nothing.</param>
/// <param name="Address">Where it signed in from.</param>
/// <param name="CreatedAt">When it signed in.</param>
/// <param name="LastSeenAt">When it last asked for a page, to a few seconds.</param>
/// <param name="IsCurrent">The browser that asks.</param>
public sealed record SessionInfo(string Id, string? UserAgent, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, bool IsCurrent);

/// <summary>All of somebody's sessions were ended: what else may let somebody in for her, a link already mailed say, ends with them.</summary>
/// <param name="Audience">Buyer or merchant.</param>
/// <param name="Subject">The buyer's or merchant's row number.</param>
public sealed record AllSessionsEnded(Audience Audience, long Subject) : IEvent;

/// <summary>Somebody signed in, whichever way.</summary>
/// <param name="Audience">Buyer or merchant.</param>
/// <param name="Subject">The buyer's or merchant's row number.</param>
public sealed record SessionStarted(Audience Audience, long Subject) : IEvent;

/// <summary>Sessions are rows: ending one here ends it on every node with its next request.</summary>
public interface ISessions
{
    /// <summary>Starts a session and sets its cookie on the current response. A former one of this browser ends.</summary>
    /// <param name="audience">Buyer or merchant.</param>
    /// <param name="subject">The buyer's or merchant's row number.</param>
    /// <param name="ct">Ends the attempt.</param>
    Task StartAsync(Audience audience, long subject, CancellationToken ct);

    /// <summary>Ends the current session and removes its cookie.</summary>
    Task EndAsync(Audience audience, CancellationToken ct);

    /// <summary>Ends one of somebody's sessions; nothing happens when it is not hers or over.</summary>
    Task EndAsync(Audience audience, long subject, string id, CancellationToken ct);

    /// <summary>Ends all of somebody's sessions, the current one included.</summary>
    Task EndAllAsync(Audience audience, long subject, CancellationToken ct);

    /// <summary>Ends all of somebody's sessions but the one that asks: after a change of what proves who she is.</summary>
    Task EndOthersAsync(Audience audience, long subject, CancellationToken ct);

    /// <summary>Somebody's living sessions, the one last seen first.</summary>
    Task<IReadOnlyList<SessionInfo>> ListAsync(Audience audience, long subject, CancellationToken ct);
}
