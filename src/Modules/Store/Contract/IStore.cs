namespace Portal.Store.Contract;

/// <summary>Who the merchant is and what the portal looks like: the merchant's choice, on every page, mail and document.</summary>
public sealed record StoreInfo
{
    /// <summary>As buyers know it.</summary>
    public required string Name { get; init; }

    /// <summary>False until the merchant named it.</summary>
    public required bool IsNamed { get; init; }

    /// <summary>As it stands on invoices; the name when there is none.</summary>
    public required string LegalName { get; init; }

    /// <summary>Postal address, a line each; empty until the merchant fills it in.</summary>
    public required IReadOnlyList<string> AddressLines { get; init; }

    /// <summary>ISO 3166-1 alpha-2; decides the paper size.</summary>
    public string? Country { get; init; }

    /// <summary>VAT or tax number.</summary>
    public string? TaxId { get; init; }

    /// <summary>Register, court, managing directors: the foot of an invoice.</summary>
    public string? LegalNote { get; init; }

    /// <summary>Where buyers write for help.</summary>
    public string? SupportEmail { get; init; }

    /// <summary>Terms of sale.</summary>
    public string? TermsUrl { get; init; }

    /// <summary>Privacy notice.</summary>
    public string? PrivacyUrl { get; init; }

    /// <summary>The brand color, <c>#rrggbb</c>.</summary>
    public required string BrandColor { get; init; }

    /// <summary>Black or white, whichever reads better on <see cref="BrandColor"/>.</summary>
    public required string BrandInk { get; init; }

    /// <summary>Changes with the logo; null while there is none.</summary>
    public string? LogoVersion { get; init; }

    /// <summary>Whether buyers may sign in with a password. Off makes every password useless at once.</summary>
    public bool AllowPasswords { get; init; }

    /// <summary>What mails are sent as and numbers begin with: letters and digits of the name.</summary>
    public required string NumberPrefix { get; init; }

    /// <summary>How long the law keeps invoices and the books behind them, where the merchant did not say otherwise.</summary>
    public const int UsualYears = 10;

    /// <summary>How long the law where the seller is keeps invoices and the books behind them, in years.</summary>
    public int KeepInvoicesYears { get; init; } = UsualYears;

    /// <summary>What was recorded from this moment on is still kept: the years are counted from the end of the calendar year.</summary>
    public DateTimeOffset KeptSince(DateTimeOffset now) => YearsBegin(now.UtcDateTime.Year - KeepInvoicesYears);

    /// <summary>When what was recorded then need not be kept any longer.</summary>
    public DateTimeOffset KeptUntil(DateTimeOffset recordedAt) => YearsBegin(recordedAt.UtcDateTime.Year + KeepInvoicesYears + 1);

    private static DateTimeOffset YearsBegin(int year) => new(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
}

/// <summary>Who the seller is.</summary>
/// <param name="Name">As buyers know it.</param>
/// <param name="LegalName">As it stands on invoices.</param>
/// <param name="Address">As on an envelope, lines separated by line feeds.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="TaxId">VAT or tax number.</param>
/// <param name="SupportEmail">Where buyers write for help.</param>
public sealed record StoreDescription(string Name, string LegalName, string Address, string Country, string TaxId, string SupportEmail);

/// <summary>The merchant's store.</summary>
public interface IStore
{
    /// <summary>As it is now.</summary>
    Task<StoreInfo> GetAsync(CancellationToken ct);

    /// <summary>Fills in who the seller is.</summary>
    Task DescribeAsync(StoreDescription description, CancellationToken ct);

    /// <summary>Names it, at set-up.</summary>
    Task RenameAsync(string name, CancellationToken ct);
}
