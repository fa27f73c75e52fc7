using Microsoft.EntityFrameworkCore;
using Portal.Kernel;

namespace Portal.Admin.Data;

internal sealed class AdminModel : IModelPart
{
    private const int LongestEmail = 254;

    public void Build(ModelBuilder model)
    {
        model.Entity<Merchant>(merchant =>
        {
            merchant.ToTable("admin_merchant");
            merchant.Property(m => m.PublicId).HasMaxLength(PublicId.MaxLength);
            merchant.HasIndex(m => m.PublicId).IsUnique();
            merchant.Property(m => m.Email).HasMaxLength(LongestEmail);
            merchant.HasIndex(m => m.Email).IsUnique();
            merchant.Property(m => m.PasswordHash).HasMaxLength(500);
            merchant.Property(m => m.Language).HasMaxLength(20);
            merchant.Ignore(m => m.IsInvited);
        });
        model.Entity<AuthenticatorApp>(app =>
        {
            app.ToTable("admin_authenticator");
            app.HasKey(a => a.MerchantId);
            app.Property(a => a.MerchantId).ValueGeneratedNever();
            app.HasOne<Merchant>().WithMany().HasForeignKey(a => a.MerchantId);
        });
        model.Entity<RecoveryCode>(code =>
        {
            code.ToTable("admin_recovery_code");
            code.Property(c => c.CodeHash).HasMaxLength(SecretToken.HashLength);
            code.HasIndex(c => new { c.MerchantId, c.CodeHash }).IsUnique();
            code.HasOne<Merchant>().WithMany().HasForeignKey(c => c.MerchantId);
        });
        model.Entity<SignInStep>(step =>
        {
            step.ToTable("admin_sign_in_step");
            step.Property(s => s.TokenHash).HasMaxLength(SecretToken.HashLength);
            step.HasIndex(s => s.TokenHash).IsUnique();
            step.Property(s => s.ReturnTo).HasMaxLength(500);
            step.HasOne<Merchant>().WithMany().HasForeignKey(s => s.MerchantId);
        });
        model.Entity<MerchantLink>(link =>
        {
            link.ToTable("admin_link");
            link.Property(l => l.TokenHash).HasMaxLength(SecretToken.HashLength);
            link.HasIndex(l => l.TokenHash).IsUnique();
            link.HasOne<Merchant>().WithMany().HasForeignKey(l => l.MerchantId);
        });
        model.Entity<PasswordResetRequest>(request =>
        {
            request.ToTable("admin_password_request");
            request.Property(r => r.Email).HasMaxLength(LongestEmail);
            request.Property(r => r.Language).HasMaxLength(20);
        });
        model.Entity<FailedTries>(tries =>
        {
            tries.ToTable("admin_failed_tries");
            tries.HasKey(t => t.AddressHash);
            tries.Property(t => t.AddressHash).HasMaxLength(SecretToken.HashLength);
        });
    }
}
