using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace Portal.Host.Mvc;

/// <summary>The languages the portal speaks, and which one a request gets: asked for, remembered, the browser's, English.</summary>
internal static class Languages
{
    private const string Remembered = "portal-locale";
    private const string QueryKey = "locale";

    public static IReadOnlyList<CultureInfo> All { get; } = [CultureInfo.GetCultureInfo("en"), CultureInfo.GetCultureInfo("de")];

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
                new CookieRequestCultureProvider { CookieName = Remembered },
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
                        context.Response.Cookies.Append(
                            Remembered,
                            CookieRequestCultureProvider.MakeCookieValue(asked.RequestCulture),
                            new CookieOptions
                            {
                                MaxAge = TimeSpan.FromDays(365),
                                SameSite = SameSiteMode.Lax,
                                HttpOnly = true,
                                Path = "/",
                            }
                        );
                    }

                    return next(context);
                }
            );
    }
}
