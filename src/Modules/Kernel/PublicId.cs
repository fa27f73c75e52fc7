using System.Security.Cryptography;

namespace Portal.Kernel;

/// <summary>The names of things in URLs: a prefix and 128 random bits, <c>ord_4Jd…</c>. Unguessable, yet never a permission.</summary>
public static class PublicId
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Longest id, for columns.</summary>
    public const int MaxLength = 32;

    /// <summary>A fresh id; 22 characters of 62 hold 130 bits.</summary>
    public static string New(string prefix) => prefix + "_" + RandomNumberGenerator.GetString(Alphabet, 22);
}
