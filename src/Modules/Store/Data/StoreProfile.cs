using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Store.Contract;

namespace Portal.Store.Data;

/// <summary>The one row of the merchant's choices.</summary>
internal sealed class StoreProfile : IVersioned
{
    public const int TheOne = 1;

    public int Id { get; set; } = TheOne;
    public string Name { get; set; } = "";
    public string? LegalName { get; set; }
    public string? Address { get; set; }
    public string? Country { get; set; }
    public string? TaxId { get; set; }
    public string? LegalNote { get; set; }
    public string? SupportEmail { get; set; }
    public string? TermsUrl { get; set; }
    public string? PrivacyUrl { get; set; }
    public string BrandColor { get; set; } = BrandColors.Default;
    public string NumberPrefix { get; set; } = "INV";

    /// <summary>Null while the merchant has not said otherwise than <see cref="Contract.StoreInfo.UsualYears"/>.</summary>
    public int? KeepInvoicesYears { get; set; }
    public byte[]? Logo { get; set; }
    public string? LogoType { get; set; }
    public bool AllowPasswords { get; set; }
    public Guid Version { get; set; }

    public StoreInfo ToInfo() =>
        new()
        {
            Name = Name.Length > 0 ? Name : "Portal",
            IsNamed = Name.Length > 0,
            LegalName = LegalName ?? (Name.Length > 0 ? Name : "Portal"),
            AddressLines = Address?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            Country = Country,
            TaxId = TaxId,
            LegalNote = LegalNote,
            SupportEmail = SupportEmail,
            TermsUrl = TermsUrl,
            PrivacyUrl = PrivacyUrl,
            BrandColor = BrandColor,
            BrandInk = BrandColors.InkOn(BrandColor),
            LogoVersion = Logo is null ? null : Version.ToString("N"),
            NumberPrefix = NumberPrefix,
            AllowPasswords = AllowPasswords,
            KeepInvoicesYears = KeepInvoicesYears ?? StoreInfo.UsualYears,
        };
}

internal sealed class StoreModel : IModelPart
{
    public void Build(ModelBuilder model) =>
        model.Entity<StoreProfile>(store =>
        {
            store.ToTable("store_profile");
            store.Property(s => s.Id).ValueGeneratedNever();
            store.Property(s => s.Name).HasMaxLength(100);
            store.Property(s => s.LegalName).HasMaxLength(200);
            store.Property(s => s.Address).HasMaxLength(500);
            store.Property(s => s.Country).HasMaxLength(2);
            store.Property(s => s.TaxId).HasMaxLength(50);
            store.Property(s => s.LegalNote).HasMaxLength(500);
            store.Property(s => s.SupportEmail).HasMaxLength(254);
            store.Property(s => s.TermsUrl).HasMaxLength(500);
            store.Property(s => s.PrivacyUrl).HasMaxLength(500);
            store.Property(s => s.BrandColor).HasMaxLength(7);
            store.Property(s => s.NumberPrefix).HasMaxLength(12);
            store.Property(s => s.LogoType).HasMaxLength(50);
        });
}
