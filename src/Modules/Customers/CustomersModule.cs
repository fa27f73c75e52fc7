using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access.Contract;
using Portal.Connections.Contract;
using Portal.Customers.CheckTaxIds;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.ManageEmails;
using Portal.Customers.ManageErasures;
using Portal.Customers.MergeCustomers;
using Portal.Customers.MyData;
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
        builder.RegisterType<FollowMerged>().As<IFollowOwners>().SingleInstance();
        builder.RegisterType<EmailBook>().InstancePerLifetimeScope();
        builder.RegisterType<MailedLinks>().InstancePerLifetimeScope();
        builder.RegisterType<ListCustomers.CustomerSearch>().InstancePerLifetimeScope();
        builder.RegisterType<CustomerMerges>().InstancePerLifetimeScope();
        builder.RegisterType<RecordCustomer.RecordCustomer>().As<IApplyRecords<CustomerRecord>>().InstancePerLifetimeScope();
        builder.AddSubjects<BuyerSubjects>();
        builder.RegisterType<SignInCodes>().SingleInstance();
        builder.RegisterType<AskedAddress>().SingleInstance();
        builder.RegisterType<WayIn>().InstancePerLifetimeScope();
        builder.AddHandler<SignedInWithPasskey, RememberPasskeySignIn>();
        builder.AddActivities(CustomersActivity.All);
        builder.AddHandler<AllSessionsEnded, SpendMailedLinks>();
        builder.RegisterType<SignInMailCeiling>().InstancePerLifetimeScope();
        builder.AddWorker<SignInRequest, WorkSignInRequest>();
        builder.AddWorker<AddressChange, ReplaceMailbox.ReplaceMailbox>();
        builder.RegisterType<ReplaceMailbox.ReplaceMailbox>().InstancePerLifetimeScope();
        builder.AddRecurring<ForgetSpentRows>();
        builder.AddPart(PageSlots.Profile, 20, "MyEmails");
        builder.AddPart(PageSlots.Security, 20, "MyPassword");
        builder.AddPart(PageSlots.SignIn, 90, "PasswordSignIn");
        builder.AddSection(
            new PortalSection
            {
                Audience = Audience.Buyer,
                Path = "/profile/emails",
                Parent = "/profile",
                Texts = typeof(Texts),
                Name = "Emails",
                Order = 15,
            }
        );
        builder.AddSection(
            new PortalSection
            {
                Audience = Audience.Merchant,
                Path = "/admin/customers",
                Texts = typeof(Texts),
                Name = "Customers",
                Order = 15,
            }
        );
        builder.RegisterType<SaveProfile>().InstancePerLifetimeScope();
        builder.RegisterType<TellProcessors.TellProcessors>().AsSelf().As<IHandle<CustomerEmailChanged>>().InstancePerLifetimeScope();
        builder.AddWorker<CustomerUpdate, WorkCustomerUpdate>();
        builder.AddPart(PageSlots.Dashboard, 35, "UntoldChanges");
        builder.RegisterType<ViesRegister>().As<ITaxIdRegister>().SingleInstance();
        builder.AddWorker<TaxIdInquiry, WorkTaxIdInquiry>();
        builder.AddSection(Profile(null, 50));
        builder.AddSection(Profile("/profile", 10));
        AddMyData(builder);

        var services = new ServiceCollection();
        services
            .AddOptionsWithValidateOnStart<SignInOptions>()
            .Bind(configuration.GetSection("SignIn"))
            .Validate(o => o.LinkMinutes is > 0 and <= 1440, "The setting SignIn:LinkMinutes must lie between 1 and 1440.");
        services
            .AddOptionsWithValidateOnStart<MailCeilingOptions>()
            .Bind(configuration.GetSection("RateLimits"))
            .Validate(o => o.SignInMailsPerHour > 0, "The setting RateLimits:SignInMailsPerHour must be at least 1.");
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
