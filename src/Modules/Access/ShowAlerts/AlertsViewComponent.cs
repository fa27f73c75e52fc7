using Microsoft.AspNetCore.Mvc;

namespace Portal.Access.ShowAlerts;

/// <summary>On the dashboard: what was raised within a day.</summary>
internal sealed class AlertsViewComponent(AlertBook alerts) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        var current = await alerts.CurrentAsync(HttpContext.RequestAborted);
        return current.Count == 0 ? Content("") : View("/ShowAlerts/Alerts.cshtml", current);
    }
}
