namespace Portal.Access.Contract;

/// <summary>
/// The form a person had sent when she had to sign in first, for the page she comes back to. Views know nothing of it: the tag helpers
/// beside it fill in their fields.
/// </summary>
public interface IKeptForm
{
    /// <summary>A form begins.</summary>
    /// <param name="action">Where it is sent; empty for the page it stands on.</param>
    /// <returns>Whether it is the one that was kept.</returns>
    Task<bool> OpenAsync(string? action);

    /// <summary>The form is complete.</summary>
    /// <returns>The sentence to show in it; null when nothing was filled in.</returns>
    string? Close();

    /// <summary>What was typed into a field: all values of that name, none when a box stayed empty.</summary>
    /// <returns>Null outside the kept form, and for fields that are never kept.</returns>
    IReadOnlyList<string>? ValuesOf(string? name);

    /// <summary>The next value of a name that may come several times in the form.</summary>
    string? NextOf(string? name);
}
