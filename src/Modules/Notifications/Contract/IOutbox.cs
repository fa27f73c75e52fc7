using Portal.Kernel.Work;

namespace Portal.Notifications.Contract;

/// <summary>A mail of the outbox.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">What it is about: <c>sign-in</c>.</param>
/// <param name="To">The address it goes to.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="State">Whether it has left.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="Reason">Why it has not left.</param>
public sealed record OutboxEntry(string Id, string Kind, string To, string Subject, WorkState State, DateTimeOffset CreatedAt, string? Reason);

/// <summary>A mail with its bodies.</summary>
/// <param name="Entry">The mail.</param>
/// <param name="Text">The plain text.</param>
/// <param name="Html">The HTML.</param>
public sealed record OutboxMailContent(OutboxEntry Entry, string Text, string Html);

/// <summary>The mails written, newest first: for the command line and the demo's mailbox.</summary>
public interface IOutbox
{
    /// <summary>The newest ones.</summary>
    Task<IReadOnlyList<OutboxEntry>> NewestAsync(int atMost, CancellationToken ct);

    /// <summary>One; null when there is none.</summary>
    Task<OutboxMailContent?> FindAsync(string id, CancellationToken ct);

    /// <summary>Proves that the mail server takes a connection, without sending anything.</summary>
    /// <returns>What is wrong, or null.</returns>
    Task<string?> CheckAsync(CancellationToken ct);
}
