using System.Net;
using System.Reflection;
using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Admin;
using Portal.Connections;
using Portal.Connections.Contract;
using Portal.Customers;
using Portal.Host.Database;
using Portal.Host.Demo;
using Portal.Host.Errors;
using Portal.Host.Health;
using Portal.Host.Mvc;
using Portal.Host.Plugins;
using Portal.Host.Schedules;
using Portal.Invoices;
using Portal.Kernel;
using Portal.Notifications;
using Portal.Orders;
using Portal.Store;
using Portal.Subscriptions;
using IPNetwork = System.Net.IPNetwork;

namespace Portal.Host;

/// <summary>Puts the portal together. Reads top to bottom: options, plugins, modules, pipeline.</summary>
internal static class PortalHost
{
    private const int LargestForm = 2 * 1024 * 1024;

    // Room for an overlong token: it gets the page of a dead link like any other wrong one.
    private const int LongestRequestLine = 12 * 1024;

    /// <summary>The portal, ready to be started.</summary>
    /// <param name="args">Settings as <c>--Section:Key=value</c>.</param>
    /// <param name="serving">False for the command line's other verbs: no background work, quiet logs.</param>
    /// <param name="adjust">For tests: another clock.</param>
    /// <exception cref="SettingException">A setting stops the start.</exception>
    public static WebApplication Build(string[] args, bool serving = true, Action<IServiceCollection>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var portal = Options<PortalOptions>(builder, "Portal");
        if (portal.Demo && builder.Configuration["Mail:Transport"] is null)
        {
            builder.Configuration["Mail:Transport"] = "Folder";
        }

        var database = Options<DatabaseOptions>(builder, "Database");
        var limits = Options<RateLimitOptions>(builder, "RateLimits");
        Check(builder.Environment, portal, limits);
        var data = Directory.CreateDirectory(Path.GetFullPath(portal.DataDirectory, AppContext.BaseDirectory)).FullName;
        KeepPrivate(data);

        var services = builder.Services;
        (portal.DataDirectory, portal.PublicUrl) = (data, portal.PublicUrl ?? FirstUrl(builder.Configuration));
        services.AddSingleton<TimeProvider>(portal.ClockOffset == TimeSpan.Zero ? TimeProvider.System : new ShiftedClock(portal.ClockOffset));
        services.AddPortalDb(database, data);
        services.AddDataProtection().SetApplicationName("Portal").PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(data, "keys")));
        services.AddHttpContextAccessor();
        services.AddLocalization();
        services.AddSingleton(Languages.Spoken);
        services
            .AddMvc(mvc =>
            {
                mvc.Filters.Add(new AutoValidateAntiforgeryTokenAttribute());

                // A form that brings an id of its own does not overrule the one in the path.
                mvc.ValueProviderFactories.Insert(0, new RouteValueProviderFactory());
            })
            .AddFeatureFolders(
                Directory.GetFiles(AppContext.BaseDirectory, "Portal.*.dll").Where(IsModule).Select(Load).Append(typeof(PortalHost).Assembly)
            );
        services.AddAntiforgery(o => o.Cookie = new AntiforgeryCookie());
        services.AddAuthentication();
        services.AddAuthorization(Audiences);
        services.AddExceptionHandler<Failures>();
        services.AddPortalHealth();
        services.Configure<ForwardedHeadersOptions>(o => Trust(o, portal));
        services.AddScoped<DemoData>();
        if (serving)
        {
            services.AddSchedules(database, data);
        }

        if (portal.Demo)
        {
            // The greeting says where the portal is; nothing else shall stand between its lines.
            builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        }
        else if (builder.Environment.IsProduction())
        {
            // One object a line, for whatever collects the logs.
            builder.Logging.ClearProviders().AddJsonConsole(o => o.UseUtcTimestamp = true);
        }

        builder.Logging.KeepAddressesOut();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestForm;
            kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });

        adjust?.Invoke(services);
        var plugins = PluginLoader.Load(Path.GetFullPath(builder.Configuration["Plugins:Path"] ?? "plugins", AppContext.BaseDirectory));
        builder.Host.UseServiceProviderFactory(new AutofacServiceProviderFactory());
        builder.Host.ConfigureContainer<ContainerBuilder>(container =>
        {
            container.RegisterInstance(plugins);
            container.RegisterModule(new KernelModule());
            container.RegisterModule(new AccessModule(builder.Configuration));
            container.RegisterModule(new ConnectionsModule());
            container.RegisterModule(new CustomersModule(builder.Configuration));
            container.RegisterModule(new StoreModule());
            container.RegisterModule(new OrdersModule());
            container.RegisterModule(new SubscriptionsModule());
            container.RegisterModule(new InvoicesModule(builder.Configuration));
            container.RegisterModule(new NotificationsModule(builder.Configuration));
            container.RegisterModule(new AdminModule());
            if (portal.Demo)
            {
                container.RegisterModule(new DemoModule(serving));
            }
        });

        var app = builder.Build();
        Pipe(app, portal);
        return app;
    }

    private static void Pipe(WebApplication app, PortalOptions portal)
    {
        app.UseSecurityHeaders();
        app.UseForwardedHeaders();
        if (portal.PathBase.Length > 0)
        {
            app.UsePathBase(portal.PathBase);
        }

        app.UseHostCheck();
        app.UseLanguages();
        app.UseWhen(context => !Failures.IsWebhook(context), pages => pages.UseStatusCodePagesWithReExecute("/errors/{0}"));
        app.UseExceptionHandler(_ => { });
        app.UseStaticFiles(
            new StaticFileOptions
            {
                OnPrepareResponse = file =>
                    file.Context.Response.Headers.CacheControl = file.Context.Request.Query.ContainsKey("v")
                        ? "public, max-age=31536000, immutable"
                        : "public, max-age=3600",
            }
        );
        app.UseRouting();
        app.UseTokenSecrecy();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseProfilesLanguage();
        app.UseRateLimits();
        app.MapControllers();
        app.MapPortalHealth();
    }

    private static void Audiences(AuthorizationOptions options)
    {
        foreach (var audience in (Audience[])[Audience.Buyer, Audience.Merchant])
        {
            options.AddPolicy(audience.ToString(), policy => policy.AddAuthenticationSchemes(audience.ToString()).RequireAuthenticatedUser());
        }

        // What says nothing is nobody's; what is not there at all is simply not found.
        options.FallbackPolicy = new AuthorizationPolicyBuilder(nameof(Audience.Merchant))
            .RequireAssertion(asked =>
                asked.User.Identity is { IsAuthenticated: true }
                || (asked.Resource is HttpContext context && context.GetEndpoint() is not RouteEndpoint)
            )
            .Build();
    }

    private static void Check(IHostEnvironment environment, PortalOptions portal, RateLimitOptions limits)
    {
        if (portal.PublicUrl is { } url && !(url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)))
        {
            throw new SettingException("Portal:PublicUrl", "must be a web address like https://shop.example.");
        }

        if (portal.PathBase.Length > 0 && (portal.PathBase[0] != '/' || portal.PathBase[^1] == '/'))
        {
            throw new SettingException("Portal:PathBase", "must begin with a slash and not end with one, like /customers.");
        }

        foreach (
            var (name, figure) in ((string, int)[])
                [(nameof(limits.SecretsPerMinute), limits.SecretsPerMinute), (nameof(limits.FormsPerMinute), limits.FormsPerMinute)]
        )
        {
            if (figure < 1)
            {
                throw new SettingException("RateLimits:" + name, "must be at least 1.");
            }
        }

        // A demo is for a look around on one's own machine; everything else that is not Development counts as Production.
        if (!environment.IsProduction() || portal.Demo)
        {
            return;
        }

        if (portal.PublicUrl is null)
        {
            throw new SettingException("Portal:PublicUrl", "is needed in Production: every link in a mail begins with it.");
        }

        if (portal.ClockOffset != TimeSpan.Zero)
        {
            throw new SettingException("Portal:ClockOffset", "is refused in Production.");
        }

        if (!limits.Enabled)
        {
            throw new SettingException("RateLimits:Enabled", "cannot be turned off in Production.");
        }
    }

    private static T Options<T>(WebApplicationBuilder builder, string section)
        where T : class, new()
    {
        var options = new T();
        try
        {
            builder.Configuration.GetSection(section).Bind(options, o => o.ErrorOnUnknownConfiguration = false);
        }
        catch (InvalidOperationException wrong)
        {
            throw new SettingException(section, "cannot be read: " + wrong.Message);
        }

        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options));
        return options;
    }

    private static void Trust(ForwardedHeadersOptions options, PortalOptions portal)
    {
        // With nobody on its lists the middleware would believe everybody.
        options.ForwardedHeaders =
            portal.TrustedProxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in portal.TrustedProxies)
        {
            if (IPNetwork.TryParse(proxy, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                throw new SettingException("Portal:TrustedProxies", $"names {proxy}, which is no address and no network.");
            }
        }
    }

    /// <summary>Outside Production the address it listens on will do as the public one.</summary>
    private static Uri FirstUrl(ConfigurationManager configuration)
    {
        var urls = configuration["urls"] ?? "http://localhost:5000";
        var first = urls.Split(';')[0]
            .Replace("//+", "//localhost", StringComparison.Ordinal)
            .Replace("//*", "//localhost", StringComparison.Ordinal);
        return new Uri(
            first.Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal).Replace("//[::]", "//localhost", StringComparison.Ordinal)
        );
    }

    /// <summary>Database, files and keys are this user's alone.</summary>
    private static void KeepPrivate(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static bool IsModule(string path) => Path.GetFileNameWithoutExtension(path) is not "Portal.Processors" and not "Portal.Kernel";

    private static Assembly Load(string path) => Assembly.Load(new AssemblyName(Path.GetFileNameWithoutExtension(path)));

    private sealed class ShiftedClock(TimeSpan offset) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
    }
}
