using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Kernel;

/// <summary>A secret handed to one person, of which the portal keeps only the hash.</summary>
public static class SecretToken
{
    /// <summary>Bytes of a hash, for columns.</summary>
    public const int HashLength = 32;

    /// <summary>Characters of a token: 256 bits in URL-safe base64.</summary>
    public const int TokenLength = 43;

    /// <summary>A fresh token.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored and looked up. SHA-256 without salt is enough for 256 random bits.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
