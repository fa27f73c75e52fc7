using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access.Contract;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.ManageErasures;
using Portal.Customers.MyData;
using Portal.Customers.RecordCustomer;
using Portal.Customers.SignIn;
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
        AddMyData(builder);

        var services = new ServiceCollection();
        services
            .AddOptionsWithValidateOnStart<SignInOptions>()
            .Bind(configuration.GetSection("SignIn"))
            .Validate(o => o.LinkMinutes is > 0 and <= 1440, "The setting SignIn:LinkMinutes must lie between 1 and 1440.");
        builder.Populate(services);
    }

    private static void AddMyData(ContainerBuilder builder)
    {
        builder.AddPersonalData<CustomersPersonalData>();
        builder.RegisterType<ErasedAccounts>().As<IKnowErased>().InstancePerLifetimeScope();
        builder.RegisterType<PersonalData>().InstancePerLifetimeScope();
        builder.RegisterType<ExportFolder>().SingleInstance();
        builder.RegisterType<ExportArchive>().InstancePerLifetimeScope();
        builder.AddWorker<DataExport, WorkDataExport>();
        builder.AddRecurring<ForgetOldExports>();
        builder.AddWorker<ErasureRun, WorkErasure>();
        builder.AddRecurring<FinishErasures>();
        builder.AddPart(PageSlots.Dashboard, 40, "WaitingErasures");
        builder.AddSection(
            new PortalSection
            {
                Audience = Audience.Buyer,
                Path = "/profile/data",
                Parent = "/profile",
                Texts = typeof(Texts),
                Name = "MyData",
                Order = 30,
            }
        );
        builder.AddSection(
            new PortalSection
            {
                Audience = Audience.Merchant,
                Path = "/admin/erasures",
                Texts = typeof(Texts),
                Name = "Erasures",
                Order = 60,
            }
        );
    }
}
