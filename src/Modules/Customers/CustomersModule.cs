using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Customers.RecordCustomer;
using Portal.Customers.Sessions;
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
        builder.RegisterType<SessionBook>().AsSelf().As<ISessions>().InstancePerLifetimeScope();
        builder.AddWorker<SignInRequest, WorkSignInRequest>();
        builder.AddRecurring<ForgetSpentRows>();

        var services = new ServiceCollection();
        services
            .AddOptionsWithValidateOnStart<SignInOptions>()
            .Bind(configuration.GetSection("SignIn"))
            .Validate(o => o.LinkMinutes is > 0 and <= 1440, "The setting SignIn:LinkMinutes must lie between 1 and 1440.")
            .Validate(o => o.SessionIdleMinutes is > 0 and <= 1440, "The setting SignIn:SessionIdleMinutes must lie between 1 and 1440.")
            .Validate(o => o.SessionCapHours is > 0 and <= 720, "The setting SignIn:SessionCapHours must lie between 1 and 720.");
        new AuthenticationBuilder(services)
            .AddScheme<SessionAuthenticationOptions, SessionAuthentication>(
                nameof(Audience.Buyer),
                o => (o.Audience, o.SignInPath) = (Audience.Buyer, "/sign-in")
            )
            .AddScheme<SessionAuthenticationOptions, SessionAuthentication>(
                nameof(Audience.Merchant),
                o => (o.Audience, o.SignInPath) = (Audience.Merchant, "/admin/sign-in")
            );
        builder.Populate(services);
    }
}
