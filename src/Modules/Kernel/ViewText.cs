using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Routing;

namespace Portal.Kernel;

/// <summary>Renders a Razor view to text outside a request: mails and documents.</summary>
public sealed class ViewText(IRazorViewEngine views, ITempDataProvider tempData, IServiceProvider services)
{
    /// <summary>Renders in the current culture.</summary>
    /// <param name="path">For example <c>/RenderPdf/Document.cshtml</c>.</param>
    /// <param name="model">The view's model.</param>
    /// <exception cref="InvalidOperationException">There is no such view.</exception>
    public async Task<string> RenderAsync<TModel>(string path, TModel model)
    {
        // Not a main page: no layout around it.
        var view = views.GetView(null, path, isMainPage: false).View ?? throw new InvalidOperationException($"There is no view {path}.");
        var context = new ActionContext(new DefaultHttpContext { RequestServices = services }, new RouteData(), new ActionDescriptor());
        await using var text = new StringWriter();
        await view.RenderAsync(
            new ViewContext(
                context,
                view,
                new ViewDataDictionary<TModel>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = model },
                new TempDataDictionary(context.HttpContext, tempData),
                text,
                new HtmlHelperOptions()
            )
        );
        return text.ToString();
    }
}
