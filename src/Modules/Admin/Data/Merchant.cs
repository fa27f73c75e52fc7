using Microsoft.EntityFrameworkCore;
using Portal.Kernel;

namespace Portal.Admin.Data;

/// <summary>Somebody who administers the portal.</summary>
internal sealed class Merchant
{
    private Merchant() { }

    public Merchant(string email, MerchantRole role, DateTimeOffset now) => (Email, Role, CreatedAt) = (email, role, now);

    public long Id { get; private set; }

    /// <summary>In lower case.</summary>
    public string Email { get; private set; } = "";
    public MerchantRole Role { get; set; } = MerchantRole.Owner;
    public string PasswordHash { get; set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Kept, not deleted: the audit log names her.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}

internal sealed class AdminModel : IModelPart
{
    public void Build(ModelBuilder model) =>
        model.Entity<Merchant>(merchant =>
        {
            merchant.ToTable("admin_merchant");
            merchant.Property(m => m.Email).HasMaxLength(254);
            merchant.HasIndex(m => m.Email).IsUnique();
            merchant.Property(m => m.PasswordHash).HasMaxLength(500);
        });
}
