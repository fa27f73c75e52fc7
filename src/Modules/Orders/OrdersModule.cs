using Autofac;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Orders.Data;
using Portal.Orders.ProveOwnership;
using Portal.Orders.RecordOrder;
using Portal.Orders.ShowOrder;
using Portal.Processors;

namespace Portal.Orders;

/// <summary>What was bought and paid, over all processors.</summary>
public sealed class OrdersModule : Module
{
    /// <inheritdoc />
    protected override void Load(ContainerBuilder builder)
    {
        builder.AddModel<OrdersModel>();
        builder.RegisterType<OrderBook>().As<IOrders>().InstancePerLifetimeScope();
        builder.RegisterType<ProveByOrder>().As<IProveOwnership>().InstancePerLifetimeScope();
        builder.RegisterType<RecordOrder.RecordOrder>().As<IApplyRecords<OrderRecord>>().InstancePerLifetimeScope();
        builder
            .RegisterType<RecordPayment.RecordPayment>()
            .As<IApplyRecords<PaymentRecord>>()
            .As<IApplyRecords<RefundRecord>>()
            .As<IApplyRecords<DisputeRecord>>()
            .InstancePerLifetimeScope();
        builder.RegisterType<FindCustomers.OrdersOfCustomers>().As<IKnowCustomers>().InstancePerLifetimeScope();
        builder.AddPart(PageSlots.AdminCustomer, 10, "CustomerOrders");
        builder.AddPersonalData<OrdersPersonalData>();
        builder.RegisterType<ErasedOrders>().As<IKnowErased>().InstancePerLifetimeScope();
        builder.AddSection(Section("/orders", "Orders", 10));
        builder.AddSection(Section("/payments", "Payments", 20));
        builder.AddPart(PageSlots.Attention, 10, "FailedPayment");
        builder.AddPart(PageSlots.Overview, 20, "RecentOrders");
    }

    private static PortalSection Section(string path, string name, int order) =>
        new()
        {
            Audience = Audience.Buyer,
            Path = path,
            Texts = typeof(Texts),
            Name = name,
            Order = order,
        };
}
