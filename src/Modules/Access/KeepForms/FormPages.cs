using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Portal.Kernel;

namespace Portal.Access.KeepForms;

/// <summary>Finds the page a posted form stood on.</summary>
internal sealed class FormPages(EndpointDataSource endpoints)
{
    /// <summary>
    /// The page the browser says it comes from, else the form's own address when there is a page; null when neither is one of this
    /// audience. Without its query: that only told what had just happened.
    /// </summary>
    public string? Find(HttpRequest request, Audience audience)
    {
        var pages = endpoints
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e =>
                e.Metadata.GetMetadata<IForAudience>()?.Audience == audience
                && e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true
            )
            .Select(e => new TemplateMatcher(new RouteTemplate(e.RoutePattern), []))
            .ToList();
        foreach (var path in (PathString?[])[Referrer(request), request.Path])
        {
            if (path is { HasValue: true } asked && pages.Any(p => p.TryMatch(asked, [])))
            {
                return ReturnPath.Check(asked.ToUriComponent());
            }
        }

        return null;
    }

    private static PathString? Referrer(HttpRequest request) =>
        request.GetTypedHeaders().Referer is { IsAbsoluteUri: true } referrer
        && string.Equals(referrer.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase)
        && PathString.FromUriComponent(referrer).StartsWithSegments(request.PathBase, out var path)
            ? path
            : null;
}
