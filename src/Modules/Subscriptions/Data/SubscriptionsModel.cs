using Microsoft.EntityFrameworkCore;
using Portal.Kernel;

namespace Portal.Subscriptions.Data;

internal sealed class SubscriptionsModel : IModelPart
{
    private const int ProcessorIdLength = 200;

    public void Build(ModelBuilder model)
    {
        model.Entity<Subscription>(subscription =>
        {
            subscription.ToTable("subscriptions_subscription");
            subscription.Property(s => s.PublicId).HasMaxLength(PublicId.MaxLength);
            subscription.HasIndex(s => s.PublicId).IsUnique();
            subscription.Property(s => s.ProcessorId).HasMaxLength(ProcessorIdLength);
            subscription.Property(s => s.AccountId).HasMaxLength(ProcessorIdLength);
            subscription.HasIndex(s => new { s.ConnectionId, s.ProcessorId }).IsUnique();
            subscription.HasIndex(s => new
            {
                s.CustomerId,
                s.ListedAt,
                s.Id,
            });
            subscription.HasIndex(s => s.CurrentPeriodEnd);
            subscription.Property(s => s.PlanId).HasMaxLength(ProcessorIdLength);
            subscription.Property(s => s.Name).HasMaxLength(1000);
            subscription.Property(s => s.PriceCurrency).HasMaxLength(3);
            subscription.Ignore(s => s.Price).Ignore(s => s.HasEnded);
        });
        model.Entity<StoredPaymentMethod>(method =>
        {
            method.ToTable("subscriptions_payment_method");
            method.Property(m => m.ProcessorId).HasMaxLength(ProcessorIdLength);
            method.Property(m => m.AccountId).HasMaxLength(ProcessorIdLength);
            method.HasIndex(m => new { m.ConnectionId, m.ProcessorId }).IsUnique();
            method.HasIndex(m => new { m.CustomerId, m.ConnectionId });
        });
        model.Entity<SubscriptionAction>(action =>
        {
            action.ToTable("subscriptions_action");
            action.Property(a => a.Key).HasMaxLength(PublicId.MaxLength);
            action.HasIndex(a => a.Key).IsUnique();
            action.HasIndex(a => a.OpenFor).IsUnique();
            action.HasIndex(a => a.SubscriptionId);
            action.HasOne<Subscription>().WithMany().HasForeignKey(a => a.SubscriptionId);
            action.Property(a => a.LeavingReason).HasMaxLength(40);
            action.Property(a => a.LeavingWords).HasMaxLength(1000);
            action.Property(a => a.RefusedBecause).HasMaxLength(SubscriptionAction.RefusalLength);
        });
    }
}
