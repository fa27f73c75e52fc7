using Autofac;
using Portal.Kernel.Work;

namespace Portal.Kernel;

/// <summary>The few things every module shares.</summary>
public sealed class KernelModule : Module
{
    /// <inheritdoc />
    protected override void Load(ContainerBuilder builder)
    {
        builder.RegisterType<Buyer>().InstancePerLifetimeScope();
        builder.RegisterType<Actor>().InstancePerLifetimeScope();
        builder.RegisterType<PortalDbParts>().InstancePerLifetimeScope();
        builder.RegisterType<OwnedRows>().InstancePerLifetimeScope();
        builder.RegisterType<PageParts>().SingleInstance();
        builder.RegisterType<FileStore>().SingleInstance();
        builder.RegisterType<WorkBells>().SingleInstance();
        builder.RegisterType<ViewText>().InstancePerLifetimeScope();
        builder.RegisterGeneric(typeof(Publisher<>)).As(typeof(IPublish<>)).InstancePerLifetimeScope();
    }
}
