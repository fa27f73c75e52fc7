using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Portal.Connections.ReceiveWebhook;

/// <summary>Binds from the route alone: looking for fields in a form would use up the body, whose raw bytes are signed.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BodyUnreadAttribute : Attribute, IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        context.ValueProviderFactories.Clear();
        context.ValueProviderFactories.Add(new RouteValueProviderFactory());
    }

    public void OnResourceExecuted(ResourceExecutedContext context) { }
}
