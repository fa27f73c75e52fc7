using System.Globalization;

namespace Portal.Kernel;

/// <summary>Switches the culture for a while: a document or mail speaks its reader's language, not the viewer's.</summary>
public sealed class InCulture : IDisposable
{
    private readonly CultureInfo culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo uiCulture = CultureInfo.CurrentUICulture;

    /// <summary>Switches.</summary>
    /// <param name="name">A culture name of the runtime's; null or blank leaves things as they are.</param>
    /// <exception cref="CultureNotFoundException">There is no such culture.</exception>
    public InCulture(string? name)
    {
        if (!string.IsNullOrEmpty(name))
        {
            CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name, predefinedOnly: true);
        }
    }

    /// <summary>Switches back.</summary>
    public void Dispose() => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, uiCulture);
}
