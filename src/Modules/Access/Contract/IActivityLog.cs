using System.Globalization;
using System.Resources;
using Portal.Kernel;

namespace Portal.Access.Contract;

/// <summary>Something worth a line in a log. Each module keeps its own, and registers them, so that the lines can be put in words later.</summary>
/// <param name="Id">Stored; stays for good: <c>signed-in</c>.</param>
/// <param name="Texts">The module's words.</param>
/// <param name="Key">The key of its sentence among them; <c>{0}</c> and so on are the details.</param>
public sealed record ActivityKind(string Id, Type Texts, string Key)
{
    /// <summary>The sentence in the current culture.</summary>
    public string Say(IReadOnlyList<string> details) =>
        string.Format(
            CultureInfo.CurrentCulture,
            new ResourceManager(Texts).GetString(Key, CultureInfo.CurrentUICulture) ?? Id,
            [.. details.Cast<object>()]
        );
}

/// <summary>
/// Keeps what was done and by whom. A line about a customer is shown to her; what a merchant does goes into the audit log as well,
/// whose lines are chained by hash.
/// </summary>
public interface IActivityLog
{
    /// <summary>Adds a line, within the transaction of what it tells about. The actor is who is signed in; nobody is the portal itself.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="customer">Whom it is about, when it is about one.</param>
    /// <param name="details">What fills the sentence. Public ids, names of settings, masked addresses: never a secret, never more of a person than needed.</param>
    /// <param name="ct">Ends the attempt.</param>
    Task RecordAsync(ActivityKind kind, CustomerId? customer, IReadOnlyList<string> details, CancellationToken ct);

    /// <summary>Whether the audit log is as it was written.</summary>
    /// <returns>How many lines there are, and the number of the first that was changed, removed or slipped in; null when all hold.</returns>
    Task<(long Lines, long? BrokenAt)> CheckAuditAsync(CancellationToken ct);
}
