using Autofac;
using Portal.Access.Contract;
using Portal.Kernel;
using Portal.Store.Contract;
using Portal.Store.Data;

namespace Portal.Store;

/// <summary>Who the merchant is: name, seller's details, look.</summary>
public sealed class StoreModule : Module
{
    /// <inheritdoc />
    protected override void Load(ContainerBuilder builder)
    {
        builder.AddModel<StoreModel>();
        builder.RegisterType<StoreCache>().SingleInstance();
        builder.RegisterType<StoreBook>().AsSelf().As<IStore>().InstancePerLifetimeScope();
        builder.AddActivities(StoreActivity.All);
        builder.AddSection(
            new PortalSection
            {
                Audience = Audience.Merchant,
                Path = "/admin/store",
                Texts = typeof(Texts),
                Name = "Store",
                Order = 40,
            }
        );
    }
}
