using System.Security.Cryptography;
using System.Text;

namespace Portal.Admin.SetUp;

/// <summary>Made at each start, printed to the terminal: who can read it owns the machine.</summary>
internal sealed class SetUpCode
{
    // Without look-alikes; it is typed from a terminal.
    private const string Alphabet = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

    public string Code { get; } = RandomNumberGenerator.GetString(Alphabet, 16);

    public bool Matches(string? typed) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(typed?.Trim().ToUpperInvariant() ?? ""), Encoding.UTF8.GetBytes(Code));
}
