using Microsoft.AspNetCore.Identity;
using Portal.Kernel;

namespace Portal.Access.Contract;

/// <summary>Hashes and proves passwords, for whoever may have one. The hash is kept by the account's own module.</summary>
public sealed class Passwords
{
    /// <summary>Length is what makes a password hard to guess; composition rules only make it hard to remember.</summary>
    public const int Shortest = 12;

    /// <summary>Longer ones only cost time.</summary>
    public const int Longest = 200;

    private static readonly object Nobody = new();
    private readonly PasswordHasher<object> hasher = new();
    private readonly Lazy<string> nobodys;

    /// <summary>One for the process.</summary>
    public Passwords() => nobodys = new Lazy<string>(() => Hash(SecretToken.New()));

    /// <summary>Whether a password may be chosen at all.</summary>
    public static bool IsAcceptable(string? password) => password is { Length: >= Shortest and <= Longest };

    /// <summary>What is stored.</summary>
    public string Hash(string password) => hasher.HashPassword(Nobody, password);

    /// <summary>Whether a password is the one. Takes as long for nobody's hash, so that guessing accounts learns nothing.</summary>
    /// <param name="hash">The stored hash; null for an account that is not there or has none.</param>
    /// <param name="password">As typed.</param>
    public bool Prove(string? hash, string? password)
    {
        var typed = password is { Length: <= Longest } ? password : "";
        var verdict = hasher.VerifyHashedPassword(Nobody, hash ?? nobodys.Value, typed);
        return hash is not null && typed.Length > 0 && verdict != PasswordVerificationResult.Failed;
    }
}
