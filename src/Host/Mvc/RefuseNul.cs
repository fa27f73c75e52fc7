using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Portal.Kernel;

namespace Portal.Host.Mvc;

/// <summary>No form of ours sends a NUL; PostgreSQL refuses it late, SQLite keeps it for ever. A processor's form is left alone: its bytes are signed.</summary>
internal sealed class RefuseNul : IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var request = context.HttpContext.Request;
        var isForm =
            request.HasFormContentType && !context.ActionDescriptor.EndpointMetadata.OfType<IForAudience>().Any(a => a.Audience == Audience.Webhook);
        if (isForm && (await request.ReadFormAsync(context.HttpContext.RequestAborted)).Any(field => field.Value.Any(HasNul)))
        {
            context.Result = new BadRequestResult();
            return;
        }

        await next();
    }

    private static bool HasNul(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;
}
