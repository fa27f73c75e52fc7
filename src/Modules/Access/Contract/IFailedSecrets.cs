using Microsoft.AspNetCore.Mvc;

namespace Portal.Access.Contract;

/// <summary>What somebody may guess at. Stored by name.</summary>
public enum SecretKind
{
    /// <summary>A mailed link that signs in.</summary>
    SignInLink,

    /// <summary>The six digits of the same mail.</summary>
    SignInCode,

    /// <summary>A link that proves an address, chooses a password or undoes a change.</summary>
    MailedLink,

    /// <summary>A buyer's or merchant's password.</summary>
    Password,

    /// <summary>A one-time code of an authenticator, or a recovery code.</summary>
    SecondFactor,

    /// <summary>A passkey's answer.</summary>
    Passkey,

    /// <summary>The code of the first start.</summary>
    SetUpCode,

    /// <summary>An order number with its processor reference, or a license key, given to find the address on file.</summary>
    HelpPair,

    /// <summary>A link to a file.</summary>
    DownloadLink,

    /// <summary>A license key.</summary>
    LicenseKey,

    /// <summary>A key of the server API.</summary>
    ApiKey,
}

/// <summary>
/// The ceiling over all addresses: limits per network do not see who guesses from many. Prove the secret first and count only a wrong one,
/// so that a right one is never refused and nobody can be locked out.
/// </summary>
public interface IFailedSecrets
{
    /// <summary>Counts a secret that was wrong. Each node counts its own; merchants are told when it is too many.</summary>
    /// <param name="kind">What was guessed at.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <returns>Null: answer as always. Above the ceiling, the answer to give instead: 429.</returns>
    Task<IActionResult?> CountAsync(SecretKind kind, CancellationToken ct);
}
