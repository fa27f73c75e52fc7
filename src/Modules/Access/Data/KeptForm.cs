using Portal.Kernel;

namespace Portal.Access.Data;

/// <summary>What somebody had typed when she had to sign in: one form per person, sealed, for an hour.</summary>
internal sealed class KeptForm
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private KeptForm() { }

    public KeptForm(Audience audience, long subject, string token, string path, byte[] protectedFields, DateTimeOffset now)
    {
        (Audience, Subject, TokenHash, Path) = (audience, subject, SecretToken.Hash(token), path);
        (ProtectedFields, ExpiresAt) = (protectedFields, now + Life);
    }

    public long Id { get; private set; }
    public Audience Audience { get; private set; }

    /// <summary>Whose session it was that ended.</summary>
    public long Subject { get; private set; }

    /// <summary>Of the cookie in the browser she typed it in: on another one it is not shown.</summary>
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>Where the form was sent.</summary>
    public string Path { get; private set; } = "";
    public byte[] ProtectedFields { get; private set; } = [];
    public DateTimeOffset ExpiresAt { get; private set; }
}
