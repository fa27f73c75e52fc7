using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Portal.Kernel;

namespace Portal.Host.Errors;

/// <summary>Every page that says what went wrong.</summary>
[Route("errors")]
[ForEverybody]
[IgnoreAntiforgeryToken]
internal sealed class ErrorsController : Controller
{
    [Route("{status:int}")]
    [ApiExplorerSettings(IgnoreApi = true)]
    public IActionResult Error() =>
        View(
            // The answer's own code, not the route's: where a form cannot be read nothing is bound at all.
            Response.StatusCode switch
            {
                // Only merchants are told so; anybody else's forbidden page is not there.
                StatusCodes.Status403Forbidden => "Forbidden",
                StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => "NotFound",
                StatusCodes.Status429TooManyRequests => "TooMany",
                StatusCodes.Status400BadRequest => "BadRequest",
                StatusCodes.Status503ServiceUnavailable => "Away",
                _ => "Error",
            },
            Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier
        );
}
