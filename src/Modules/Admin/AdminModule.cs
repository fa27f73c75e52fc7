using Autofac;
using Microsoft.AspNetCore.Identity;
using Portal.Admin.Contract;
using Portal.Admin.Data;
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
        builder.RegisterType<PasswordHasher<Merchant>>().As<IPasswordHasher<Merchant>>().SingleInstance();
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
