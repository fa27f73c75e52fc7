using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access.Contract;
using Portal.Connections.Contract;
using Portal.Customers.CheckTaxIds;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.Profile;
using Portal.Customers.RecordCustomer;
using Portal.Customers.SignIn;
using Portal.Customers.TellProcessors;
using Portal.Kernel;
using Portal.Processors;

namespace Portal.Customers;

/// <summary>Who buys, how they get in, and which of a processor's customers they are.</summary>
public sealed class CustomersModule(IConfiguration configuration) : Module
{
    /// <inheritdoc />
    protected override void Load(ContainerBuilder builder)
    {
        builder.AddModel<CustomersModel>();
        builder.RegisterType<CustomerBook>().AsSelf().As<ICustomers>().InstancePerLifetimeScope();
        builder.RegisterType<RecordCustomer.RecordCustomer>().As<IApplyRecords<CustomerRecord>>().InstancePerLifetimeScope();
        builder.AddSubjects<BuyerSubjects>();
        builder.AddActivities(CustomersActivity.All);
        builder.AddWorker<SignInRequest, WorkSignInRequest>();
        builder.AddRecurring<ForgetSpentRows>();
        builder.RegisterType<SaveProfile>().InstancePerLifetimeScope();
        builder.RegisterType<TellProcessors.TellProcessors>().AsSelf().As<IHandle<CustomerEmailChanged>>().InstancePerLifetimeScope();
        builder.AddWorker<CustomerUpdate, WorkCustomerUpdate>();
        builder.AddPart(PageSlots.Dashboard, 35, "UntoldChanges");
        builder.RegisterType<ViesRegister>().As<ITaxIdRegister>().SingleInstance();
        builder.AddWorker<TaxIdInquiry, WorkTaxIdInquiry>();
        builder.AddSection(Profile(null, 50));
        builder.AddSection(Profile("/profile", 10));

        var services = new ServiceCollection();
        services
            .AddOptionsWithValidateOnStart<SignInOptions>()
            .Bind(configuration.GetSection("SignIn"))
            .Validate(o => o.LinkMinutes is > 0 and <= 1440, "The setting SignIn:LinkMinutes must lie between 1 and 1440.");
        services
            .AddOptionsWithValidateOnStart<TaxIdOptions>()
            .Bind(configuration.GetSection("TaxIds"))
            .Validate(o => o.IsUsable, "The setting TaxIds:ViesUrl must be empty or a web address.");
        builder.Populate(services);
    }

    /// <summary>In the navigation itself, and as the first of the pages below it.</summary>
    private static PortalSection Profile(string? parent, int order) =>
        new()
        {
            Audience = Audience.Buyer,
            Path = "/profile",
            Parent = parent,
            Texts = typeof(Texts),
            Name = "Profile",
            Order = order,
        };
}
