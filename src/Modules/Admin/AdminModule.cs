using Autofac;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Admin.SetUp;
using Portal.Kernel;

namespace Portal.Admin;

/// <summary>The merchant's way in and first page; what she does there lives in the modules it is about.</summary>
public sealed class AdminModule : Module
{
    /// <inheritdoc />
    protected override void Load(ContainerBuilder builder)
    {
        builder.AddModel<AdminModel>();
        builder.RegisterType<SetUpCode>().SingleInstance();
        builder.AddSubjects<MerchantSubjects>();
        builder.AddActivities(AdminActivity.All);
        builder.RegisterType<MerchantBook>().AsSelf().As<IMerchants>().InstancePerLifetimeScope();
        builder.AddSection(
            new PortalSection
            {
                Audience = Audience.Merchant,
                Path = "/admin",
                Texts = typeof(Texts),
                Name = "Dashboard",
                Order = 10,
            }
        );
    }
}
