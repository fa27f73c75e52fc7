using Microsoft.EntityFrameworkCore;
using Portal.Kernel;

namespace Portal.Access.Data;

internal sealed class AccessModel : IModelPart
{
    public void Build(ModelBuilder model)
    {
        model.Entity<Session>(session =>
        {
            session.ToTable("access_session");
            session.Property(s => s.PublicId).HasMaxLength(PublicId.MaxLength);
            session.HasIndex(s => s.PublicId).IsUnique();
            session.Property(s => s.TokenHash).HasMaxLength(SecretToken.HashLength);
            session.HasIndex(s => s.TokenHash).IsUnique();
            session.HasIndex(s => new { s.Audience, s.Subject });
            session.Property(s => s.UserAgent).HasMaxLength(300);
            session.Property(s => s.Address).HasMaxLength(64);
        });
        model.Entity<KeptForm>(form =>
        {
            form.ToTable("access_kept_form");
            form.HasIndex(f => new { f.Audience, f.Subject }).IsUnique();
            form.Property(f => f.TokenHash).HasMaxLength(SecretToken.HashLength);
            form.HasIndex(f => f.TokenHash).IsUnique();
            form.Property(f => f.Path).HasMaxLength(500);
        });
        model.Entity<RaisedAlert>(alert =>
        {
            alert.ToTable("access_alert");
            alert.HasKey(a => a.Kind);
            alert.Property(a => a.Kind).HasMaxLength(40);
        });
        model.Entity<ActivityLine>(line =>
        {
            line.ToTable("access_activity");
            line.Property(l => l.PublicId).HasMaxLength(PublicId.MaxLength);
            line.Property(l => l.Kind).HasMaxLength(60);
            line.Property(l => l.Address).HasMaxLength(64);
            line.Ignore(l => l.Filling);
            line.HasIndex(l => new
            {
                l.CustomerId,
                l.ListedAt,
                l.Id,
            });
        });
        model.Entity<AuditLine>(line =>
        {
            line.ToTable("access_audit");
            line.HasIndex(l => l.Number).IsUnique();
            line.Property(l => l.PublicId).HasMaxLength(PublicId.MaxLength);
            line.Property(l => l.Kind).HasMaxLength(60);
            line.Property(l => l.Actor).HasMaxLength(254);
            line.Property(l => l.About).HasMaxLength(40);
            line.Property(l => l.Address).HasMaxLength(64);
            line.Ignore(l => l.Filling);
            line.HasIndex(l => new { l.ListedAt, l.Id });
        });
        model.Entity<AuditEnd>(end =>
        {
            end.ToTable("access_audit_end");
            end.Property(e => e.Id).ValueGeneratedNever();
        });
        model.Entity<PasskeyHolder>(holder =>
        {
            holder.ToTable("access_passkey_holder");
            holder.HasIndex(h => new { h.Audience, h.Subject }).IsUnique();
            holder.Property(h => h.Handle).HasMaxLength(PublicId.MaxLength);
            holder.HasIndex(h => h.Handle).IsUnique();
        });
        model.Entity<Passkey>(passkey =>
        {
            passkey.ToTable("access_passkey");
            passkey.HasOne<PasskeyHolder>().WithMany().HasForeignKey(p => p.HolderId).OnDelete(DeleteBehavior.Cascade);
            passkey.Property(p => p.PublicId).HasMaxLength(PublicId.MaxLength);
            passkey.HasIndex(p => p.PublicId).IsUnique();
            passkey.Property(p => p.CredentialId).HasMaxLength(Passkey.CredentialIdLength);
            passkey.HasIndex(p => p.CredentialId).IsUnique();
            passkey.Property(p => p.Transports).HasMaxLength(200);
            passkey.Property(p => p.Label).HasMaxLength(Passkey.LabelLength);
        });
        model.Entity<PasskeyChallenge>(challenge =>
        {
            challenge.ToTable("access_passkey_challenge");
            challenge.Property(c => c.PublicId).HasMaxLength(PublicId.MaxLength);
            challenge.HasIndex(c => c.PublicId).IsUnique();
            challenge.Property(c => c.TokenHash).HasMaxLength(SecretToken.HashLength);
            challenge.HasIndex(c => c.ExpiresAt);
        });
    }
}
