using Portal.Kernel;

namespace Portal.Access.Contract;

/// <summary>A passkey, as its owner sees it.</summary>
/// <param name="Id">Its public id: names it, signs nobody in.</param>
/// <param name="Label">What she calls it.</param>
/// <param name="CreatedAt">When she added it.</param>
/// <param name="LastUsedAt">When it last signed her in; null when it never did.</param>
public sealed record PasskeyInfo(string Id, string Label, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>Somebody's passkeys, for the modules that keep the accounts. One that was used proves the device and who unlocked it.</summary>
public interface IPasskeys
{
    /// <summary>Whether she has one.</summary>
    /// <param name="audience">Buyer or merchant.</param>
    /// <param name="subject">The buyer's or merchant's row number.</param>
    /// <param name="ct">Ends the attempt.</param>
    Task<bool> AnyAsync(Audience audience, long subject, CancellationToken ct);

    /// <summary>The row numbers of all who have one.</summary>
    Task<IReadOnlySet<long>> HoldersAsync(Audience audience, CancellationToken ct);

    /// <summary>All of hers, the newest first.</summary>
    Task<IReadOnlyList<PasskeyInfo>> ListAsync(Audience audience, long subject, CancellationToken ct);

    /// <summary>Removes one, logs it and tells her; false when it is not hers or gone.</summary>
    Task<bool> RemoveAsync(Audience audience, long subject, string id, CancellationToken ct);

    /// <summary>Forgets all of hers without a word: for an account that is erased or locked out. Its own module logs that.</summary>
    Task ForgetAllAsync(Audience audience, long subject, CancellationToken ct);
}

/// <summary>Somebody can sign in with a passkey from now on.</summary>
public sealed record PasskeyAdded(Audience Audience, long Subject, PasskeyInfo Passkey) : IEvent;

/// <summary>A passkey signs nobody in any more.</summary>
public sealed record PasskeyRemoved(Audience Audience, long Subject, PasskeyInfo Passkey) : IEvent;

/// <summary>Somebody came in by a passkey.</summary>
public sealed record SignedInWithPasskey(Audience Audience, long Subject) : IEvent;
