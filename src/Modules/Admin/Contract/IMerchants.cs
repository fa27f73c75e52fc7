namespace Portal.Admin.Contract;

/// <summary>The people who administer the portal.</summary>
public interface IMerchants
{
    /// <summary>The code that opens the set-up page, until there is a merchant; then null, for good.</summary>
    Task<string?> SetUpCodeAsync(CancellationToken ct);

    /// <summary>Adds an account.</summary>
    /// <returns>What is wrong with the address or password, in the current culture; null when the account was added.</returns>
    Task<string?> AddAsync(string email, string password, CancellationToken ct);

    /// <summary>The addresses of those who answer for the portal.</summary>
    Task<IReadOnlyList<string>> OwnersAsync(CancellationToken ct);
}
