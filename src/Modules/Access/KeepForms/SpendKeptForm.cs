using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Portal.Access.KeepForms;

/// <summary>On every form that arrives and is let in: a kept one is used up by it.</summary>
internal sealed class SpendKeptForm(KeptForms forms) : IAsyncActionFilter
{
    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        if (HttpMethods.IsPost(context.HttpContext.Request.Method))
        {
            await forms.SpendAsync(context.HttpContext.RequestAborted);
        }

        await next();
    }
}
