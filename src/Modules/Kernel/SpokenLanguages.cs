using System.Globalization;

namespace Portal.Kernel;

/// <summary>The languages the portal speaks.</summary>
/// <param name="All">The first is the one for whoever asks for none of them.</param>
public sealed record SpokenLanguages(IReadOnlyList<CultureInfo> All)
{
    /// <summary>By its name, <c>de</c>; null when the portal does not speak it.</summary>
    public CultureInfo? Find(string? name) => All.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
