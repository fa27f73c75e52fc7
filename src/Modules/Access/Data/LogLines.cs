using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Kernel;

namespace Portal.Access.Data;

/// <summary>What happened to or by a customer, for her to read.</summary>
internal sealed class ActivityLine : IOwned, IListed
{
    private ActivityLine() { }

    public ActivityLine(CustomerId customer, string kind, IReadOnlyList<string> details, Actor actor, string? address, DateTimeOffset now)
    {
        (PublicId, CustomerId, Kind, Details) = (Kernel.PublicId.New("act"), customer, kind, JsonSerializer.Serialize(details));
        (Actor, Address, ListedAt) = (actor.Audience, address, now);
    }

    public long Id { get; private set; }
    public string PublicId { get; private set; } = "";
    public CustomerId? CustomerId { get; private set; }
    public string Kind { get; private set; } = "";

    /// <summary>A JSON list of strings.</summary>
    public string Details { get; private set; } = "[]";

    /// <summary>Who did it: <see cref="Audience.Public"/> stands for the portal itself.</summary>
    public Audience Actor { get; private set; }
    public string? Address { get; private set; }
    public DateTimeOffset ListedAt { get; private set; }

    public IReadOnlyList<string> Filling => JsonSerializer.Deserialize<string[]>(Details)!;
}

/// <summary>What a merchant did. Each line carries the hash of the one before: changing or removing one shows.</summary>
internal sealed class AuditLine : IListed
{
    private AuditLine() { }

    public AuditLine(
        long number,
        string kind,
        IReadOnlyList<string> details,
        Actor actor,
        string? about,
        string? address,
        DateTimeOffset now,
        byte[] before
    )
    {
        (Number, PublicId, Kind, Details) = (number, Kernel.PublicId.New("aud"), kind, JsonSerializer.Serialize(details));
        (Actor, About, Address, ListedAt) = (actor.Name ?? "", about, address, now);
        (HashBefore, Hash) = (before, Compute(before));
    }

    public long Id { get; private set; }

    /// <summary>From 1, without gaps.</summary>
    public long Number { get; private set; }
    public string PublicId { get; private set; } = "";
    public string Kind { get; private set; } = "";
    public string Details { get; private set; } = "[]";

    /// <summary>The merchant's address as it was then.</summary>
    public string Actor { get; private set; } = "";

    /// <summary>The row number of the customer it is about; no name, so that erasing her leaves the chain whole.</summary>
    public string? About { get; private set; }
    public string? Address { get; private set; }
    public DateTimeOffset ListedAt { get; private set; }
    public byte[] HashBefore { get; private set; } = [];
    public byte[] Hash { get; private set; } = [];

    public IReadOnlyList<string> Filling => JsonSerializer.Deserialize<string[]>(Details)!;

    public byte[] Compute(byte[] before) =>
        SHA256.HashData([
            .. before,
            .. Encoding.UTF8.GetBytes(
                JsonSerializer.Serialize<string?[]>([
                    Number.ToString(CultureInfo.InvariantCulture),
                    PublicId,
                    Kind,
                    Details,
                    Actor,
                    About,
                    Address,
                    ListedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                ])
            ),
        ]);
}

/// <summary>Where the audit log ends; the one row that those who add a line queue at.</summary>
internal sealed class AuditEnd
{
    public const int TheOne = 1;

    public int Id { get; private set; } = TheOne;
    public long Number { get; set; }
    public byte[] Hash { get; set; } = [];
}
