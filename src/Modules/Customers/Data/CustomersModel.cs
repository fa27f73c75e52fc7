using Microsoft.EntityFrameworkCore;
using Portal.Kernel;

namespace Portal.Customers.Data;

internal sealed class CustomersModel : IModelPart
{
    public void Build(ModelBuilder model)
    {
        model.Entity<Customer>(customer =>
        {
            customer.ToTable("customers_customer");
            customer.HasKey(c => c.RowId);
            customer.Property(c => c.RowId).HasColumnName("Id");
            customer.Ignore(c => c.Id);
            customer.Property(c => c.PublicId).HasMaxLength(PublicId.MaxLength);
            customer.HasIndex(c => c.PublicId).IsUnique();
            customer.Property(c => c.Email).HasMaxLength(EmailAddress.MaxLength);
            customer.Property(c => c.EmailCanonical).HasMaxLength(EmailAddress.MaxLength + 60);
            customer.HasIndex(c => c.EmailCanonical).IsUnique();
            customer.Property(c => c.Name).HasMaxLength(1000);
            customer.Property(c => c.Language).HasMaxLength(20);
            customer.Property(c => c.Country).HasMaxLength(2);
            customer.HasIndex(c => c.ErasedAt);
        });
        model.Entity<ProcessorCustomer>(known =>
        {
            known.ToTable("customers_processor_customer");
            known.Property(k => k.ProcessorId).HasMaxLength(200);
            known.HasIndex(k => new { k.ConnectionId, k.ProcessorId }).IsUnique();
            known.HasIndex(k => k.CustomerId);
        });
        model.Entity<DataExport>(export =>
        {
            export.ToTable("customers_data_export");
            export.Property(e => e.PublicId).HasMaxLength(PublicId.MaxLength);
            export.HasIndex(e => e.PublicId).IsUnique();
            export.HasIndex(e => e.RunningFor).IsUnique();
            export.HasIndex(e => new { e.CustomerId, e.CreatedAt });
            export.Property(e => e.Language).HasMaxLength(20);
            export.Property(e => e.TokenHash).HasMaxLength(SecretToken.HashLength);
            export.HasIndex(e => e.TokenHash).IsUnique();
        });
        model.Entity<ErasureRequest>(request =>
        {
            request.ToTable("customers_erasure_request");
            request.Property(r => r.PublicId).HasMaxLength(PublicId.MaxLength);
            request.HasIndex(r => r.PublicId).IsUnique();
            request.HasIndex(r => r.OpenFor).IsUnique();
            request.HasIndex(r => r.CustomerId);
            request.HasIndex(r => new { r.ListedAt, r.Id });
            request.Property(r => r.Language).HasMaxLength(20);
            request.Property(r => r.Reason).HasMaxLength(ErasureRequest.ReasonLength);
        });
        model.Entity<ErasureRun>(run =>
        {
            run.ToTable("customers_erasure_run");
            run.HasOne<ErasureRequest>().WithMany().HasForeignKey(r => r.RequestId);
        });
        model.Entity<SignInRequest>(request =>
        {
            request.ToTable("customers_sign_in_request");
            request.Property(r => r.EmailCanonical).HasMaxLength(EmailAddress.MaxLength + 60);
            request.Property(r => r.Language).HasMaxLength(20);
            request.Property(r => r.ReturnTo).HasMaxLength(500);
        });
        model.Entity<SignInLink>(link =>
        {
            link.ToTable("customers_sign_in_link");
            link.Property(l => l.TokenHash).HasMaxLength(SecretToken.HashLength);
            link.HasIndex(l => l.TokenHash).IsUnique();
            link.HasIndex(l => new { l.CustomerId, l.CreatedAt });
            link.Property(l => l.ReturnTo).HasMaxLength(500);
        });
    }
}
