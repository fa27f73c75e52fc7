using Autofac;
using Portal.Connections.ApplyRecords;
using Portal.Connections.CallProcessor;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Connections.ReceiveWebhook;
using Portal.Connections.Reconcile;
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
        builder.RegisterType<Adapters>().SingleInstance();
        builder.RegisterType<ConnectionBook>().As<IConnections>().InstancePerLifetimeScope();
        builder.RegisterType<RecordAppliers>().InstancePerLifetimeScope();
        builder.RegisterType<RecordIntake>().As<IRecordIntake>().InstancePerLifetimeScope();
        builder.RegisterType<ImportHistory>().As<IImportHistory>().InstancePerLifetimeScope();
        builder.AddWorker<InboxDelivery, WorkInbox>();
        builder.AddRecurring<ReconcileConnections>();
    }
}
