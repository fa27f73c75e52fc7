using System.Globalization;
using System.Resources;
using Portal.Kernel;

namespace Portal.Access.Contract;

/// <summary>Something merchants should know at once.</summary>
/// <param name="Kind">A <see cref="SecretKind"/>, or <see cref="SignInMails"/>.</param>
/// <param name="Since">When it began; an hour of calm ends it.</param>
/// <param name="Count">How often so far.</param>
/// <param name="Networks">From how many networks, at the least.</param>
public sealed record Alert(string Kind, DateTimeOffset Since, long Count, int Networks)
{
    /// <summary>More sign-in mails are asked for than may go out in an hour.</summary>
    public const string SignInMails = "SignInMails";

    /// <summary>The sentence in the current culture.</summary>
    public string Say()
    {
        var texts = new ResourceManager(typeof(Texts));
        var sentence = texts.GetString($"Alert{Kind}", CultureInfo.CurrentUICulture) ?? Kind;
        return string.Format(CultureInfo.CurrentCulture, sentence, Count, Since.ToMinute(), Networks);
    }
}

/// <summary>An alert merchants are to be mailed about; raised at most once an hour.</summary>
public sealed record AlertRaised(Alert Alert) : IEvent;

/// <summary>Tells merchants, on the dashboard and by mail.</summary>
public interface IAlerts
{
    /// <summary>Adds to an alert that goes on, or begins one.</summary>
    /// <param name="kind">As <see cref="Alert.Kind"/>.</param>
    /// <param name="count">How often since it was last told.</param>
    /// <param name="networks">From how many networks.</param>
    /// <param name="ct">Ends the attempt.</param>
    Task RaiseAsync(string kind, int count, int networks, CancellationToken ct);
}
