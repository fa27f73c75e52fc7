using Microsoft.AspNetCore.Mvc;
using Portal.Connections.Contract;
using Portal.Kernel;

namespace Portal.Connections.ShowMatrix;

/// <summary>What each installed processor can do, for everybody to read.</summary>
[Route("capabilities")]
[ForEverybody]
internal sealed class ShowMatrixController(ICapabilityMatrix matrix) : Controller
{
    [HttpGet]
    public IActionResult ShowMatrix() => View(matrix.Rows());
}
