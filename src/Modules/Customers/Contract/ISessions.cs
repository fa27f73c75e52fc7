using Portal.Kernel;

namespace Portal.Customers.Contract;

/// <summary>Sessions are rows: ending one here ends it everywhere.</summary>
public interface ISessions
{
    /// <summary>Starts a session and sets its cookie on the current response. A former one of this browser ends.</summary>
    /// <param name="audience">Buyer or merchant.</param>
    /// <param name="subject">The buyer's or merchant's row number.</param>
    /// <param name="ct">Ends the attempt.</param>
    Task StartAsync(Audience audience, long subject, CancellationToken ct);

    /// <summary>Ends the current session and removes its cookie.</summary>
    Task EndAsync(Audience audience, CancellationToken ct);

    /// <summary>Ends all of somebody's sessions.</summary>
    Task EndAllAsync(Audience audience, long subject, CancellationToken ct);
}
