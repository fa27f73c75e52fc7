namespace Portal.TestSupport;

/// <summary>Says that a test, or every test of a fixture, shows how the portal withstands a case; the table in docs/security.md is made of these.</summary>
/// <param name="id">The case, for example <c>W5</c>.</param>
/// <param name="shows">What the test shows, in one clause.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = false)]
public sealed class SecurityCaseAttribute(string id, string shows) : Attribute
{
    /// <summary>The case.</summary>
    public string Id => id;

    /// <summary>What the test shows.</summary>
    public string Shows => shows;
}
