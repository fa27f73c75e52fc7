using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access.Contract;
using Portal.Admin.ChoosePassword;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Admin.KeepRecoveryCodes;
using Portal.Admin.ManagePeople;
using Portal.Admin.ProveSecondFactor;
using Portal.Admin.SecureAccount;
using Portal.Admin.SetUp;
using Portal.Admin.SetUpSecondFactor;
using Portal.Admin.SignInMerchant;
using Portal.Kernel;

namespace Portal.Admin;

/// <summary>The merchants: their way in, their accounts and first page; what they do there lives in the modules it is about.</summary>
public sealed class AdminModule : Module
{
    /// <inheritdoc />
    protected override void Load(ContainerBuilder builder)
    {
        builder.AddModel<AdminModel>();
        builder.RegisterType<SetUpCode>().SingleInstance();
        builder.RegisterType<MerchantBook>().AsSelf().As<IMerchants>().InstancePerLifetimeScope();
        builder.RegisterType<People>().InstancePerLifetimeScope();
        builder.RegisterType<MerchantLinks>().InstancePerLifetimeScope();
        builder.RegisterType<MerchantEntry>().InstancePerLifetimeScope();
        builder.RegisterType<SignInSteps>().InstancePerLifetimeScope();
        builder.RegisterType<TryGuard>().InstancePerLifetimeScope();
        builder.RegisterType<SecondFactors>().InstancePerLifetimeScope();
        builder.RegisterType<SecondFactorDue>().InstancePerLifetimeScope();
        builder.RegisterType<ShownCodes>().InstancePerLifetimeScope();
        builder.RegisterType<SecurityNews>().InstancePerLifetimeScope();
        builder.AddSubjects<MerchantSubjects>();
        builder.AddActivities(AdminActivity.All);
        builder.AddHandler<SessionStarted, RememberSignIn>();
        builder.AddWorker<PasswordResetRequest, WorkPasswordReset>();
        builder.AddRecurring<ForgetSpentMerchantRows>();
        builder.AddPart(PageSlots.Dashboard, 5, "SecondFactorNotice");
        builder.AddSection(Section("/admin", "Dashboard", 10));
        builder.AddSection(Section("/admin/people", "People", 90));

        var services = new ServiceCollection();
        services.Configure<MvcOptions>(mvc => mvc.Filters.Add<SecondFactorGate>());
        builder.Populate(services);
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
