using Autofac;
using Portal.Access.Contract;
using Portal.Connections.Contract;
using Portal.Kernel;
using Portal.Processors;
using Portal.Subscriptions.Data;
using Portal.Subscriptions.RecordSubscription;
using Portal.Subscriptions.RefreshSubscriptions;
using Portal.Subscriptions.SettleActions;

namespace Portal.Subscriptions;

/// <summary>What renews, and everything a buyer may want of it.</summary>
public sealed class SubscriptionsModule : Module
{
    /// <inheritdoc />
    protected override void Load(ContainerBuilder builder)
    {
        builder.AddModel<SubscriptionsModel>();
        builder.RegisterType<RecordSubscription.RecordSubscription>().As<IApplyRecords<SubscriptionRecord>>().InstancePerLifetimeScope();
        builder.RegisterType<RecordPaymentMethod.RecordPaymentMethod>().As<IApplyRecords<PaymentMethodRecord>>().InstancePerLifetimeScope();
        builder.RegisterType<SettleAction>().InstancePerLifetimeScope();
        builder.AddWorker<SubscriptionAction, SettleAction>();
        builder.AddPersonalData<SubscriptionsPersonalData>();
        builder.RegisterType<ErasedSubscriptions>().As<IKnowErased>().InstancePerLifetimeScope();
        builder.AddRecurring<RemindOfRenewals.RemindOfRenewals>();
        builder.AddRecurring<RefreshDueSubscriptions>();
        builder.AddActivities(SubscriptionsActivity.All);
        builder.AddSection(
            new PortalSection
            {
                Audience = Audience.Buyer,
                Path = "/subscriptions",
                Texts = typeof(Texts),
                Name = "Subscriptions",
                Order = 30,
            }
        );
        builder.AddPart(PageSlots.OverviewCard, 10, "NextPayment");
        builder.AddPart(PageSlots.Overview, 10, "MySubscriptions");
        builder.AddPart(PageSlots.Payments, 10, "UpcomingPayments");
        builder.AddPart(PageSlots.AdminCustomer, 20, "CustomerSubscriptions");
        builder.AddPart(PageSlots.Dashboard, 15, "StuckActions");
    }
}
