using Microsoft.EntityFrameworkCore;
using Portal.Customers.Contract;
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
            customer.Property(c => c.PasswordHash).HasMaxLength(500);
            customer.HasIndex(c => c.MergedIntoId);
            customer.HasIndex(c => new { c.CreatedAt, c.RowId });
            customer.Property(c => c.Name).HasMaxLength(1000);
            customer.Property(c => c.Language).HasMaxLength(20);
            customer.ComplexProperty(c => c.Address, address => PostalAddress.Map(address));
            customer.ComplexProperty(c => c.ShippingAddress, address => PostalAddress.Map(address, "Shipping"));
            customer.Property(c => c.Phone).HasMaxLength(40);
            customer.Property(c => c.PhoneNumber).HasMaxLength(20);
            customer.Property(c => c.BusinessName).HasMaxLength(200);
            customer.Property(c => c.TaxId).HasMaxLength(TaxIdCheck.MaxLength);
            customer.Property(c => c.Own).HasConversion<int>();
            customer.HasIndex(c => c.ErasedAt);
        });
        model.Entity<ProcessorCustomer>(known =>
        {
            known.ToTable("customers_processor_customer");
            known.Property(k => k.ProcessorId).HasMaxLength(200);
            known.HasIndex(k => new { k.ConnectionId, k.ProcessorId }).IsUnique();
            known.Property(k => k.CustomerId).IsRequired();
            known.HasIndex(k => k.CustomerId);
        });
        model.Entity<CustomerEmail>(email =>
        {
            email.ToTable("customers_email");
            email.Property(e => e.PublicId).HasMaxLength(PublicId.MaxLength);
            email.HasIndex(e => e.PublicId).IsUnique();
            email.Property(e => e.CustomerId).IsRequired();
            email.HasIndex(e => e.CustomerId);
            email.Property(e => e.Address).HasMaxLength(EmailAddress.MaxLength);
            email.Property(e => e.Canonical).HasMaxLength(EmailAddress.MaxCanonicalLength);
            email.HasIndex(e => e.Canonical).IsUnique();
        });
        model.Entity<MailedLink>(link =>
        {
            link.ToTable("customers_mailed_link");
            link.Property(l => l.TokenHash).HasMaxLength(SecretToken.HashLength);
            link.HasIndex(l => l.TokenHash).IsUnique();
            link.Property(l => l.Address).HasMaxLength(EmailAddress.MaxLength);
            link.Property(l => l.Canonical).HasMaxLength(EmailAddress.MaxCanonicalLength);
            link.Property(l => l.Instead).HasMaxLength(EmailAddress.MaxLength);
            link.HasIndex(l => new { l.Canonical, l.CreatedAt });
            link.HasIndex(l => new { l.CustomerId, l.CreatedAt });
            link.HasIndex(l => l.ExpiresAt);
        });
        model.Entity<AddressChange>(change =>
        {
            change.ToTable("customers_address_change");
            change.Property(c => c.PublicId).HasMaxLength(PublicId.MaxLength);
            change.HasIndex(c => c.CustomerId);
            change.HasIndex(c => c.OpenFor).IsUnique();
            change.Property(c => c.Address).HasMaxLength(EmailAddress.MaxLength);
        });
        model.Entity<CustomerMove>(move =>
        {
            move.ToTable("customers_move");
            move.Property(m => m.PublicId).HasMaxLength(PublicId.MaxLength);
            move.HasIndex(m => m.PublicId).IsUnique();
            move.HasIndex(m => m.FromId);
            move.HasIndex(m => m.IntoId);
        });
        model.Entity<Consent>(consent =>
        {
            consent.ToTable("customers_consent");
            consent.HasIndex(c => new { c.CustomerId, c.At });
        });
        model.Entity<TaxIdInquiry>(inquiry =>
        {
            inquiry.ToTable("customers_tax_id_inquiry");
            inquiry.Property(i => i.TaxId).HasMaxLength(TaxIdCheck.MaxLength);
            inquiry.Property(i => i.Reference).HasMaxLength(TaxIdInquiry.ReferenceLength);
            inquiry.HasIndex(i => i.CustomerId);
        });
        model.Entity<CustomerUpdate>(update =>
        {
            update.ToTable("customers_update");
            update.Property(u => u.ProcessorId).HasMaxLength(200);
            update.Property(u => u.Key).HasMaxLength(PublicId.MaxLength);
            update.HasIndex(u => new { u.ConnectionId, u.ProcessorId });
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
            request.Property(r => r.EmailCanonical).HasMaxLength(EmailAddress.MaxCanonicalLength);
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
