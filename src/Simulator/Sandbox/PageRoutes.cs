using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox;

/// <summary>The pages the buyer's browser sees. No key: the address itself is the secret.</summary>
internal static class PageRoutes
{
    public const string Submit = "pages.submit";

    public static void Map(WebApplication app, Shop shop, PageDesk pages, FaultSwitches faults)
    {
        app.MapGet("/pages/{id}/{token}", (HttpContext http, string id, string token) => ShowAsync(http, shop, pages, id, token));
        app.MapPost(
            "/pages/{id}/{token}",
            async (HttpContext http, string id, string token) =>
            {
                if (!http.Request.HasFormContentType)
                {
                    http.Response.StatusCode = 415;
                    return;
                }
                if (shop.Books.Read(() => pages.Find(id, token) is { } open && !pages.IsOver(open)))
                {
                    var sent = await http.Request.ReadFormAsync(http.RequestAborted);
                    var form = new PageForm(Value(sent, "choice"), Value(sent, "card"), Value(sent, "email"), Value(sent, "name"));
                    try
                    {
                        pages.Submit(id, form, faults.Take(Submit).Fault == Fault.Decline);
                    }
                    catch (Refusal)
                    {
                        // What she agreed to is not possible any more: she is told so where she came from.
                        pages.Submit(id, form with { Choice = "fail" }, declined: true);
                    }
                }
                await ShowAsync(http, shop, pages, id, token);
            }
        );
    }

    private static async Task ShowAsync(HttpContext http, Shop shop, PageDesk pages, string id, string token)
    {
        var (page, product, over) = shop.Books.Read(() =>
        {
            var found = pages.Find(id, token);
            return (found, found?.Plan is { } plan ? shop.Products.Find(plan) : null, found is null || pages.IsOver(found));
        });
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        if (
            page is { State: HostedPageState.Succeeded or HostedPageState.Failed or HostedPageState.Abandoned }
            && HttpMethods.IsPost(http.Request.Method)
        )
        {
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = Back(page);
            return;
        }
        http.Response.StatusCode =
            page is null ? 404
            : over ? 410
            : 200;
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(over ? PageHtml.Over() : PageHtml.Of(page!, product), http.RequestAborted);
    }

    private static string Back(HostedPage page)
    {
        var result = page.State.ToString().ToLowerInvariant();
        return new UriBuilder(page.ReturnTo)
        {
            Query = string.Join('&', new[] { new Uri(page.ReturnTo).Query.TrimStart('?'), $"result={result}" }.Where(part => part.Length > 0)),
        }
            .Uri
            .AbsoluteUri;
    }

    private static string? Value(IFormCollection form, string name) =>
        form[name] is [{ Length: > 0 } only] && !string.IsNullOrWhiteSpace(only) ? only.Trim() : null;
}
