using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Access.Contract;
using Portal.Access.CountFailedSecrets;
using Portal.Access.Data;
using Portal.Access.KeepActivity;
using Portal.Access.KeepForms;
using Portal.Access.Passkeys;
using Portal.Access.Sessions;
using Portal.Access.ShowAlerts;
using Portal.Kernel;

namespace Portal.Access;

/// <summary>Who is in: sessions, what proves somebody besides a mail, and the logs of what was done. Accounts themselves belong to other modules.</summary>
public sealed class AccessModule(IConfiguration configuration) : Module
{
    /// <inheritdoc />
    protected override void Load(ContainerBuilder builder)
    {
        builder.AddModel<AccessModel>();
        builder.RegisterType<SessionBook>().AsSelf().As<ISessions>().InstancePerLifetimeScope();
        builder.RegisterType<ActivityLog>().As<IActivityLog>().InstancePerLifetimeScope();
        builder.RegisterType<ActivityKinds>().SingleInstance();
        builder.RegisterType<Passwords>().SingleInstance();
        builder.RegisterType<FailedSecrets>().As<IFailedSecrets>().SingleInstance();
        builder.RegisterType<AlertBook>().AsSelf().As<IAlerts>().InstancePerLifetimeScope();
        builder.RegisterType<KeptForms>().AsSelf().As<IKeptForm>().InstancePerLifetimeScope();
        builder.RegisterType<FormPages>().SingleInstance();
        builder.AddRecurring<ForgetSpentSessions>();
        builder.AddPart(PageSlots.Dashboard, 5, "Alerts");
        builder.RegisterType<PasskeyBook>().AsSelf().As<IPasskeys>().InstancePerLifetimeScope();
        builder.RegisterType<PasskeyChallenges>().InstancePerLifetimeScope();
        builder.RegisterType<AddPasskey>().InstancePerLifetimeScope();
        builder.RegisterType<SignInWithPasskey>().InstancePerLifetimeScope();
        builder.RegisterType<RelyingParty>().AsSelf().As<IConfigureOptions<IdentityPasskeyOptions>>().SingleInstance();
        builder.AddRecurring<ForgetStaleChallenges>();
        builder.AddPart(PageSlots.Security, 10, "PasskeyList");
        builder.AddPart(PageSlots.AdminSecurity, 20, "PasskeyList");
        builder.AddPart(PageSlots.SignIn, 10, "BuyerPasskeySignIn");
        builder.AddPart(PageSlots.AdminSignIn, 10, "MerchantPasskeySignIn");
        builder.AddPart(PageSlots.OverviewCard, 90, "OfferPasskey");
        builder.AddActivities(AccessActivity.All);
        builder.AddPart(PageSlots.AdminCustomer, 90, "CustomerActivity");
        builder.AddPersonalData<AccessPersonalData>();
        builder.AddSection(
            new PortalSection
            {
                Audience = Audience.Buyer,
                Path = "/profile/security",
                Parent = "/profile",
                Texts = typeof(Texts),
                Name = "Security",
                Order = 20,
            }
        );
        builder.AddSection(
            new PortalSection
            {
                Audience = Audience.Merchant,
                Path = "/admin/audit",
                Texts = typeof(Texts),
                Name = "Audit",
                Order = 95,
            }
        );

        var services = new ServiceCollection();
        services
            .AddOptionsWithValidateOnStart<SessionOptions>()
            .Bind(configuration.GetSection("SignIn"))
            .Validate(o => o.SessionIdleMinutes is > 0 and <= 1440, "The setting SignIn:SessionIdleMinutes must lie between 1 and 1440.")
            .Validate(o => o.SessionCapHours is > 0 and <= 720, "The setting SignIn:SessionCapHours must lie between 1 and 720.");
        services
            .AddOptionsWithValidateOnStart<CeilingOptions>()
            .Bind(configuration.GetSection("RateLimits"))
            .Validate(o => o.FailedSecretsPerMinute > 0, "The setting RateLimits:FailedSecretsPerMinute must be at least 1.");
        services.Configure<MvcOptions>(mvc => mvc.Filters.Add<SpendKeptForm>());
        new AuthenticationBuilder(services)
            .AddScheme<SessionAuthenticationOptions, SessionAuthentication>(
                nameof(Audience.Buyer),
                o => (o.Audience, o.SignInPath) = (Audience.Buyer, "/sign-in")
            )
            .AddScheme<SessionAuthenticationOptions, SessionAuthentication>(
                nameof(Audience.Merchant),
                o => (o.Audience, o.SignInPath) = (Audience.Merchant, "/admin/sign-in")
            );
        services.Configure<AuthorizationOptions>(options =>
        {
            options.AddPolicy(FreshSignInAttribute.Policy, policy => policy.RequireClaim(SessionAuthentication.Fresh));
            options.AddPolicy(
                nameof(MerchantRole.Owner),
                policy => policy.AddAuthenticationSchemes(nameof(Audience.Merchant)).RequireRole(nameof(MerchantRole.Owner))
            );
        });
        services.AddIdentityCore<PasskeyHolder>().AddUserStore<PasskeyStore>();
        services.AddScoped<IPasskeyHandler<PasskeyHolder>, PasskeyHandler<PasskeyHolder>>();
        builder.Populate(services);
    }
}
