using Microsoft.AspNetCore.Identity;
using Portal.Kernel;

namespace Portal.Access.Data;

/// <summary>Whose passkeys: what a browser knows an account by. Kept when the last passkey is removed, so that a new one replaces it on the device.</summary>
internal sealed class PasskeyHolder
{
    private PasskeyHolder() { }

    public PasskeyHolder(Audience audience, long subject) => (Audience, Subject, Handle) = (audience, subject, PublicId.New("pkh"));

    public long Id { get; private set; }
    public Audience Audience { get; private set; }

    /// <summary>The buyer's or merchant's row number.</summary>
    public long Subject { get; private set; }

    /// <summary>The user handle: random, so that a device stores nothing about a person.</summary>
    public string Handle { get; private set; } = "";
}

/// <summary>A key pair on somebody's device, of which the portal has the public half.</summary>
internal sealed class Passkey
{
    public const int LabelLength = 60;
    public const int CredentialIdLength = 1023;
    private static readonly string[] KnownTransports = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"];

    private Passkey() { }

    public Passkey(long holder, UserPasskeyInfo made, string label, DateTimeOffset now)
    {
        (HolderId, PublicId, Label, CreatedAt) = (holder, Kernel.PublicId.New("psk"), label, now);
        (CredentialId, PublicKey, SignCount) = (made.CredentialId, made.PublicKey, made.SignCount);
        (IsBackupEligible, IsBackedUp) = (made.IsBackupEligible, made.IsBackedUp);
        Transports = made.Transports is null ? null : string.Join(' ', made.Transports.Intersect(KnownTransports));
    }

    public long Id { get; private set; }
    public string PublicId { get; private set; } = "";
    public long HolderId { get; private set; }
    public byte[] CredentialId { get; private set; } = [];
    public byte[] PublicKey { get; private set; } = [];

    /// <summary>Counted by the device; one that does not go up hints at a copy. Passkeys that wander between devices stay at zero.</summary>
    public long SignCount { get; private set; }

    /// <summary>How a browser reaches the device, separated by blanks; only a hint, so what is not known is left out.</summary>
    public string? Transports { get; private set; }
    public bool IsBackupEligible { get; private set; }
    public bool IsBackedUp { get; private set; }

    /// <summary>What its owner calls it.</summary>
    public string Label { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>As the framework's handler wants it. What a device said about its make is neither asked for nor kept.</summary>
    public UserPasskeyInfo ToInfo() =>
        new(
            CredentialId,
            PublicKey,
            CreatedAt,
            (uint)SignCount,
            Transports?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            true,
            IsBackupEligible,
            IsBackedUp,
            [],
            []
        );
}

/// <summary>A question put to a device, which it signs. Answered once, whatever comes of it: the row is taken away with the answer.</summary>
internal sealed class PasskeyChallenge
{
    private PasskeyChallenge() { }

    public PasskeyChallenge(Audience audience, long? subject, string token, string state, DateTimeOffset expiresAt)
    {
        (Audience, Subject, PublicId) = (audience, subject, Kernel.PublicId.New("pkc"));
        (TokenHash, State, ExpiresAt) = (SecretToken.Hash(token), state, expiresAt);
    }

    public long Id { get; private set; }
    public string PublicId { get; private set; } = "";
    public Audience Audience { get; private set; }

    /// <summary>Who adds a passkey; null when somebody signs in.</summary>
    public long? Subject { get; private set; }

    /// <summary>Of the cookie: the answer must come from the browser that was asked.</summary>
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>What the framework's handler wants back.</summary>
    public string State { get; private set; } = "";
    public DateTimeOffset ExpiresAt { get; private set; }
}
