using Portal.Kernel;

namespace Portal.Admin.Contract;

/// <summary>Somebody who administers the portal.</summary>
/// <param name="Id">Her name in URLs.</param>
/// <param name="Email">Her address.</param>
/// <param name="Role">What she may do.</param>
/// <param name="SecondFactor">Whether her password alone is not enough.</param>
/// <param name="Invited">Whether she has yet to accept her invitation.</param>
/// <param name="Disabled">Whether she is kept out.</param>
/// <param name="LastSignInAt">Null when she never was in.</param>
public sealed record MerchantInfo(
    string Id,
    string Email,
    MerchantRole Role,
    bool SecondFactor,
    bool Invited,
    bool Disabled,
    DateTimeOffset? LastSignInAt
);

/// <summary>The people who administer the portal.</summary>
public interface IMerchants
{
    /// <summary>The code that opens the set-up page, until there is a merchant; then null, for good.</summary>
    Task<string?> SetUpCodeAsync(CancellationToken ct);

    /// <summary>Adds an account.</summary>
    /// <returns>What is wrong with the address or password, in the current culture; null when the account was added.</returns>
    Task<string?> AddAsync(string email, string password, MerchantRole role, CancellationToken ct);

    /// <summary>All of them, by address.</summary>
    Task<IReadOnlyList<MerchantInfo>> ListAsync(CancellationToken ct);

    /// <summary>The addresses of those who answer for the portal.</summary>
    Task<IReadOnlyList<string>> OwnersAsync(CancellationToken ct);
}
