using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Portal.Customers.Contract;
using Portal.Kernel;

namespace Portal.Host.Mvc;

/// <summary>
/// Which language a request gets: asked for, chosen, the browser's, English. A buyer chooses on her profile, for every device, or in the
/// menu, for this one; the newer choice counts.
/// </summary>
internal static class Languages
{
    private const string QueryKey = "locale";

    public static SpokenLanguages Spoken { get; } = new([CultureInfo.GetCultureInfo("en"), CultureInfo.GetCultureInfo("de")]);

    public static IReadOnlyList<CultureInfo> All => Spoken.All;

    public static IApplicationBuilder UseLanguages(this IApplicationBuilder app)
    {
        var options = new RequestLocalizationOptions
        {
            DefaultRequestCulture = new RequestCulture(All[0]),
            SupportedCultures = [.. All],
            SupportedUICultures = [.. All],
            ApplyCurrentCultureToResponseHeaders = true,
            RequestCultureProviders =
            [
                new QueryStringRequestCultureProvider { QueryStringKey = QueryKey, UIQueryStringKey = QueryKey },
                new RememberedLanguage(),
                new AcceptLanguageHeaderRequestCultureProvider(),
            ],
        };
        return app.UseRequestLocalization(options)
            .Use(
                (context, next) =>
                {
                    if (
                        context.Request.Query.ContainsKey(QueryKey)
                        && context.Features.Get<IRequestCultureFeature>() is { Provider: QueryStringRequestCultureProvider } asked
                    )
                    {
                        RememberedLanguage.Keep(context, asked.RequestCulture.UICulture, Now(context));
                    }

                    return next(context);
                }
            );
    }

    /// <summary>Once it is known who asks.</summary>
    public static IApplicationBuilder UseProfilesLanguage(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                if (context.Request.Query.ContainsKey(QueryKey) || await ChosenAsync(context) is not var (culture, chosenAt))
                {
                    await next(context);
                    return;
                }

                // So that the pages that ask nobody to sign in follow on this device.
                RememberedLanguage.Keep(context, culture, chosenAt);
                using var inHers = new InCulture(culture.Name);
                context.Response.Headers.ContentLanguage = culture.Name;
                await next(context);
            }
        );

    /// <summary>What a signed-in buyer's profile says, unless she has chosen otherwise on this device since.</summary>
    private static async Task<(CultureInfo Culture, DateTimeOffset At)?> ChosenAsync(HttpContext context)
    {
        var services = context.RequestServices;
        return
            services.GetRequiredService<Buyer>().Id is { } buyer
            && await services.GetRequiredService<ICustomers>().FindAsync(buyer, context.RequestAborted) is { LanguageChosenAt: { } at } customer
            && Spoken.Find(customer.Language) is { } culture
            && RememberedLanguage.Read(context) is var remembered
            && !(remembered?.At > at)
            ? (culture, at)
            : null;
    }

    private static DateTimeOffset Now(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
}

/// <summary>The language chosen on this device, and when: <c>de.1794200000000</c>.</summary>
internal sealed class RememberedLanguage : RequestCultureProvider
{
    private const string Cookie = "portal-locale";

    public static (string Name, DateTimeOffset At)? Read(HttpContext context) =>
        context.Request.Cookies[Cookie]?.Split('.') is [var name, var time]
        && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? (name, DateTimeOffset.FromUnixTimeMilliseconds(at))
            : null;

    public static void Keep(HttpContext context, CultureInfo culture, DateTimeOffset at)
    {
        var value = string.Create(CultureInfo.InvariantCulture, $"{culture.Name}.{at.ToUnixTimeMilliseconds()}");
        if (context.Request.Cookies[Cookie] == value)
        {
            return;
        }

        context.Response.Cookies.Append(
            Cookie,
            value,
            new CookieOptions
            {
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                HttpOnly = true,
                Path = "/",
            }
        );
    }

    public override Task<ProviderCultureResult?> DetermineProviderCultureResult(HttpContext httpContext) =>
        Task.FromResult(Read(httpContext) is var (name, _) ? new ProviderCultureResult(name) : null);
}
