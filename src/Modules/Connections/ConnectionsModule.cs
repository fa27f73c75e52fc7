using Autofac;
using Portal.Access.Contract;
using Portal.Connections.ApplyRecords;
using Portal.Connections.CallProcessor;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Connections.ManageConnections;
using Portal.Connections.ReceiveWebhook;
using Portal.Connections.Reconcile;
using Portal.Connections.ShowMatrix;
using Portal.Kernel;

namespace Portal.Connections;

/// <summary>Merchant accounts at processors: the guarded way out, the webhook inbox, reconciliation.</summary>
public sealed class ConnectionsModule : Module
{
    /// <inheritdoc />
    protected override void Load(ContainerBuilder builder)
    {
        builder.AddModel<ConnectionsModel>();
        builder.RegisterType<ConnectionSecrets>().SingleInstance();
        builder.RegisterType<PluginSentences>().As<IPluginSentences>().InstancePerLifetimeScope();
        builder.RegisterType<Adapters>().SingleInstance();
        builder.RegisterType<ConnectionBook>().As<IConnections>().InstancePerLifetimeScope();
        builder.RegisterType<RecordAppliers>().InstancePerLifetimeScope();
        builder.RegisterType<ErasedPeople>().InstancePerLifetimeScope();
        builder.RegisterType<RecordIntake>().As<IRecordIntake>().InstancePerLifetimeScope();
        builder.RegisterType<ImportHistory>().As<IImportHistory>().InstancePerLifetimeScope();
        builder.AddWorker<InboxDelivery, WorkInbox>();
        builder.AddRecurring<ReconcileConnections>();
        builder.AddRecurring<ForgetOldBodies>();
        builder.AddPersonalData<ConnectionsPersonalData>();
        builder.RegisterType<CheckConnection>().InstancePerLifetimeScope();
        builder.RegisterType<CapabilityMatrix>().As<ICapabilityMatrix>().InstancePerLifetimeScope();
        builder.AddActivities(ConnectionsActivity.All);
        builder.AddSection(Section("/admin/connections", "Connections", 20));
        builder.AddSection(Section("/admin/deliveries", "ParkedDeliveries", 30));
        builder.AddPart(PageSlots.Dashboard, 10, "ParkedTrouble");
        builder.AddPart(PageSlots.Dashboard, 20, "ConnectionTroubles");
    }

    private static PortalSection Section(string path, string name, int order) =>
        new()
        {
            Audience = Audience.Merchant,
            Path = path,
            Texts = typeof(Texts),
            Name = name,
            Order = order,
        };
}
