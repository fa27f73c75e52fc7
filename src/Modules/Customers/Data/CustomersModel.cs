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
        });
        model.Entity<ProcessorCustomer>(known =>
        {
            known.ToTable("customers_processor_customer");
            known.Property(k => k.ProcessorId).HasMaxLength(200);
            known.HasIndex(k => new { k.ConnectionId, k.ProcessorId }).IsUnique();
            known.HasIndex(k => k.CustomerId);
        });
        model.Entity<SignInRequest>(request =>
        {
            request.ToTable("customers_sign_in_request");
            request.Property(r => r.EmailCanonical).HasMaxLength(EmailAddress.MaxLength + 60);
            request.Property(r => r.Language).HasMaxLength(20);
            request.Property(r => r.ReturnTo).HasMaxLength(500);
            request.HasIndex(r => new { r.EmailCanonical, r.MailedAt });
        });
        model.Entity<SignInLink>(link =>
        {
            link.ToTable("customers_sign_in_link");
            link.Property(l => l.TokenHash).HasMaxLength(SecretToken.HashLength);
            link.HasIndex(l => l.TokenHash).IsUnique();
            link.HasIndex(l => new { l.CustomerId, l.CreatedAt });
            link.HasIndex(l => l.RequestId).IsUnique();
            link.HasIndex(l => l.CreatedAt);
            link.Property(l => l.ReturnTo).HasMaxLength(500);
        });
    }
}
