using Microsoft.EntityFrameworkCore;
using Portal.Kernel;

namespace Portal.Orders.Data;

internal sealed class OrdersModel : IModelPart
{
    private const int ProcessorIdLength = 200;
    private const int TextLength = 1000;

    public void Build(ModelBuilder model)
    {
        model.Entity<Order>(order =>
        {
            order.ToTable("orders_order");
            order.Property(o => o.PublicId).HasMaxLength(PublicId.MaxLength);
            order.HasIndex(o => o.PublicId).IsUnique();
            order.Property(o => o.ProcessorId).HasMaxLength(ProcessorIdLength);
            order.Property(o => o.AccountId).HasMaxLength(ProcessorIdLength);
            order.HasIndex(o => new { o.ConnectionId, o.ProcessorId }).IsUnique();
            order.HasIndex(o => o.ProcessorId);
            order.HasIndex(o => new
            {
                o.CustomerId,
                o.ListedAt,
                o.Id,
            });
            order.HasIndex(o => new { o.ConnectionId, o.SubscriptionProcessorId });
            order.ComplexProperty(o => o.Total, total => total.Property(t => t.Currency).HasMaxLength(3));
            order.Property(o => o.SubscriptionProcessorId).HasMaxLength(ProcessorIdLength);
            order.HasIndex(o => o.Reference);
            order.Property(o => o.Reference).HasMaxLength(ProcessorIdLength);
            order.ComplexProperty(o => o.Address, address => PostalAddress.Map(address));
            order.OwnsMany(
                o => o.Lines,
                line =>
                {
                    line.ToTable("orders_line");
                    line.WithOwner().HasForeignKey("OrderId");
                    line.HasKey(l => l.Id);
                    line.Property(l => l.Name).HasMaxLength(TextLength);
                    line.Property(l => l.ProductId).HasMaxLength(ProcessorIdLength);
                    line.Property(l => l.TaxRate).HasPrecision(9, 4);
                }
            );
            order.Navigation(o => o.Lines).UsePropertyAccessMode(PropertyAccessMode.Field);
            order.Ignore(o => o.Tax).Ignore(o => o.Number);
        });
        model.Entity<Payment>(payment =>
        {
            payment.ToTable("orders_payment");
            payment.Property(p => p.PublicId).HasMaxLength(PublicId.MaxLength);
            payment.HasIndex(p => p.PublicId).IsUnique();
            payment.Property(p => p.ProcessorId).HasMaxLength(ProcessorIdLength);
            payment.Property(p => p.AccountId).HasMaxLength(ProcessorIdLength);
            payment.HasIndex(p => new { p.ConnectionId, p.ProcessorId }).IsUnique();
            payment.HasIndex(p => p.ProcessorId);
            payment.HasIndex(p => new
            {
                p.CustomerId,
                p.ListedAt,
                p.Id,
            });
            payment.HasIndex(p => new { p.ConnectionId, p.OrderProcessorId });
            payment.HasIndex(p => new { p.ConnectionId, p.SubscriptionProcessorId });
            payment.HasOne<Order>().WithMany().HasForeignKey(p => p.OrderId);
            payment.ComplexProperty(p => p.Amount, amount => amount.Property(a => a.Currency).HasMaxLength(3));
            payment.Property(p => p.OrderProcessorId).HasMaxLength(ProcessorIdLength);
            payment.Property(p => p.SubscriptionProcessorId).HasMaxLength(ProcessorIdLength);
            payment.Property(p => p.InvoiceProcessorId).HasMaxLength(ProcessorIdLength);
            payment.Property(p => p.FailureCode).HasMaxLength(Payment.FailureCodeLength);
            payment.OwnsMany(
                p => p.Refunds,
                refund =>
                {
                    refund.ToTable("orders_refund");
                    refund.WithOwner().HasForeignKey("PaymentId");
                    refund.HasKey(r => r.Id);
                    refund.Property(r => r.ProcessorId).HasMaxLength(ProcessorIdLength);
                    refund.HasIndex("PaymentId", nameof(Refund.ProcessorId)).IsUnique();
                }
            );
            payment.OwnsMany(
                p => p.Disputes,
                dispute =>
                {
                    dispute.ToTable("orders_dispute");
                    dispute.WithOwner().HasForeignKey("PaymentId");
                    dispute.HasKey(d => d.Id);
                    dispute.Property(d => d.ProcessorId).HasMaxLength(ProcessorIdLength);
                    dispute.HasIndex("PaymentId", nameof(Dispute.ProcessorId)).IsUnique();
                }
            );
            payment.Navigation(p => p.Refunds).UsePropertyAccessMode(PropertyAccessMode.Field);
            payment.Navigation(p => p.Disputes).UsePropertyAccessMode(PropertyAccessMode.Field);
            payment.Ignore(p => p.Standing).Ignore(p => p.IsOwed);
        });
    }
}
