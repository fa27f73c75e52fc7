using Microsoft.EntityFrameworkCore;
using Portal.Kernel;

namespace Portal.Invoices.Data;

internal sealed class InvoicesModel : IModelPart
{
    private const int HashLength = 32;

    public void Build(ModelBuilder model)
    {
        model.Entity<Document>(document =>
        {
            document.ToTable("invoices_document");
            document.Property(d => d.PublicId).HasMaxLength(PublicId.MaxLength);
            document.HasIndex(d => d.PublicId).IsUnique();
            document.Property(d => d.OrderId).OwnerFollows("orders_order");
            document.HasIndex(d => d.OrderId).IsUnique();
            document.Property(d => d.Number).HasMaxLength(40);
            document.HasIndex(d => d.Number).IsUnique();
            document.HasIndex(d => new
            {
                d.CustomerId,
                d.ListedAt,
                d.Id,
            });
            document.ComplexProperty(d => d.Total, total => total.Property(t => t.Currency).HasMaxLength(3));
            document.Property(d => d.Hash).HasMaxLength(HashLength);
            document.Property(d => d.PreviousHash).HasMaxLength(HashLength);
            document.Property(d => d.PdfHash).HasMaxLength(64);
        });
        model.Entity<Series>(series =>
        {
            series.ToTable("invoices_series");
            series.HasKey(s => s.Name);
            series.Property(s => s.Name).HasMaxLength(40);
            series.Property(s => s.LastHash).HasMaxLength(HashLength);
        });
        model.Entity<ProcessorInvoice>(invoice =>
        {
            invoice.ToTable("invoices_processor_invoice");
            invoice.Property(i => i.ProcessorId).HasMaxLength(200);
            invoice.HasIndex(i => new { i.ConnectionId, i.ProcessorId }).IsUnique();
            invoice.Property(i => i.OrderProcessorId).HasMaxLength(200);
            invoice.HasIndex(i => new { i.ConnectionId, i.OrderProcessorId });
            invoice.Property(i => i.Number).HasMaxLength(1000);
        });
        model.Entity<PdfJob>(job =>
        {
            job.ToTable("invoices_pdf_job");
            job.HasOne<Document>().WithMany().HasForeignKey(j => j.DocumentId);
        });
    }
}
