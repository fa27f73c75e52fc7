using Portal.Kernel;

namespace Portal.Access.Contract;

/// <summary>Somebody who may be signed in.</summary>
/// <param name="Name">As logs name her to merchants: an e-mail address.</param>
/// <param name="Role">What she may do, where her audience knows roles.</param>
public sealed record SubjectInfo(string Name, MerchantRole? Role);

/// <summary>Whether a session's subject may still come in; asked with every request. One per audience, from the module that keeps its accounts.</summary>
public interface ISubjects
{
    /// <summary>Whose accounts.</summary>
    Audience Audience { get; }

    /// <summary>Null when she is gone or disabled: her sessions count for nothing from then on.</summary>
    /// <param name="subject">Her row number.</param>
    /// <param name="ct">Ends the attempt.</param>
    Task<SubjectInfo?> FindAsync(long subject, CancellationToken ct);
}
