using Microsoft.EntityFrameworkCore;
using Portal.Kernel;

namespace Portal.Connections.Data;

internal sealed class ConnectionsModel : IModelPart
{
    public void Build(ModelBuilder model)
    {
        model.Entity<ConnectedAccount>(account =>
        {
            account.ToTable("connections_account");
            account.Property(a => a.PublicId).HasMaxLength(PublicId.MaxLength);
            account.HasIndex(a => a.PublicId).IsUnique();
            account.Property(a => a.Plugin).HasMaxLength(40);
            account.Property(a => a.Name).HasMaxLength(100);
            account.HasIndex(a => a.Name).IsUnique();
        });
        model.Entity<InboxDelivery>(delivery =>
        {
            delivery.ToTable("connections_inbox");
            delivery.Property(d => d.PublicId).HasMaxLength(PublicId.MaxLength);
            delivery.HasIndex(d => d.PublicId).IsUnique();
            delivery.Property(d => d.DeliveryId).HasMaxLength(200);
            delivery.HasIndex(d => new { d.ConnectionId, d.DeliveryId }).IsUnique();
            delivery.HasIndex(d => new { d.ConnectionId, d.ReceivedAt });
            delivery.HasIndex(d => new { d.ConnectionId, d.WaitsFor });
            delivery.Property(d => d.EventType).HasMaxLength(InboxDelivery.EventTypeLength);
            delivery.Property(d => d.WaitsFor).HasMaxLength(250);
            delivery.Property(d => d.Sender).HasMaxLength(64);
            delivery.Property(d => d.Method).HasMaxLength(10);
            delivery.HasOne<ConnectedAccount>().WithMany().HasForeignKey(d => d.ConnectionId);
        });
    }
}
