using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.ViewComponents;

namespace Portal.Host.Mvc;

/// <summary>Lets MVC see what modules keep to themselves: internal controllers and view components, views beside them.</summary>
internal static class FeatureFolders
{
    public static IMvcBuilder AddFeatureFolders(this IMvcBuilder mvc, IEnumerable<Assembly> modules)
    {
        mvc.ConfigureApplicationPartManager(parts =>
        {
            foreach (var feature in parts.FeatureProviders.OfType<ControllerFeatureProvider>().ToList())
            {
                parts.FeatureProviders.Remove(feature);
            }

            foreach (var feature in parts.FeatureProviders.OfType<ViewComponentFeatureProvider>().ToList())
            {
                parts.FeatureProviders.Remove(feature);
            }

            parts.FeatureProviders.Add(new InternalControllers());
            parts.FeatureProviders.Add(new InternalViewComponents());
            foreach (var module in modules)
            {
                foreach (
                    var part in ApplicationPartFactory
                        .GetApplicationPartFactory(module)
                        .GetApplicationParts(module)
                        .Concat(new CompiledRazorAssemblyApplicationPartFactory().GetApplicationParts(module))
                )
                {
                    if (!parts.ApplicationParts.Any(p => p.Name == part.Name && p.GetType() == part.GetType()))
                    {
                        parts.ApplicationParts.Add(part);
                    }
                }
            }
        });
        mvc.Services.Configure<RazorViewEngineOptions>(razor =>
        {
            razor.ViewLocationFormats.Clear();
            razor.ViewLocationFormats.Add("/{1}/{0}.cshtml");
            razor.ViewLocationFormats.Add("/Shared/{0}.cshtml");
        });
        return mvc;
    }

    private sealed class InternalControllers : ControllerFeatureProvider
    {
        protected override bool IsController(TypeInfo typeInfo) =>
            typeInfo is { IsClass: true, IsAbstract: false }
            && typeInfo.IsAssignableTo(typeof(ControllerBase))
            && !typeInfo.IsDefined(typeof(NonControllerAttribute));
    }

    private sealed class InternalViewComponents : IApplicationFeatureProvider<ViewComponentFeature>
    {
        public void PopulateFeature(IEnumerable<ApplicationPart> parts, ViewComponentFeature feature)
        {
            foreach (var type in parts.OfType<IApplicationPartTypeProvider>().SelectMany(p => p.Types))
            {
                if (type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ViewComponent)))
                {
                    feature.ViewComponents.Add(type);
                }
            }
        }
    }
}
